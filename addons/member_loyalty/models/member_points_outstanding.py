from odoo import fields, models
from odoo.tools import SQL

from ..point_shares import EARNED_BY, MOST_LINES, PLACE, share


class MemberPointsOutstanding(models.Model):
    """B7: the points that members have now, a line for each lot that is not spent.

    What several rules earned together is a line for each, in proportion.
    The value is reckoned with the company's value of a point, the provision with its
    expected redemption as well. As of another day: `member.points.provision`.
    """

    _name = "member.points.outstanding"
    _description = "Outstanding Points"
    _inherit = ["member.export.mixin"]
    _auto = False
    _order = "expires_at NULLS LAST, id"
    _rec_name = "partner_id"
    _depends = {
        "member.lot": ["balance_id", "entry_id", "amount", "remaining", "expires_at"],
        "member.point.earning.line": ["posting_id", "rule_id", "points"],
        "res.partner": ["member_class_id", "member_store_id"],
        "res.company": ["member_point_value", "member_point_redemption_rate"],
    }

    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    class_id = fields.Many2one("member.class", readonly=True)
    home_store_id = fields.Many2one("member.store", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    rule_id = fields.Many2one(
        "member.point.rule",
        "Points Rule",
        readonly=True,
        help="That earned these points; empty for points that no rule gave.",
    )
    earned_store_id = fields.Many2one(
        "member.store", "Store Where Earned", readonly=True
    )
    date = fields.Datetime("Came In", readonly=True)
    expires_at = fields.Datetime("Expires", readonly=True)
    points = fields.Float(readonly=True, digits="Member Points")
    value = fields.Float(
        readonly=True, digits=(16, 2), help="Points × the value of a point."
    )
    provision = fields.Float(
        readonly=True, digits=(16, 2), help="Value × expected redemption."
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT has.id, has.partner_id, p.member_class_id AS class_id,
                   p.member_store_id AS home_store_id, has.company_id, c.currency_id,
                   has.rule_id, has.earned_store_id, has.date, has.expires_at,
                   has.points, has.points * c.member_point_value AS value,
                   has.points * c.member_point_value
                       * c.member_point_redemption_rate / 100 AS provision
              FROM (SELECT lot.id::bigint * %(most)s + %(place)s AS id, b.partner_id,
                           b.company_id, line.rule_id,
                           source.store_id AS earned_store_id, source.date,
                           lot.expires_at, %(points)s AS points
                      FROM member_lot lot
                      JOIN member_balance b ON b.id = lot.balance_id
                      JOIN member_asset asset
                        ON asset.id = b.asset_id AND asset.kind = 'points'
                      JOIN member_entry source ON source.id = lot.entry_id
                           %(earned_by)s
                     WHERE lot.remaining > 0) has
              JOIN res_partner p ON p.id = has.partner_id
              JOIN res_company c ON c.id = has.company_id
            """,
            most=MOST_LINES,
            place=PLACE,
            points=share(SQL("lot.remaining")),
            earned_by=EARNED_BY,
        )
