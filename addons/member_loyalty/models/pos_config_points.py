from datetime import timedelta

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.member_card import ledger
from odoo.addons.member_card.till import to_json

COUPON_TYPES = ("coupons", "next_order_coupons")
"""Programs whose cards are a member's own coupons, each with a code."""

EXPIRIES_SHOWN = 3
"""Dates on which points run out that a till names; the rest is in the back office."""

SOON_DAYS = 30
"""Points that expire so soon are marked, unless the company warns at another time."""


class PosConfig(models.Model):
    """What a till shows of a member's points and coupons."""

    _inherit = "pos.config"

    def _member_figured(self, partner):
        return {
            **super()._member_figured(partner),
            "points": self._member_points(partner),
            "coupons": self._member_coupons(partner),
        }

    def _member_history_entries(self, partner):
        asset = self.company_id._member_asset("points")
        points = partner.member_point_entry_ids.filtered(
            lambda entry: entry.asset_id == asset
        )
        return super()._member_history_entries(partner) | points

    def _member_points(self, partner):
        """Return the member's points at this moment, False before the set-up.

        :return: `available`, `owed`, `expiring` (the next dates, each with `points` and
            `date`, the last day on which they are good), `expiring_soon` (how many of
            them within the days of the warning) and `notes` about today.
        """
        asset = self.company_id._member_asset("points")
        if not asset:
            return False
        figures = ledger.figures(self.env, partner.id, asset.ids)[asset.id]
        expiring, soon = self._member_points_expiring(partner, asset, figures.held)
        return {
            "available": to_json(figures.available),
            "owed": to_json(figures.owed),
            "expiring": expiring,
            "expiring_soon": soon,
            "notes": self._member_points_today(partner),
        }

    def _member_points_expiring(self, partner, asset, held):
        """Return the next expiries by day, and how many points expire soon.

        Days are the head office's. What is held is taken from what expires first.
        """
        # sudo: the head office's address and settings
        root = self.company_id._member_root().sudo()
        days = root.member_points_warning_days or SOON_DAYS
        rows = self.env.execute_query(
            SQL(
                """WITH days AS (
                       SELECT (lot.expires_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s
                               - interval '1 second')::date AS day,
                              sum(lot.remaining) AS points
                         FROM member_balance balance
                         JOIN member_lot lot ON lot.balance_id = balance.id
                        WHERE balance.partner_id = %(partner)s
                          AND balance.asset_id = %(asset)s
                          AND balance.merged_into_id IS NULL
                          AND lot.remaining > 0 AND lot.expires_at > %(now)s
                        GROUP BY day),
                   added AS (
                       SELECT day, points, sum(points) OVER (ORDER BY day) AS until
                         FROM days),
                   free AS (
                       SELECT day, least(points, until - %(held)s) AS points
                         FROM added WHERE until > %(held)s)
                   SELECT day, points,
                          sum(points) FILTER (WHERE day <= %(soon)s) OVER ()
                     FROM free ORDER BY day LIMIT %(shown)s""",
                zone=root.partner_id.tz or "UTC",
                soon=root._member_today() + timedelta(days=days),
                partner=partner.id,
                asset=asset.id,
                now=fields.Datetime.now(),
                held=held,
                shown=EXPIRIES_SHOWN,
            )
        )
        expiring = [
            {"points": to_json(points), "date": fields.Date.to_string(day)}
            for day, points, _soon in rows
        ]
        return expiring, to_json(rows[0][2] or 0) if rows else 0

    def _member_coupons(self, partner):
        """Return the member's coupons that this till takes, the next to expire first.

        :return: list of `code`, `program`, `points` and `expiry` (a date or False).
        """
        # sudo: the member shows them at the till; only what is printed on them is told
        cards = (
            self.env["loyalty.card"]
            .sudo()
            .search(
                [
                    ("partner_id", "=", partner.id),
                    ("program_type", "in", COUPON_TYPES),
                    ("points", ">", 0),
                    "|",
                    ("expiration_date", "=", False),
                    ("expiration_date", ">=", fields.Date.context_today(self)),
                ],
                order="expiration_date, id",
            )
        )
        if not cards:
            return []
        programs = self._get_program_ids()
        return [
            {
                "code": card.code,
                "program": card.program_id.name,
                "points": card.points,
                "expiry": fields.Date.to_string(card.expiration_date),
            }
            for card in cards
            if card.program_id.id in programs.ids
        ]
