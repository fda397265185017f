from odoo import api, fields, models
from odoo.tools import SQL

from ..models.member_points_report import MEASURES

GROUPS = {
    "day": "date:day",
    "month": "date:month",
    "year": "date:year",
    "class": "class_id",
    "home_store": "home_store_id",
    "store": "store_id",
    "earned_store": "earned_store_id",
    "till": "pos_config_id",
    "rule": "rule_id",
    "operator": "operator_id",
}


class MemberPointsPeriod(models.TransientModel):
    """B7, D12: points earned, spent and expired in any period.

    The figures are those of `member.points.report`. What members had before and after
    is the company's, and shows only where nobody left out a store: then it is what they
    had before, with the changes.
    """

    _name = "member.points.period"
    _description = "Points of a Period"
    _inherit = ["member.period.mixin"]
    _report_model = "member.points.report"
    _report_action = "member_loyalty.member_points_report_action"
    _workbook = "member_loyalty.member_points_period_xlsx"
    _measures = MEASURES
    _groups = GROUPS

    group_by = fields.Selection(
        [
            ("day", "Day"),
            ("month", "Month"),
            ("year", "Year"),
            ("class", "Class"),
            ("home_store", "Home Store"),
            ("store", "Store"),
            ("earned_store", "Store Where Earned"),
            ("till", "Till"),
            ("rule", "Points Rule"),
            ("operator", "Operator"),
        ],
        "Lines By",
        required=True,
        default="day",
    )
    earned = fields.Float(digits="Member Points", compute="_compute_figures")
    awarded = fields.Float(
        "Given by Hand", digits="Member Points", compute="_compute_figures"
    )
    redeemed = fields.Float(digits="Member Points", compute="_compute_figures")
    returned = fields.Float(digits="Member Points", compute="_compute_figures")
    expired = fields.Float(digits="Member Points", compute="_compute_figures")
    taken_back = fields.Float(digits="Member Points", compute="_compute_figures")
    other = fields.Float(
        "Other Changes", digits="Member Points", compute="_compute_figures"
    )
    points = fields.Float("Change", digits="Member Points", compute="_compute_figures")
    is_whole = fields.Boolean(compute="_compute_standing")
    opening = fields.Float(
        "Before", digits="Member Points", compute="_compute_standing"
    )
    closing = fields.Float("After", digits="Member Points", compute="_compute_standing")

    # === COMPUTE === #

    @api.depends("date_from", "date_to")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._(
                "Points, %(first)s – %(last)s",
                **wizard._days(),
            )

    @api.depends("date_from", "date_to", "store_ids", "company_id")
    @api.depends_context("uid")
    def _compute_standing(self):
        for wizard in self:
            wizard.is_whole = wizard._has_period() and wizard._sees_everything()
            standing = wizard._standing() if wizard.is_whole else (0, 0)
            wizard.opening, wizard.closing = standing

    # === FIGURES === #

    def _standing(self):
        """Return what all members had before the period and after it."""
        self.ensure_one()
        begin, end = self._bounds()
        # the ledger's entries, not the report's: so that the two check one another
        rows = self.env.execute_query(
            SQL(
                """SELECT coalesce(sum(e.amount) FILTER (WHERE e.date < %s), 0),
                          coalesce(sum(e.amount) FILTER (WHERE e.date < %s), 0)
                     FROM member_entry e
                     JOIN member_balance b ON b.id = e.balance_id
                     JOIN member_asset a ON a.id = b.asset_id AND a.kind = 'points'
                    WHERE b.company_id = %s""",
                begin,
                end,
                self.company_id.id,
            )
        )
        return tuple(float(points) for points in rows[0])
