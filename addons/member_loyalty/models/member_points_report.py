from odoo import fields, models
from odoo.tools import SQL

from ..point_shares import EARNED_BY, IS_WHOLE, MOST_LINES, PLACE, share

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

    A line for each lot that an entry laid down or used, and for each rule that earned
    that lot: what several rules earned together is spent, expires and is taken back of
    each in proportion. So also by rule, what was earned with its changes is what is
    outstanding. Points that were given by hand or brought along have no rule.

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
        "member.lot": ["entry_id", "amount"],
        "member.lot.use": ["entry_id", "lot_id", "amount"],
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
        "member.point.rule",
        "Points Rule",
        readonly=True,
        help="That earned these points; empty for points that no rule gave.",
    )
    store_id = fields.Many2one(
        "member.store", readonly=True, help="Where the points moved."
    )
    earned_store_id = fields.Many2one(
        "member.store",
        "Store Where Earned",
        readonly=True,
        help="Also of points that were spent, expired or were taken back.",
    )
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
            SELECT moved.id, moved.entry_id, moved.rule_id, moved.date,
                   moved.partner_id,
                   coalesce(h.class_id, p.member_class_id) AS class_id,
                   p.member_store_id AS home_store_id, moved.company_id, moved.kind,
                   moved.store_id, moved.earned_store_id, moved.pos_config_id,
                   moved.operator_id, moved.reference,
                   CASE kind WHEN 'earn' THEN points ELSE 0 END AS earned,
                   CASE kind WHEN 'award' THEN points ELSE 0 END AS awarded,
                   CASE kind WHEN 'redeem' THEN -points ELSE 0 END AS redeemed,
                   CASE kind WHEN 'refund' THEN points ELSE 0 END AS returned,
                   CASE kind WHEN 'expire' THEN -points ELSE 0 END AS expired,
                   CASE WHEN kind IN ('clawback', 'settle') THEN -points ELSE 0 END
                       AS taken_back,
                   CASE WHEN kind IN ('earn', 'award', 'redeem', 'refund', 'expire',
                                      'clawback', 'settle')
                        THEN 0 ELSE points END AS other,
                   points
              FROM (%s) moved
         LEFT JOIN res_partner p ON p.id = moved.partner_id
         LEFT JOIN member_class_assignment h
                ON h.partner_id = moved.partner_id AND h.date_from <= moved.date
               AND (h.date_to IS NULL OR h.date_to > moved.date)
            """,
            self._moved(),
        )

    def _moved(self):
        """Return SQL of what entries did to lots, a row for each lot and rule.

        What laid a lot down and what used one are apart: most entries lay one down, and
        need to be looked at once. An entry that only notes what is owed moves no
        points, and is not among them.
        """
        return SQL(
            """
            SELECT (lot.id::bigint * %(most)s + %(place)s) * 2 AS id,
                   source.id AS entry_id, line.rule_id, source.date, b.partner_id,
                   b.company_id, source.kind, source.store_id,
                   source.store_id AS earned_store_id, source.pos_config_id,
                   source.operator_id, source.reference,
                   coalesce(line.points, lot.amount) AS points
              FROM member_lot lot
              JOIN member_entry source ON source.id = lot.entry_id
              JOIN member_balance b ON b.id = source.balance_id
              JOIN member_asset asset ON asset.id = b.asset_id AND asset.kind = 'points'
                   %(earned_by)s
             UNION ALL
            SELECT (used.id::bigint * %(most)s + %(place)s) * 2 + 1, e.id, line.rule_id,
                   e.date, b.partner_id, b.company_id, e.kind, e.store_id,
                   source.store_id, e.pos_config_id, e.operator_id, e.reference,
                   CASE WHEN %(is_whole)s THEN used.amount
                        ELSE (SELECT %(after)s - %(before)s
                                FROM (SELECT lot.amount + sum(own.amount) AS points
                                        FROM member_lot_use own
                                       WHERE own.lot_id = lot.id AND own.id <= used.id
                                     ) remaining) END
              FROM member_lot_use used
              JOIN member_entry e ON e.id = used.entry_id
              JOIN member_balance b ON b.id = e.balance_id
              JOIN member_asset asset ON asset.id = b.asset_id AND asset.kind = 'points'
              JOIN member_lot lot ON lot.id = used.lot_id
              JOIN member_entry source ON source.id = lot.entry_id
                   %(earned_by)s
            """,
            most=MOST_LINES,
            place=PLACE,
            is_whole=IS_WHOLE,
            after=share(SQL("remaining.points")),
            before=share(SQL("(remaining.points - used.amount)")),
            earned_by=EARNED_BY,
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
