from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..masking import masked_name
from ..refusals import attempts_logged
from .pos_payment_method import MEMBER_WALLET

SERVER_FIELDS = ("member_id", "member_move_line_id", "member_payer")
"""Set by the server alone; what a till sends in them is dropped."""

CLAIMED_FIELDS = {
    "amount",
    "member_refund_ref",
    "payment_method_id",
    "pos_order_id",
    "uuid",
}
"""What a payment of a wallet or a top-up says: fixed once its order is paid."""


class PosPayment(models.Model):
    """A payment from a member's pocket, backed by the hold that carries its uuid."""

    _inherit = "pos.payment"

    member_id = fields.Many2one(
        "res.partner",
        string="Member Who Paid",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="Whose wallet paid, which need not be the order's customer.",
    )
    member_payer = fields.Char(
        "Payer",
        readonly=True,
        copy=False,
        help="Who paid, or was given back, as the receipt may tell: name and card "
        "masked.",
    )
    member_refund_ref = fields.Integer(
        "Member to Give Back To",
        copy=False,
        help="Which of the members who paid the till means; the server checks it.",
    )
    member_move_line_id = fields.Many2one(
        "account.move.line",
        string="Wallet Journal Item",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Item of the closing entry that books this payment.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [self._without_server_fields(vals) for vals in vals_list]
        payments = super().create(vals_list)
        payments._check_member_unclaimed()
        return payments

    def write(self, vals):
        if not self.env.su:
            vals = self._without_server_fields(vals)
        if CLAIMED_FIELDS & vals.keys():
            self._check_member_unclaimed()
        result = super().write(vals)
        if {"payment_method_id", "pos_order_id"} & vals.keys():
            self._check_member_unclaimed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_claimed(self):
        self._check_member_unclaimed()

    @api.model
    def _without_server_fields(self, vals):
        return {name: vals[name] for name in vals if name not in SERVER_FIELDS}

    @api.model
    def _load_pos_data_read(self, records, config):
        """Tell whose wallets pay drafts: any till that shares them may take one up."""
        read_records = super()._load_pos_data_read(records, config)
        drafts = records._member_wallet().filtered(
            lambda payment: payment.pos_order_id.state == "draft"
        )
        if drafts:
            payers = drafts._member_held_from(config)
            for values in read_records:
                if payer := payers.get(values["uuid"]):
                    values["_member_payer"] = {"id": payer.id, "name": payer.name}
        return read_records

    # === BUSINESS METHODS === #

    def _member_held_from(self, config):
        """Return whose money these payments hold, by their uuid (in sudo mode)."""
        # sudo: holds are the ledger's own; only those of these tills are looked at
        holds = (
            self.env["member.hold"]
            .sudo()
            .search(
                [
                    ("key", "in", self.mapped("uuid")),
                    ("direction", "=", "out"),
                    ("pos_config_id", "in", (config | config.trusted_config_ids).ids),
                ]
            )
        )
        return {hold.key: hold.partner_id for hold in holds}

    def _member_wallet(self):
        """Return the payments of these that come from, or go to, a wallet."""
        return self.filtered(
            lambda payment: payment.payment_method_id.type == MEMBER_WALLET
        )

    @attempts_logged
    def _check_member_unclaimed(self):
        """Refuse to touch what paid a top-up, or what a wallet paid: both are final.

        The member has the value; nobody shall take the cash out of the books again.
        """
        for payment in self:
            order = payment.pos_order_id
            if order.state == "draft":
                continue
            if payment._member_wallet():
                raise UserError(
                    self.env._(
                        "A wallet payment of a paid order cannot be added, changed or "
                        "removed. Refund the order instead."
                    )
                )
            if order.is_member_topup:
                raise UserError(
                    self.env._(
                        "The payment of a top-up cannot be added, changed or removed: "
                        "the member has the money. Undo the top-up instead."
                    )
                )

    def _member_attempt(self):
        return self.pos_order_id._member_attempt()

    def _member_postings(self):
        """Return the spendings that these payments claimed, oldest first."""
        # sudo: cashiers cannot read postings
        return (
            self.env["member.posting"]
            .sudo()
            .search(
                [
                    ("kind", "=", "spend"),
                    ("request_key", "in", self.mapped("uuid")),
                    ("state", "in", ("pending", "applied")),
                ],
                order="id",
            )
        )

    def _member_left_by_pocket(self):
        """Return how much of these payments was not given back yet.

        :return: `{(member, asset): Decimal}`, in the order in which they paid.
        """
        left = defaultdict(Decimal)
        for posting in self._member_postings():
            left[posting.partner_id, posting.asset_id] += posting._left()
        return left

    def _member_name_payer(self, member, card=None):
        """Note whose wallet this was: for good, as the receipt shows it."""
        self.ensure_one()
        # sudo: server fields; the till shows of a member what the receipt says
        name = masked_name(member.sudo().name)
        self.sudo().write(
            {
                "member_id": member.id,
                "member_payer": " ".join(filter(None, (name, card and card.masked))),
            }
        )
