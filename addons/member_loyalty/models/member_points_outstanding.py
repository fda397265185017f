from odoo import fields, models
from odoo.tools import SQL


class MemberPointsOutstanding(models.Model):
    """B7: the points that members have now, a line for each lot that is not spent.

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
        "member.lot": ["balance_id", "entry_id", "remaining", "expires_at"],
        "res.partner": ["member_class_id", "member_store_id"],
        "res.company": ["member_point_value", "member_point_redemption_rate"],
    }

    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    class_id = fields.Many2one("member.class", readonly=True)
    home_store_id = fields.Many2one("member.store", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
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
            SELECT l.id, b.partner_id, p.member_class_id AS class_id,
                   p.member_store_id AS home_store_id, b.company_id, c.currency_id,
                   e.date, l.expires_at, l.remaining AS points,
                   l.remaining * c.member_point_value AS value,
                   l.remaining * c.member_point_value
                       * c.member_point_redemption_rate / 100 AS provision
              FROM member_lot l
              JOIN member_entry e ON e.id = l.entry_id
              JOIN member_balance b ON b.id = l.balance_id
              JOIN member_asset a ON a.id = b.asset_id AND a.kind = 'points'
              JOIN res_partner p ON p.id = b.partner_id
              JOIN res_company c ON c.id = b.company_id
             WHERE l.remaining > 0
            """
        )
