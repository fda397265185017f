from odoo import api, fields, models
from odoo.exceptions import ValidationError

MEMBER_WALLET = "member_wallet"
"""Type of a payment method that pays from a member's pocket."""

# what would send the money elsewhere than to the pocket's account
FORCED_VALUES = {
    "journal_id": False,
    "outstanding_account_id": False,
    "payment_method_type": "none",
    "qr_code_method": False,
    "receivable_account_id": False,
    "split_transactions": False,
    "use_payment_terminal": False,
}


class PosPaymentMethod(models.Model):
    """One payment method per pocket (principal, bonus) and company."""

    _inherit = "pos.payment.method"
    # whoever takes a till's first method means cash or a bank card; the payment screen
    # follows `sequence` alone
    _order = "member_asset_id.id NULLS FIRST, sequence, id"

    member_asset_id = fields.Many2one(
        "member.asset",
        string="Member Pocket",
        ondelete="restrict",
        index="btree_not_null",
        domain="[('kind', 'in', ('principal', 'bonus'))]",
        help="Payments with this method are taken from this pocket of the member, with "
        "the member's PIN.",
    )
    type = fields.Selection(selection_add=[(MEMBER_WALLET, "Member Wallet")])

    @api.depends("member_asset_id")
    def _compute_type(self):
        wallets = self.filtered("member_asset_id")
        wallets.type = MEMBER_WALLET
        return super(PosPaymentMethod, self - wallets)._compute_type()

    @api.depends("type")
    def _compute_hide_use_payment_terminal(self):
        wallets = self.filtered(lambda method: method.type == MEMBER_WALLET)
        wallets.hide_use_payment_terminal = True
        others = super(PosPaymentMethod, self - wallets)
        return others._compute_hide_use_payment_terminal()

    @api.constrains("member_asset_id", "company_id", *FORCED_VALUES)
    def _check_member_wallet(self):
        for method in self.filtered("member_asset_id"):
            asset = method.member_asset_id
            if not asset.is_money:
                raise ValidationError(
                    self.env._(
                        "%(asset)s is not money: it cannot pay.", asset=asset.name
                    )
                )
            if asset.company_id != method.company_id._member_root():
                raise ValidationError(
                    self.env._(
                        "The pocket %(asset)s belongs to another company.",
                        asset=asset.name,
                    )
                )
            if any(
                (method[name] or False) != value
                for name, value in FORCED_VALUES.items()
            ):
                raise ValidationError(
                    self.env._(
                        "A wallet has no journal, no account and no terminal of its "
                        "own: the accounts are in the settings of the company."
                    )
                )
            if method.search_count(
                [
                    ("id", "!=", method.id),
                    ("member_asset_id", "=", asset.id),
                    ("company_id", "=", method.company_id.id),
                ],
                limit=1,
            ):
                raise ValidationError(
                    self.env._(
                        "%(company)s has a payment method for %(asset)s already.",
                        company=method.company_id.name,
                        asset=asset.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("member_asset_id"):
                vals.update(FORCED_VALUES)
        methods = super().create(vals_list)
        self.env.registry.clear_cache()
        return methods

    def write(self, vals):
        if vals.get("member_asset_id"):
            vals = {**vals, **FORCED_VALUES}
        if "member_asset_id" in vals and self._has_wallet_payments(
            vals["member_asset_id"]
        ):
            raise ValidationError(
                self.env._(
                    "Members have paid with this method: it keeps its pocket. Archive "
                    "it and create another one."
                )
            )
        result = super().write(vals)
        if {"active", "member_asset_id", "config_ids"} & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _has_wallet_payments(self, asset_id):
        """Whether payments exist that another pocket would book wrongly."""
        changed = self.filtered(lambda method: method.member_asset_id.id != asset_id)
        return bool(
            self.env["pos.payment"]
            .sudo()  # payments of all tills count, also those that the user cannot see
            .search_count([("payment_method_id", "in", changed.ids)], limit=1)
        )

    # === POS === #

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "member_asset_id"]
