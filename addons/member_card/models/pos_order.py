from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import ledger
from ..errors import HoldExpired, HoldReleased, LedgerError, OverCap
from . import pos_payment
from .pos_payment_method import MEMBER_WALLET

SERVER_FIELDS = (
    "is_member_topup",
    "member_available_after",
    "member_card_masked",
    "member_class_name",
    "member_id",
    "member_number",
    "member_paid",
    "member_topup_amount",
)
"""Set by the server alone; what a till sends in them is dropped."""

PAID_STATES = ("paid", "done")
TOPUP_METHODS = ("bank", "cash", "online")
"""Types of payment methods that bring new money in."""
LATE_TRIES = 5
"""How often a late order may find that its second hold ran out, too."""


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
        string="Member",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The member as the receipt names them: who bought, topped up or paid.",
    )
    member_number = fields.Char(readonly=True, copy=False)
    member_class_name = fields.Char("Member Class", readonly=True, copy=False)
    member_card_masked = fields.Char("Member Card", readonly=True, copy=False)
    member_paid = fields.Monetary("Paid from Wallet", readonly=True, copy=False)
    member_available_after = fields.Monetary("Balance After", readonly=True, copy=False)
    member_topup_amount = fields.Monetary("Topped Up", readonly=True, copy=False)
    member_exception_ids = fields.One2many(
        "member.exception",
        "order_id",
        "Wallet Exceptions",
        groups="member_card.group_member_read_ledger,member_card.group_member_adjust",
    )

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
        if vals.get("state") in PAID_STATES:
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
                        "This order is paid from a wallet or tops one up. Pay it at the "
                        "till."
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
        if not wallet and not topups:
            result = super().action_pos_order_paid()
            self._member_snapshot({})
            return result
        self._check_member_setup()
        if topups:
            self._check_member_topup(topups)
        else:
            self._check_member_payments(wallet)
        changes = defaultdict(Decimal)
        for payment in wallet:
            if payment.currency_id.is_zero(payment.amount):
                continue
            if payment.amount > 0:
                self._member_claim_spending(payment, changes)
            else:
                self._member_claim_refund(payment, changes)
        for line in topups:
            self._member_claim_topup(line, changes)
        result = super().action_pos_order_paid()
        self._member_snapshot(changes)
        return result

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
                    "Wallets are in %(wallet)s, this till is in %(till)s. Pay otherwise.",
                    wallet=root.currency_id.name,
                    till=self.currency_id.name,
                )
            )

    def _check_member_payments(self, wallet):
        """Refuse change from a wallet, and wallet lines that go the other way."""
        root = self.company_id._member_root()
        for payment in wallet:
            if payment.payment_method_id.member_asset_id.company_id != root:
                raise UserError(
                    self.env._("This wallet belongs to another company. Pay otherwise.")
                )
        sign = 1 if self.amount_total >= 0 else -1
        paid = sum(wallet.mapped("amount"))
        if any(payment.amount * sign < 0 for payment in wallet) or (
            self.currency_id.compare_amounts(paid * sign, self.amount_total * sign) > 0
        ):
            raise UserError(
                self.env._(
                    "The wallet would pay %(paid)s on an order of %(total)s: there is no "
                    "change from a wallet. Remove the wallet line and pay again.",
                    paid=self.currency_id.format(paid),
                    total=self.currency_id.format(self.amount_total),
                )
            )

    def _check_member_topup(self, topups):
        """Refuse a top-up that is not new money for one member, and nothing else."""
        if topups != self.lines:
            raise UserError(
                self.env._("A top-up is an order of its own: sell the rest separately.")
            )
        member = self.partner_id
        root = self.company_id._member_root()
        # sudo: the company of a member is no secret to the till that serves them
        if not member.is_member or member.sudo().member_company_id != root:
            raise UserError(
                self.env._("Choose the member whose wallet is topped up, then pay.")
            )
        if self.to_invoice:
            raise UserError(
                self.env._(
                    "A top-up has no invoice: one is made when the money is spent. Switch "
                    "the invoice off and pay again."
                )
            )
        for payment in self.payment_ids:
            if payment.payment_method_id.type not in TOPUP_METHODS:
                raise UserError(
                    self.env._(
                        "A top-up is paid in cash, by bank card or online, not with "
                        "%(method)s.",
                        method=payment.payment_method_id.name,
                    )
                )
        currency, total = self.currency_id, 0
        for line in topups:
            amount = currency.round(line.price_unit * line.qty)
            if currency.compare_amounts(amount, 0) <= 0:
                raise UserError(
                    self.env._(
                        "A top-up is not refunded at the till: the money is paid out of "
                        "the member's wallet."
                    )
                )
            if (
                line.discount
                or line.tax_ids
                or line.refunded_orderline_id
                or currency.compare_amounts(amount, line.price_subtotal_incl)
            ):
                raise UserError(
                    self.env._(
                        "A top-up carries no tax, no discount and no other price."
                    )
                )
            total += amount
        if currency.compare_amounts(total, self.amount_total):
            raise UserError(
                self.env._(
                    "The lines of this top-up come to %(lines)s, its total is %(total)s. "
                    "Cancel it and top up again.",
                    lines=currency.format(total),
                    total=currency.format(self.amount_total),
                )
            )

    # === CLAIMS === #

    def _member_claim_spending(self, payment, changes):
        """Claim the hold that backs a wallet payment.

        A hold that ran out is placed again, since the goods are gone: an order may wait
        for the network. When even that fails, the member owes the amount.
        """
        hold = payment._member_hold()
        asset = payment.payment_method_id.member_asset_id
        if hold and (
            hold.asset_id != asset
            or self.currency_id.compare_amounts(hold.amount, payment.amount)
        ):
            raise UserError(
                self.env._(
                    "The member agreed to %(held)s, this line says %(asked)s. Remove it "
                    "and pay again with the PIN.",
                    held=self.currency_id.format(hold.amount),
                    asked=self.currency_id.format(payment.amount),
                )
            )
        payment._member_assign()
        context = self._member_context(card_id=hold.card_id.id or None)
        try:
            ledger.capture(
                self.env, payment.uuid, amount=payment.amount, context=context
            )
        except HoldExpired:
            self._member_claim_late(payment, hold, context, changes)

    def _member_claim_late(self, payment, hold, context, changes):
        """Hold again what ran out before the order arrived, or list an exception."""
        member, asset = hold.partner_id, hold.asset_id
        for attempt in range(1, LATE_TRIES + 1):
            key = f"{payment.uuid}:late{attempt}"
            try:
                ledger.hold(
                    self.env,
                    [(member.id, asset.id, payment.amount, key)],
                    key,
                    context=context,
                )
                ledger.capture(
                    self.env,
                    key,
                    amount=payment.amount,
                    request_key=payment.uuid,
                    context=context,
                )
            except HoldExpired:
                continue
            except LedgerError as error:
                reason = str(error)
            else:
                # held after this transaction's snapshot: the figures do not show it
                changes[asset.id] -= Decimal(str(payment.amount))
                return
            break
        else:
            reason = self.env._("The order arrived too late, several times.")
        self.env["member.exception"]._record(
            self, member, payment.amount, "unpaid", reason, payment_id=payment.id
        )

    def _member_claim_refund(self, payment, changes):
        """Give money back to the pocket and the lots that paid."""
        asset = payment.payment_method_id.member_asset_id
        postings = self.lines.refunded_orderline_id.order_id.payment_ids.filtered(
            lambda origin: origin.payment_method_id.member_asset_id == asset
        )._member_postings()
        left_by_member = defaultdict(Decimal)
        for posting in postings:
            left_by_member[posting.partner_id] += self._member_left(posting)
        asked = Decimal(str(self.currency_id.round(-payment.amount)))
        member = next(
            (
                member
                for member in sorted(
                    left_by_member, key=lambda member: member != self.partner_id
                )
                if left_by_member[member] >= asked
            ),
            None,
        )
        if not member:
            left = float(sum(left_by_member.values()))
            raise UserError(
                self.env._(
                    "%(left)s of what the wallet paid can be given back to "
                    "%(pocket)s, not %(asked)s. Enter each member's part as a line of its "
                    "own, and give the rest back in another way.",
                    left=self.currency_id.format(left),
                    pocket=payment.payment_method_id.name,
                    asked=self.currency_id.format(float(asked)),
                )
            )
        payment.sudo().member_id = member  # a server field
        context = self._member_context()
        key, number = payment.uuid, 1
        for posting in postings.filtered(lambda each: each.partner_id == member):
            part = min(self._member_left(posting), asked)
            if part <= 0:
                continue
            ledger.reverse(
                self.env, posting, amount=part, request_key=key, context=context
            )
            asked -= part
            changes[asset.id] += part
            number += 1
            key = f"{payment.uuid}/{number}"

    @api.model
    def _member_left(self, posting):
        """How much of a spending was not given back yet."""
        left = abs(posting.amount) - posting.reversed_amount
        return Decimal(str(posting.currency_id.round(left)))

    def _member_claim_topup(self, line, changes):
        """Credit a paid top-up; a broken rule is listed, never the money refused."""
        member = self.partner_id
        asset = self.company_id._member_asset("principal")
        amount = Decimal(str(self.currency_id.round(line.price_unit * line.qty)))
        context = self._member_context()
        # sudo: cashiers cannot read holds
        hold = (
            self.env["member.hold"]
            .sudo()
            .search([("key", "=", line.uuid), ("direction", "=", "in")], limit=1)
        )
        claimed = (
            hold.state in ("pending", "captured")
            and hold.partner_id == member
            and self.currency_id.compare_amounts(hold.amount, float(amount)) == 0
            and self._member_capture_topup(line.uuid, line, amount, context)
        )
        if not claimed:
            claimed = self._member_claim_room(line, member, asset, amount, context)
        if not claimed:
            ledger.post(
                self.env,
                [
                    ledger.Intent(
                        partner_id=member.id,
                        asset_id=asset.id,
                        amount=amount,
                        kind="topup",
                        request_key=line.uuid,
                        context=context,
                    )
                ],
            )
        changes[asset.id] += amount
        # sudo: the class of a member is no secret to the till that serves them
        if (
            not member.sudo().member_class_id.can_hold_money
            or member.sudo().member_state == "cancelled"
        ):
            self.env["member.exception"]._record(
                self,
                member,
                float(amount),
                "not_allowed",
                self.env._("Pay the money out, or change the member's class."),
                order_line_id=line.id,
            )

    def _member_claim_room(self, line, member, asset, amount, context):
        """Reserve the room now that nobody reserved before; list what passes the cap."""
        cap = self.company_id._member_cap(member)
        if cap is None:
            return False
        key = f"{line.uuid}:room"
        try:
            ledger.hold(
                self.env,
                [(member.id, asset.id, amount, key)],
                key,
                direction="in",
                cap=cap,
                context=context,
            )
        except OverCap as error:
            self.env["member.exception"]._record(
                self,
                member,
                float(amount),
                "over_cap",
                str(error),
                order_line_id=line.id,
            )
            return False
        except LedgerError:
            return False  # the money is in the drawer: it is credited without room
        return self._member_capture_topup(key, line, amount, context)

    def _member_capture_topup(self, key, line, amount, context):
        try:
            ledger.capture(
                self.env,
                key,
                amount=amount,
                kind="topup",
                request_key=line.uuid,
                context=context,
            )
        except (HoldExpired, HoldReleased):
            return False
        return True

    # === RECEIPT === #

    def _member_snapshot(self, changes):
        """Keep for the receipt who the member is and what is left on the card.

        :param changes: by asset id, what this order moves that the figures do not show
            yet.
        """
        self.ensure_one()
        wallet = self.payment_ids._member_wallet()
        member = (wallet.member_id[:1] or self.partner_id).sudo()
        if not member.is_member:
            return
        root = self.company_id._member_root()
        if member.member_company_id != root:
            return
        assets = root._member_asset("principal") | root._member_asset("bonus")
        figures = ledger.figures(self.env, member.id, assets.ids)
        left = sum(
            (found.available + changes.get(asset_id, 0))
            for asset_id, found in figures.items()
        )
        card = wallet[:1]._member_hold().card_id if wallet else None
        card = card or member.member_card_ids.filtered(
            lambda card: card.state == "issued"
        )
        # sudo: server fields
        self.sudo().write(
            {
                "member_id": member.id,
                "member_number": member.member_number,
                "member_class_name": member.member_class_id.name,
                "member_card_masked": card[:1].masked,
                "member_paid": sum(wallet.mapped("amount")),
                "member_available_after": float(left),
                "member_topup_amount": self.amount_total if self.is_member_topup else 0,
            }
        )

    # === INVOICE === #

    def _generate_pos_order_invoice(self):
        if any(order.is_member_topup for order in self):
            raise UserError(
                self.env._(
                    "A top-up has no invoice: one is made when the money is spent."
                )
            )
        return super()._generate_pos_order_invoice()
