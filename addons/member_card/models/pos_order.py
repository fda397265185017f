from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column

from .. import ledger
from ..claims import CLAIMED, Claims
from ..refusals import attempts_logged
from . import pos_payment
from .pos_payment_method import MEMBER_WALLET

SERVER_FIELDS = (
    "is_member_topup",
    "member_available_after",
    "member_bonus_after",
    "member_card_masked",
    "member_class_name",
    "member_id",
    "member_number",
    "member_paid",
    "member_savings",
    "member_topup_amount",
)
"""Set by the server alone; what a till sends in them is dropped."""

PAID_STATES = ("paid", "done")


class PosOrder(models.Model):
    """An order that a wallet pays, or that tops one up.

    Paying it claims the holds of its wallet payments and inserts the credits of its
    top-ups, in the order's own transaction: value moves if and only if the order is
    there. What happened is kept on the order, for the receipt.
    """

    _inherit = "pos.order"

    is_member_topup = fields.Boolean(
        "Top-up", compute="_compute_is_member_topup", store=True
    )
    member_id = fields.Many2one(
        "res.partner",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The member as the receipt names them: who bought, topped up or paid.",
    )
    member_number = fields.Char(readonly=True, copy=False)
    member_class_name = fields.Char("Member Class", readonly=True, copy=False)
    member_card_masked = fields.Char("Card", readonly=True, copy=False)
    member_paid = fields.Monetary(
        "Paid from Wallet",
        readonly=True,
        copy=False,
        help="By the member whom the receipt names; others may have paid a part.",
    )
    member_available_after = fields.Monetary("Balance After", readonly=True, copy=False)
    member_bonus_after = fields.Monetary(
        "of Which Bonus After", readonly=True, copy=False
    )
    member_topup_amount = fields.Monetary("Topped Up", readonly=True, copy=False)
    member_exception_ids = fields.One2many(
        "member.exception",
        "order_id",
        "Wallet Exceptions",
        groups="member_card.group_member_read_ledger,member_card.group_member_adjust",
    )

    def _auto_init(self):
        # no order is a top-up yet: no need to look at a million of them at install
        if not column_exists(self.env.cr, "pos_order", "is_member_topup"):
            create_column(self.env.cr, "pos_order", "is_member_topup", "boolean")
        return super()._auto_init()

    @api.depends("lines.product_id", "company_id")
    def _compute_is_member_topup(self):
        for order in self:
            order.is_member_topup = bool(order.lines) and all(
                line._is_member_topup() for line in order.lines
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if not self.env.su:
                self._drop_server_fields(vals)
            if vals.get("state") in PAID_STATES and self._needs_claim(vals):
                # paying claims: `action_pos_order_paid` writes the state afterwards
                vals["state"] = "draft"
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = dict(vals)
            self._drop_server_fields(vals)
        if (
            vals.get("state") in PAID_STATES
            and self.env.context.get("member_claimed") is not CLAIMED
        ):
            self.filtered(lambda order: order.state == "draft")._check_member_claimed()
        return super().write(vals)

    @api.model
    def _process_order(self, order, existing_order):
        # self-order calls this as superuser: what the browser sent is dropped here too
        self._drop_server_fields(order)
        for name in ("payment_ids", "lines"):
            for command in order.get(name) or ():
                if len(command) > 2 and isinstance(command[2], dict):
                    for field in pos_payment.SERVER_FIELDS:
                        command[2].pop(field, None)
        return super()._process_order(order, existing_order)

    @api.model
    def _drop_server_fields(self, vals):
        for name in SERVER_FIELDS:
            vals.pop(name, None)

    @api.model
    def _needs_claim(self, vals):
        """Whether an order with these values would be paid by, or top up, a wallet."""

        def ids(commands, field):
            return [
                command[2].get(field)
                for command in commands or ()
                if len(command) > 2 and isinstance(command[2], dict)
            ]

        methods = self.env["pos.payment.method"].browse(
            set(ids(vals.get("payment_ids"), "payment_method_id")) - {None, False}
        )
        if any(method.type == MEMBER_WALLET for method in methods):
            return True
        company = self.env["pos.session"].browse(vals.get("session_id")).company_id
        topup = (company or self.env.company)._member_root().member_topup_product_id
        return bool(topup) and topup.id in ids(vals.get("lines"), "product_id")

    @attempts_logged
    def _check_member_claimed(self):
        """Refuse a paid state that no claim stands behind, whoever writes it."""
        for order in self:
            missing = set(
                order.payment_ids._member_wallet().filtered("amount").mapped("uuid")
            )
            if order.is_member_topup:
                missing |= set(order.lines.mapped("uuid"))
            if not missing:
                continue
            # sudo: cashiers can read neither postings nor exceptions
            order_sudo = order.sudo()
            missing -= set(order_sudo._member_postings().mapped("request_key"))
            if missing:
                missing -= set(
                    order_sudo.member_exception_ids.payment_id.mapped("uuid")
                )
            if missing:
                raise UserError(
                    self.env._(
                        "This order is paid from a wallet or tops one up. Pay it at "
                        "the till."
                    )
                )

    def _member_postings(self):
        """Return what these orders want posted, or have posted."""
        return self.env["member.posting"].search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            ["request_key"],
        )

    # === PAYING === #

    def action_pos_order_paid(self):
        wallet = self.payment_ids._member_wallet()
        topups = self.lines.filtered(lambda line: line._is_member_topup())
        claims = Claims()
        self._check_member_refund()
        if wallet or topups:
            self._member_claim(wallet, topups, claims)
        order = self.with_context(member_claimed=CLAIMED)
        result = super(PosOrder, order).action_pos_order_paid()
        self._member_paid(wallet, claims)
        self._member_snapshot(wallet, claims)
        return result

    def _member_paid(self, wallet, claims):
        """Post what else a paid order moves, before its receipt is fixed; for add-ons.

        :param wallet: the payments by wallet, each with its member.
        :param claims: `Claims`, added to.
        """

    @attempts_logged
    def _member_claim(self, wallet, topups, claims):
        """Claim what these payments take and these lines credit, or refuse it all."""
        self._check_member_setup()
        if topups:
            self._check_member_topup(topups)
        else:
            self._check_member_payments(wallet)
            self._check_member_total()
        for payment in wallet:
            self._member_claim_payment(payment, claims)
        for line in topups:
            self._member_claim_topup(line, claims)

    def _member_attempt(self):
        """Name for the operator log what was tried with these orders."""
        order = self[:1]
        return {
            "till": order.config_id,
            "reference": order.pos_reference or order.uuid,
            "partner": order.partner_id,
        }

    def _member_context(self, **more):
        """Who, where and for what, as the ledger records it."""
        self.ensure_one()
        return ledger.Context(
            store_id=self.config_id.member_store_id.id,
            salesperson_id=self.employee_id.id,
            pos_config_id=self.config_id.id,
            res_model=self._name,
            res_id=self.id,
            reference=self.pos_reference,
            **more,
        )

    # === RULES === #

    def _check_member_setup(self):
        root = self.company_id._member_root()
        if not root.member_deposit_account_id or not root._member_asset("principal"):
            raise UserError(
                self.env._(
                    "Wallets are not set up for %(company)s. Install its chart of "
                    "accounts, then update the Member Card app.",
                    company=root.name,
                )
            )
        if self.currency_id != root.currency_id:
            raise UserError(
                self.env._(
                    "Wallets are in %(wallet)s, this till is in %(till)s. Pay "
                    "otherwise.",
                    wallet=root.currency_id.name,
                    till=self.currency_id.name,
                )
            )

    # === RECEIPT === #

    def _member_snapshot(self, wallet, claims):
        """Keep for the receipt who the member is and what is left on the card."""
        self.ensure_one()
        # sudo: the till shows of a member what the receipt says
        payers = wallet.sorted("id").member_id
        member = (self.partner_id & payers or payers[:1] or self.partner_id).sudo()
        if not member.is_member:
            return
        root = self.company_id._member_root()
        if member.member_company_id != root or self.currency_id != root.currency_id:
            return
        assets = self._member_snapshot_assets(root)
        figures = ledger.figures(self.env, member.id, assets.ids)
        # sudo: server fields
        self.sudo().write(self._member_snapshot_vals(member, figures, wallet, claims))

    @api.model
    def _member_snapshot_assets(self, root):
        """Return the assets whose figures the receipt tells."""
        return root._member_pockets()

    def _member_snapshot_vals(self, member, figures, wallet, claims):
        """Return what the receipt tells of `member` (in sudo mode).

        :param figures: `ledger.Figures` by asset id, before this order.
        """
        pockets = self.company_id._member_pockets()
        left = {
            asset.id: claims.available(member.id, asset.id, figures[asset.id])
            for asset in pockets
        }
        bonus = self.company_id._member_asset("bonus")
        cards = self.env["member.card"].sudo()
        if card_id := claims.cards.get(member.id):
            card = cards.browse(card_id)
        else:
            issued = [("partner_id", "=", member.id), ("state", "=", "issued")]
            card = cards.search_fetch(issued, ["number"], limit=1)
        return {
            "member_id": member.id,
            "member_number": member.member_number,
            "member_class_name": member.member_class_id.name,
            "member_card_masked": card.masked,
            "member_paid": sum(
                payment.amount
                for payment in wallet
                if payment.member_id.id == member.id
            ),
            "member_available_after": float(sum(left.values())),
            "member_bonus_after": float(left.get(bonus.id, 0)),
            "member_topup_amount": self.amount_total if self.is_member_topup else 0,
        }
