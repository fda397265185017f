from odoo import api, fields, models

KINDS = [
    ("topup", "Top-up"),
    ("bonus", "Bonus"),
    ("spend", "Spending"),
    ("refund", "Refund"),
    ("cashout", "Cash-out"),
    ("transfer_out", "Transfer out"),
    ("transfer_in", "Transfer in"),
    ("expire", "Expiry"),
    ("adjust", "Adjustment"),
    ("opening", "Opening balance"),
    ("clawback", "Claw-back"),
    ("earn", "Points earned"),
    ("redeem", "Redemption"),
    ("award", "Award by hand"),
    ("settle", "Settlement of what was owed"),
    ("void", "Released hold"),
]


class MemberEntry(models.Model):
    """One posting on one balance. Never changed, never deleted: a mistake is reversed.

    The ORM refuses, a database trigger refuses, and each entry's `hash` is an HMAC over
    its content and the hash before it, with a key that the database does not know.
    """

    _name = "member.entry"
    _description = "Ledger Entry"
    _inherit = [
        "member.append.only.mixin",
        "member.export.mixin",
        "member.origin.mixin",
    ]
    _log_access = False
    _order = "id desc"

    balance_id = fields.Many2one(
        "member.balance", required=True, readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="balance_id.partner_id", string="Member")
    asset_id = fields.Many2one(related="balance_id.asset_id")
    company_id = fields.Many2one(related="balance_id.company_id")
    currency_id = fields.Many2one(related="balance_id.asset_id.currency_id")
    seq = fields.Integer("No.", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, index=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
    balance_after = fields.Monetary(required=True, readonly=True)
    owed_change = fields.Monetary(
        "Change of Owed", required=True, readonly=True, default=0
    )
    request_key = fields.Char(required=True, readonly=True)
    posting_id = fields.Many2one(
        "member.posting",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    reverses_id = fields.Many2one(
        "member.entry",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    link_ids = fields.One2many("member.entry.link", "entry_id", "Journal Items")
    hash = fields.Char(required=True, readonly=True)

    _balance_seq_unique = models.Constraint(
        "UNIQUE (balance_id, seq)", "Entries of a balance are numbered without a gap."
    )
    _balance_key_unique = models.Constraint(
        "UNIQUE (balance_id, kind, request_key)", "This was posted before."
    )
    _moves_something = models.Constraint(
        "CHECK (amount <> 0 OR owed_change <> 0)", "An entry moves something."
    )
    _document = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    @api.depends("seq", "balance_id.partner_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for entry in self:
            entry.display_name = (
                f"{entry.partner_id.display_name} #{entry.seq} {kinds.get(entry.kind)}"
            )


class MemberEntryLink(models.Model):
    """Which journal item books an entry; apart from the entry, which never changes."""

    _name = "member.entry.link"
    _description = "Journal Item of a Ledger Entry"
    _inherit = ["member.append.only.mixin", "member.export.mixin"]
    _log_access = False

    entry_id = fields.Many2one(
        "member.entry", required=True, readonly=True, ondelete="restrict"
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        "Journal Item",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )

    _entry_line_unique = models.Constraint(
        "UNIQUE (entry_id, move_line_id)", "This journal item is linked already."
    )
