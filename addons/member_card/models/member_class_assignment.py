from odoo import fields, models

REASONS = [
    ("registration", "Registration"),
    ("manual", "By hand"),
    ("rule", "Rule"),
    ("fee", "Fee paid"),
    ("merge", "Merged contacts"),
]


class MemberClassAssignment(models.Model):
    """Which class a member had, from when to when, why, and who decided.

    Written by the member's class itself; a member has one open row at most.
    """

    _name = "member.class.assignment"
    _description = "Member Class History"
    _inherit = ["member.export.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "class_id"

    partner_id = fields.Many2one(
        "res.partner", "Member", required=True, readonly=True, ondelete="cascade"
    )
    class_id = fields.Many2one(
        "member.class", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    date_from = fields.Datetime("From", required=True, readonly=True)
    date_to = fields.Datetime("Until", readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Decided By", readonly=True)
    note = fields.Char(readonly=True)

    _partner_history = models.Index("(partner_id, date_from)")
    _one_open = models.UniqueIndex(
        "(partner_id) WHERE date_to IS NULL", "A member has one class at a time."
    )

    def _assign(self, partners, reason, note=False):
        """Record that `partners` have their present class from now on."""
        now = self._close(partners)
        return self.create(
            [
                {
                    "partner_id": partner.id,
                    "class_id": partner.member_class_id.id,
                    "company_id": partner.member_company_id.id,
                    "date_from": now,
                    "reason": reason,
                    "user_id": self.env.uid,
                    "note": note,
                }
                for partner in partners
            ]
        )

    def _close(self, partners):
        """End what is open for `partners`; return the moment."""
        now = fields.Datetime.now()
        self.search(
            [("partner_id", "in", partners.ids), ("date_to", "=", False)]
        ).date_to = now
        self.flush_model()
        return now
