from decimal import Decimal

from odoo import fields, models

from .member_entry import KINDS


class MemberPosting(models.Model):
    """An intent: what a business document wants posted.

    Inserted in the document's own transaction, so it exists if and only if the document
    does; applied right after that commits, and by recovery if a crash came between.
    """

    _name = "member.posting"
    _description = "Posting Intent"
    _inherit = ["member.export.mixin", "member.origin.mixin"]
    _log_access = False
    _order = "id desc"
    _rec_name = "request_key"

    partner_id = fields.Many2one(
        "res.partner", "Member", required=True, readonly=True, ondelete="restrict"
    )
    asset_id = fields.Many2one(
        "member.asset", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="asset_id.company_id")
    balance_id = fields.Many2one(
        "member.balance",
        readonly=True,
        ondelete="restrict",
        index=True,
        help="Set when applied; by a merge already before.",
    )
    currency_id = fields.Many2one(related="asset_id.currency_id")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    owed = fields.Monetary(
        required=True,
        readonly=True,
        default=0,
        help="Debt that moves along when two members are merged.",
    )
    allow_owed = fields.Boolean(
        "Claw-back",
        required=True,
        readonly=True,
        default=False,
        help="Takes what is free; the rest is owed.",
    )
    request_key = fields.Char(required=True, readonly=True)
    hold_key = fields.Char(readonly=True)
    expires_at = fields.Datetime("Value Expires", readonly=True)
    reverses_posting_id = fields.Many2one(
        "member.posting", "Reverses", readonly=True, ondelete="restrict"
    )
    mirror_posting_id = fields.Many2one(
        "member.posting",
        "Other Side of the Transfer",
        readonly=True,
        ondelete="restrict",
    )
    reversed_amount = fields.Monetary(required=True, readonly=True, default=0)
    state = fields.Selection(
        [
            ("pending", "Pending"),
            ("applied", "Applied"),
            ("void", "Void"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
    )
    error = fields.Char(readonly=True)
    created_at = fields.Datetime("Created", required=True, readonly=True)
    entry_ids = fields.One2many("member.entry", "posting_id", "Entries")

    _request_key_unique = models.Constraint(
        "UNIQUE (asset_id, kind, request_key)", "This was posted before."
    )
    _hold_key_unique = models.UniqueIndex(
        "(hold_key) WHERE hold_key IS NOT NULL",
        "Another document has used this hold already.",
    )
    _reversed_in_range = models.Constraint(
        "CHECK (reversed_amount >= 0 AND reversed_amount <= abs(amount))",
        "More would be reversed than was posted.",
    )
    _pending = models.Index("(id) WHERE state = 'pending'")
    _failed = models.Index("(id) WHERE state = 'failed'")
    _document = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    def _left(self) -> Decimal:
        """Return how much of this was not taken back yet."""
        self.ensure_one()
        left = Decimal(str(abs(self.amount))) - Decimal(str(self.reversed_amount))
        # the fields give binary fractions
        return left.quantize(self.asset_id._unit())
