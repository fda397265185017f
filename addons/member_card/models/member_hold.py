from odoo import fields, models


class MemberHold(models.Model):
    """Value set aside for one payment line (out), or room for one top-up (in).

    `pending` until the posting that carries its key is applied (`captured`) or a void
    posting with the same key is written (`released`, `expired`): the unique key
    decides, so exactly one of them wins. A hold over several pockets is several rows
    that share `request_key`.
    """

    _name = "member.hold"
    _description = "Hold"
    _inherit = ["member.export.mixin", "member.origin.mixin"]
    _log_access = False
    _order = "id desc"
    _rec_name = "key"

    partner_id = fields.Many2one(
        "res.partner", "Member", required=True, readonly=True, ondelete="restrict"
    )
    asset_id = fields.Many2one(
        "member.asset", required=True, readonly=True, ondelete="restrict"
    )
    balance_id = fields.Many2one(
        "member.balance",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="balance_id.company_id")
    currency_id = fields.Many2one(related="asset_id.currency_id")
    direction = fields.Selection(
        [("out", "Payment"), ("in", "Top-up")], required=True, readonly=True
    )
    amount = fields.Monetary(required=True, readonly=True)
    key = fields.Char(required=True, readonly=True)
    request_key = fields.Char(required=True, readonly=True, index=True)
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("captured", "Captured"),
            ("released", "Released"),
            ("expired", "Expired"),
        ],
        required=True,
        readonly=True,
    )
    placed_at = fields.Datetime("Placed", required=True, readonly=True)
    expires_at = fields.Datetime("Expires", required=True, readonly=True)

    _key_unique = models.Constraint("UNIQUE (key)", "This key holds something already.")
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A hold sets something aside."
    )
    _pending = models.Index("(balance_id, placed_at) WHERE state = 'pending'")
    _due = models.Index("(expires_at) WHERE state = 'pending'")

    def action_release(self):
        """Ask why, then set this payment's money free."""
        self.ensure_one()
        self.env.user._member_require("hold_release")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release a Hold"),
            "res_model": "member.hold.release",
            "view_mode": "form",
            "target": "new",
            "context": {"default_hold_id": self.id},
        }
