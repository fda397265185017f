from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of the legal entity: a branch shows and edits its head office's."""

    _inherit = "res.config.settings"

    member_root_id = fields.Many2one(
        "res.company", related="company_id.root_id", string="Head Office"
    )
    member_currency_id = fields.Many2one(
        "res.currency", related="member_root_id.currency_id", string="Wallet Currency"
    )
    member_deposit_account_id = fields.Many2one(
        related="member_root_id.member_deposit_account_id", readonly=False
    )
    member_bonus_account_id = fields.Many2one(
        related="member_root_id.member_bonus_account_id", readonly=False
    )
    member_discount_account_id = fields.Many2one(
        related="member_root_id.member_discount_account_id", readonly=False
    )
    member_journal_id = fields.Many2one(
        related="member_root_id.member_journal_id", readonly=False
    )
    member_topup_product_id = fields.Many2one(
        related="member_root_id.member_topup_product_id", readonly=False
    )
    member_card_prefix = fields.Char(
        related="member_root_id.member_card_prefix", readonly=False
    )
    member_cap_named = fields.Monetary(
        related="member_root_id.member_cap_named",
        currency_field="member_currency_id",
        readonly=False,
    )
    member_cap_bearer = fields.Monetary(
        related="member_root_id.member_cap_bearer",
        currency_field="member_currency_id",
        readonly=False,
    )
    member_class_id = fields.Many2one(
        related="member_root_id.member_class_id",
        domain="[('company_id', 'in', (False, member_root_id))]",
        readonly=False,
    )
    member_pinless_amount = fields.Monetary(
        related="member_root_id.member_pinless_amount",
        currency_field="member_currency_id",
        readonly=False,
    )
    member_pinless_daily = fields.Monetary(
        related="member_root_id.member_pinless_daily",
        currency_field="member_currency_id",
        readonly=False,
    )
    member_refund_limit = fields.Monetary(
        related="member_root_id.member_refund_limit",
        currency_field="member_currency_id",
        readonly=False,
    )
    member_refund_needs_right = fields.Boolean(
        related="member_root_id.member_refund_needs_right", readonly=False
    )
    member_pin_attempts = fields.Integer(
        related="member_root_id.member_pin_attempts", readonly=False
    )
    member_pin_lock_minutes = fields.Integer(
        related="member_root_id.member_pin_lock_minutes", readonly=False
    )
    member_refuse_own_card = fields.Boolean(
        related="member_root_id.member_refuse_own_card", readonly=False
    )

    member_price_policy = fields.Selection(
        related="member_root_id.member_price_policy", readonly=False
    )
    member_approve_discounts = fields.Boolean(
        related="member_root_id.member_approve_discounts", readonly=False
    )
    member_discount_limit = fields.Float(
        related="member_root_id.member_discount_limit", readonly=False
    )

    def action_member_setup(self):
        """Create what this company lacks: accounts, journal, pockets, methods."""
        self.ensure_one()
        self.check_access("write")
        self.company_id._member_setup()
        return {"type": "ir.actions.client", "tag": "reload"}
