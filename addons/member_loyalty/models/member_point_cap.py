from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

KEEP_MONTHS = 2


class MemberPointCap(models.Model):
    """What a rule with a cap per day or month has given a member so far.

    Counted in the transaction of the order that earns: two orders of one member at the
    same moment meet in the row, and Odoo runs the later one again.
    """

    _name = "member.point.cap"
    _description = "Points Given under a Cap"
    _log_access = False
    _rec_name = "rule_id"

    partner_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    rule_id = fields.Many2one(
        "member.point.rule", required=True, readonly=True, ondelete="cascade"
    )
    period = fields.Selection(
        [("day", "Day"), ("month", "Month")], required=True, readonly=True
    )
    date = fields.Date(
        required=True, readonly=True, help="The day, or the first of the month."
    )
    points = fields.Float(required=True, readonly=True, digits=(16, 2))

    _period_unique = models.Constraint(
        "UNIQUE (partner_id, rule_id, period, date)",
        "Points under a cap are counted once a day and month.",
    )

    @api.model
    def _earned(self, partner_id, rules, day):
        """Return what these rules gave on this day, and in its month, by rule id."""
        today, month = {}, {}
        rule_ids = [rule.id for rule in rules if rule.has_period_cap]
        if rule_ids:
            found = self.env.execute_query(
                SQL(
                    """SELECT rule_id, period, points FROM member_point_cap
                        WHERE partner_id = %s AND rule_id = ANY(%s)
                          AND (period, date) IN (('day', %s), ('month', %s))""",
                    partner_id,
                    rule_ids,
                    day,
                    day.replace(day=1),
                )
            )
            for rule_id, period, points in found:
                (today if period == "day" else month)[rule_id] = Decimal(str(points))
        return today, month

    @api.model
    def _room(self, partner_id, rules, day):
        """Return what the caps leave of this day: `{rule id: (points, period)}`.

        Of the rules that have any; the period is that of the narrower cap.
        """
        today, month = self._earned(partner_id, rules, day)
        return {
            rule.id: min(
                (max(cap - before.get(rule.id, 0), Decimal(0)), period)
                for period, cap, before in (
                    ("day", rule.cap_day, today),
                    ("month", rule.cap_month, month),
                )
                if cap
            )
            for rule in rules
            if rule.has_period_cap
        }

    @api.model
    def _count(self, partner_id, rules, by_rule, day):
        """Count what these rules gave on this day, where they have such a cap.

        :param rules: as they were computed with; `by_rule` as an `Earning` has it.
        :raise ConcurrencyError: another order was faster; Odoo runs this one again.
        """
        capped = [
            (rule.id, period, date, by_rule[rule.id], cap)
            for rule in rules
            if rule.id in by_rule
            for period, date, cap in (
                ("day", day, rule.cap_day),
                ("month", day.replace(day=1), rule.cap_month),
            )
            if cap
        ]
        if not capped:
            return
        rows = [SQL("(%s, %s, %s::date, %s, %s)", *each) for each in capped]
        self.env.cr.execute(
            SQL(
                """WITH given (rule_id, period, date, points, most) AS (VALUES %s)
                   INSERT INTO member_point_cap AS counted
                          (partner_id, rule_id, period, date, points)
                   SELECT %s, rule_id, period, date, points FROM given
                    WHERE points <= most
                   ON CONFLICT (partner_id, rule_id, period, date) DO UPDATE
                      SET points = counted.points + excluded.points
                    WHERE counted.points + excluded.points <= (
                          SELECT most FROM given
                           WHERE given.rule_id = counted.rule_id
                             AND given.period = counted.period)""",
                SQL(", ").join(rows),
                partner_id,
            ),
            log_exceptions=False,  # the loser of a race is run again
        )
        if self.env.cr.rowcount != len(capped):
            raise ConcurrencyError("A cap on points was reached meanwhile.")

    @api.model
    def _give_back(self, partner_id, by_rule, day):
        """Make room again for what a refund took back of points earned on `day`."""
        for rule_id, points in by_rule.items():
            self.env.cr.execute(
                SQL(
                    """UPDATE member_point_cap SET points = GREATEST(points - %s, 0)
                        WHERE partner_id = %s AND rule_id = %s
                          AND (period, date) IN (('day', %s), ('month', %s))""",
                    points,
                    partner_id,
                    rule_id,
                    day,
                    day.replace(day=1),
                ),
                log_exceptions=False,  # the loser of a race is run again
            )

    @api.autovacuum
    def _gc_counted(self):
        limit = fields.Date.today() - relativedelta(months=KEEP_MONTHS)
        self.sudo().search([("date", "<", limit)]).unlink()
