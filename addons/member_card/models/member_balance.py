from odoo import api, fields, models


class MemberBalance(models.Model):
    """What one member owns of one asset. Written by the ledger's verbs only.

    Guarantees (docs/ledger.md): `amount` is the sum of the entries and of what is left
    in the lots; `held` the sum of the pending holds; nothing is ever negative and never
    is more held than there is. A member may spend `amount - held`.
    """

    _name = "member.balance"
    _description = "Member Balance"
    _inherit = ["member.export.mixin"]
    _log_access = False
    _rec_name = "partner_id"
    _order = "partner_id, asset_id"

    partner_id = fields.Many2one(
        "res.partner", "Member", required=True, readonly=True, ondelete="restrict"
    )
    asset_id = fields.Many2one(
        "member.asset", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="asset_id.currency_id")
    kind = fields.Selection(related="asset_id.kind")
    amount = fields.Monetary(required=True, readonly=True, default=0)
    held = fields.Monetary(
        required=True,
        readonly=True,
        default=0,
        help="Reserved for payments in progress.",
    )
    incoming = fields.Monetary(
        required=True,
        readonly=True,
        default=0,
        help="Room reserved under the cap for top-ups in progress.",
    )
    owed = fields.Monetary(
        required=True,
        readonly=True,
        default=0,
        help="Taken back but already spent; settled first from the next credits.",
    )
    available = fields.Monetary(compute="_compute_available")
    seq = fields.Integer("Entries", required=True, readonly=True, default=0)
    last_hash = fields.Char(required=True, readonly=True, default="")
    next_expiry_at = fields.Datetime("Next Expiry", readonly=True)
    is_frozen = fields.Boolean("Frozen", required=True, readonly=True, default=False)
    merged_into_id = fields.Many2one(
        "member.balance", readonly=True, ondelete="restrict"
    )
    entry_ids = fields.One2many("member.entry", "balance_id")
    lot_ids = fields.One2many("member.lot", "balance_id")

    _partner_asset_unique = models.UniqueIndex(
        "(partner_id, asset_id) WHERE merged_into_id IS NULL",
        "A member has one balance of each asset.",
    )
    _amount_covers_held = models.Constraint(
        "CHECK (held <= amount)", "More would be held than there is."
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A balance never goes below zero."
    )
    _held_not_negative = models.Constraint(
        "CHECK (held >= 0)", "The held amount never goes below zero."
    )
    _incoming_not_negative = models.Constraint(
        "CHECK (incoming >= 0)", "The reserved room never goes below zero."
    )
    _owed_not_negative = models.Constraint(
        "CHECK (owed >= 0)", "The owed amount never goes below zero."
    )
    _expiring = models.Index("(next_expiry_at) WHERE next_expiry_at IS NOT NULL")

    @api.depends("amount", "held")
    def _compute_available(self):
        for balance in self:
            balance.available = balance.amount - balance.held

    def action_view_entries(self):
        """Open the entries of these balances."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_card.member_entry_action"
        )
        action["domain"] = [("balance_id", "in", self.ids)]
        action["context"] = {}
        return action
