from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_date

BATCH = 200
"""Members who are told in one transaction."""

DAYS_BETWEEN = 7
"""A member is told at most once in so many days, whatever expires meanwhile."""


class MemberPointWarning(models.Model):
    """Tells a member by mail which points expire soon; kept so that it is told once.

    A mail names all that expires within the company's days. The next one is due when
    points are among them that no mail has named yet, and a week has passed: who earns
    every day is not written to every day.
    """

    _name = "member.point.warning"
    _description = "Warning about Points that Expire"
    _order = "id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        "Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    points = fields.Float(
        digits=(16, 2), readonly=True, help="All that expires within the days."
    )
    first_day = fields.Date(
        "All Good Until", readonly=True, help="Later some have expired."
    )
    detail = fields.Text(readonly=True, help="Points and last day, one line each.")
    lot_ids = fields.Many2many("member.lot", string="Lots", readonly=True)

    # === JOB === #

    @api.model
    def _cron_warn(self):
        """Tell members of every company that wants it; for the daily job."""
        # sudo: the job serves every company
        companies = (
            self.env["res.company"]
            .sudo()
            .search(
                [("member_points_warning_days", ">", 0), ("parent_id", "=", False)],
                order="id",
            )
        )
        for company in companies:
            while self._warn_batch(company):
                if not self.env["ir.cron"]._commit_progress(BATCH):
                    return

    @api.model
    def _warn_batch(self, company):
        """Tell the next members of a company; return their warnings."""
        asset = company._member_asset("points")
        warnings = self.create(
            [
                self._prepare_vals(asset, partner_id, lot_ids)
                for partner_id, lot_ids in self._due(company, asset)
            ]
        )
        if warnings:
            template = self.env.ref("member_loyalty.mail_template_points_expire")
            template.send_mail_batch(warnings.ids)
        return warnings

    @api.model
    def _due(self, company, asset):
        """Return `[(partner_id, lot_ids)]` of those who are to be told now."""
        now = fields.Datetime.now()
        days = company.member_points_warning_days
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT b.partner_id, array_agg(l.id ORDER BY l.expires_at, l.id)
                     FROM member_balance b
                     JOIN res_partner p ON p.id = b.partner_id
                     JOIN member_lot l ON l.balance_id = b.id
                LEFT JOIN member_lot_member_point_warning_rel told
                       ON told.member_lot_id = l.id
                    WHERE b.asset_id = %(asset)s AND b.next_expiry_at <= %(until)s
                      AND b.merged_into_id IS NULL
                      AND p.active AND p.member_state <> 'cancelled'
                      AND coalesce(p.email, '') <> ''
                      AND l.remaining > 0
                      AND l.expires_at > %(now)s AND l.expires_at <= %(until)s
                      AND NOT EXISTS (SELECT 1 FROM member_point_warning w
                                       WHERE w.partner_id = b.partner_id
                                         AND w.company_id = b.company_id
                                         AND w.create_date > %(recently)s)
                 GROUP BY b.partner_id
                   HAVING bool_or(told.member_lot_id IS NULL)
                 ORDER BY b.partner_id LIMIT %(limit)s""",
                asset=asset.id or 0,
                now=now,
                until=now + timedelta(days=days),
                recently=now - timedelta(days=min(days, DAYS_BETWEEN), hours=-1),
                limit=BATCH,
            )
        )

    @api.model
    def _prepare_vals(self, asset, partner_id, lot_ids):
        partner = self.env["res.partner"].browse(partner_id)
        asset = asset.with_context(lang=partner.lang or self.env.lang)
        # a lot stands here once for each mail that named it
        lots = self.env["member.lot"].browse(dict.fromkeys(lot_ids))
        points = {}
        for lot in lots:
            day = asset._last_day_before(lot.expires_at)
            points[day] = points.get(day, 0) + lot.remaining
        return {
            "partner_id": partner_id,
            "company_id": asset.company_id.id,
            "points": sum(points.values()),
            "first_day": min(points),
            "detail": "\n".join(
                asset.env._(
                    "%(points)s until %(day)s",
                    points=asset._format(amount),
                    day=format_date(asset.env, day),
                )
                for day, amount in points.items()
            ),
            "lot_ids": [fields.Command.set(lots.ids)],
        }
