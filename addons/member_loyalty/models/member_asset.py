from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import ormcache


class MemberAsset(models.Model):
    """When points expire: by default of the company, each rule may say otherwise.

    Points live to the end of a day at the company's own midnight, wherever they were
    earned. A change of the policy is for points that come in from then on.
    """

    _inherit = "member.asset"

    expiry_policy = fields.Selection(
        [("months", "Months after they came in"), ("year_end", "At the end of a year")],
        required=True,
        default="months",
        help="When what came in expires, unless the rule that earned it has a time of "
        "its own.",
    )
    expiry_years = fields.Integer(
        "Years to the End",
        help="With an expiry at the end of a year: 0 means of the year in which it "
        "came in, 1 of the next year.",
    )

    _expiry_not_negative = models.Constraint(
        "CHECK (expiry_months >= 0 AND expiry_years >= 0)",
        "Nothing expires before it came in: enter 0 or more.",
    )

    @api.model
    @ormcache("asset_id")
    def _expiry_policy(self, asset_id):
        """Return (kind, policy, months, years) of an asset; every earning asks."""
        # sudo: when value expires is no secret
        asset = self.browse(asset_id).sudo()
        return (
            asset.kind,
            asset.expiry_policy,
            asset.expiry_months,
            asset.expiry_years,
        )

    def _expiry(self):
        kind, policy, months, years = self._expiry_policy(self.id)
        if kind != "points":
            return super()._expiry()
        last_day = self._last_day(policy, months=months, years=years)
        return last_day and self._end_of_day(last_day)

    def _last_day(self, policy, months=0, years=0):
        """Return the last day of what comes in today, or None when it never expires.

        :param policy: "months" (0 months: never) or "year_end" (`years` from now).
        """
        today = self.company_id._member_today()
        if policy == "year_end":
            return today.replace(month=12, day=31) + relativedelta(years=years)
        return today + relativedelta(months=months) if months else None

    def _end_of_day(self, day):
        """Return the company's midnight after `day`, as UTC without a zone."""
        # sudo: a branch's cashier cannot read the head office
        zone = ZoneInfo(self.company_id.sudo().partner_id.tz or "UTC")
        midnight = datetime.combine(day + timedelta(days=1), time(), zone)
        return midnight.astimezone(UTC).replace(tzinfo=None)

    def _last_day_before(self, moment):
        """Return the company's last full day before `moment` (UTC), as people say it.

        What expires at midnight can be spent to the end of the day before.
        """
        # sudo: a branch's cashier cannot read the head office
        zone = ZoneInfo(self.company_id.sudo().partner_id.tz or "UTC")
        local = moment.replace(tzinfo=UTC) - timedelta(seconds=1)
        return local.astimezone(zone).date()
