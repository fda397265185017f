from odoo import api, fields, models
from odoo.exceptions import UserError

from ..refusals import attempts_logged

CLAIMED_FIELDS = {
    "discount",
    "order_id",
    "price_subtotal",
    "price_subtotal_incl",
    "price_unit",
    "product_id",
    "qty",
    "tax_ids",
    "uuid",
}
"""What a wallet paid or was credited for: fixed once the order is paid."""


class PosOrderLine(models.Model):
    """A top-up line credits the member's deposit, not an income account."""

    _inherit = "pos.order.line"

    member_move_line_id = fields.Many2one(
        "account.move.line",
        string="Top-up Journal Item",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Item of the closing entry that books this top-up.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [self._without_server_fields(vals) for vals in vals_list]
        lines = super().create(vals_list)
        lines._check_member_unclaimed()
        return lines

    def write(self, vals):
        if not self.env.su:
            vals = self._without_server_fields(vals)
        guarded = bool(CLAIMED_FIELDS & vals.keys())
        if guarded:
            self._check_member_unclaimed()
        result = super().write(vals)
        if guarded:
            self._check_member_unclaimed()
        return result

    @api.model
    def _without_server_fields(self, vals):
        return {name: vals[name] for name in vals if name != "member_move_line_id"}

    # === BUSINESS METHODS === #

    def _is_member_topup(self):
        self.ensure_one()
        product = self.order_id.company_id._member_root().member_topup_product_id
        return bool(product) and self.product_id == product

    @attempts_logged
    def _check_member_unclaimed(self):
        """Refuse to touch what was credited or paid for: the books would not follow."""
        for line in self:
            order = line.order_id
            if order.state == "draft":
                continue
            if line._is_member_topup():
                raise UserError(
                    self.env._(
                        "A top-up that was paid cannot be added or changed. Pay the "
                        "money out again instead."
                    )
                )
            if order.payment_ids._member_wallet():
                raise UserError(
                    self.env._(
                        "A wallet has paid for this order: its lines cannot be added "
                        "or changed. Refund the order instead."
                    )
                )

    def _member_attempt(self):
        return self.order_id._member_attempt()

    def _prepare_base_line_for_taxes_computation(self):
        values = super()._prepare_base_line_for_taxes_computation()
        if self._is_member_topup():
            root = self.order_id.company_id._member_root()
            # money of the member whatever the product or a fiscal position say
            values["account_id"] = root.member_deposit_account_id
        return values
