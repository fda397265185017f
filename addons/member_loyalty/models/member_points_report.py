from odoo import fields, models
from odoo.tools import SQL

MEASURES = (
    "earned",
    "awarded",
    "redeemed",
    "returned",
    "expired",
    "taken_back",
    "other",
    "points",
)


class MemberPointsReport(models.Model):
    """B7: the ledger's entries of points, one column for each way points move.

    What a document earned by several rules is a line for each of them.

    `points` is the change: earned, awarded, returned and other as they are, redeemed,
    expired and taken back with a minus. So what members had before a period, and its
    changes, is what they had after it. The class is the one that the member had then.
    """

    _name = "member.points.report"
    _description = "Points Report"
    _inherit = ["member.export.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "reference"
    _depends = {
        "member.entry": ["balance_id", "date", "kind", "amount", "store_id"],
        "member.class.assignment": ["partner_id", "date_from", "date_to", "class_id"],
        "member.point.earning.line": ["posting_id", "rule_id", "points"],
        "res.partner": ["member_class_id", "member_store_id"],
    }

    date = fields.Datetime(readonly=True)
    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    class_id = fields.Many2one("member.class", readonly=True)
    home_store_id = fields.Many2one("member.store", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    kind = fields.Selection(
        lambda self: (
            self.env["member.entry"]._fields["kind"]._description_selection(self.env)
        ),
        readonly=True,
    )
    entry_id = fields.Many2one("member.entry", readonly=True)
    rule_id = fields.Many2one(
        "member.point.rule", "Points Rule", readonly=True, help="Of what was earned."
    )
    store_id = fields.Many2one("member.store", readonly=True)
    pos_config_id = fields.Many2one("pos.config", "Till", readonly=True)
    operator_id = fields.Many2one("res.users", readonly=True)
    reference = fields.Char(readonly=True)
    earned = fields.Float(readonly=True, digits="Member Points")
    awarded = fields.Float("Given by Hand", readonly=True, digits="Member Points")
    redeemed = fields.Float(readonly=True, digits="Member Points")
    returned = fields.Float(
        readonly=True, digits="Member Points", help="Redeemed before, and given back."
    )
    expired = fields.Float(readonly=True, digits="Member Points")
    taken_back = fields.Float(
        readonly=True,
        digits="Member Points",
        help="After refunds of what earned them, and what was still owed from that.",
    )
    other = fields.Float("Other Changes", readonly=True, digits="Member Points")
    points = fields.Float("Change", readonly=True, digits="Member Points")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT CASE WHEN l.id IS NULL THEN e.id * 2 ELSE l.id * 2 + 1 END AS id,
                   e.id AS entry_id, l.rule_id, e.date, b.partner_id,
                   coalesce(h.class_id, p.member_class_id) AS class_id,
                   p.member_store_id AS home_store_id, b.company_id, e.kind,
                   e.store_id, e.pos_config_id, e.operator_id, e.reference,
                   CASE e.kind WHEN 'earn' THEN coalesce(l.points, e.amount) ELSE 0 END
                       AS earned,
                   CASE e.kind WHEN 'award' THEN e.amount ELSE 0 END AS awarded,
                   CASE e.kind WHEN 'redeem' THEN -e.amount ELSE 0 END AS redeemed,
                   CASE e.kind WHEN 'refund' THEN e.amount ELSE 0 END AS returned,
                   CASE e.kind WHEN 'expire' THEN -e.amount ELSE 0 END AS expired,
                   CASE WHEN e.kind IN ('clawback', 'settle') THEN -e.amount ELSE 0 END
                       AS taken_back,
                   CASE WHEN e.kind IN ('earn', 'award', 'redeem', 'refund', 'expire',
                                        'clawback', 'settle')
                        THEN 0 ELSE e.amount END AS other,
                   coalesce(l.points, e.amount) AS points
              FROM member_entry e
              JOIN member_balance b ON b.id = e.balance_id
              JOIN res_partner p ON p.id = b.partner_id
              JOIN member_asset a ON a.id = b.asset_id AND a.kind = 'points'
         LEFT JOIN member_point_earning_line l
                ON e.kind = 'earn' AND l.posting_id = e.posting_id
         LEFT JOIN member_class_assignment h
                ON h.partner_id = b.partner_id AND h.date_from <= e.date
               AND (h.date_to IS NULL OR h.date_to > e.date)
            """
        )

    def action_open_entry(self):
        """Open the entry that a line shows."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "member.entry",
            "res_id": self.entry_id.id,
            "views": [(False, "form")],
        }
