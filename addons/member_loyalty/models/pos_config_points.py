from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.member_card import ledger
from odoo.addons.member_card.till import to_json

COUPON_TYPES = ("coupons", "next_order_coupons")
"""Programs whose cards are a member's own coupons, each with a code."""

EXPIRIES_SHOWN = 3
"""Dates on which points run out that a till names; the rest is in the back office."""


class PosConfig(models.Model):
    """What a till shows of a member's points and coupons."""

    _inherit = "pos.config"

    def _member_figured(self, partner):
        return {
            **super()._member_figured(partner),
            "points": self._member_points(partner),
            "coupons": self._member_coupons(partner),
        }

    def _member_points(self, partner):
        """Return the member's points at this moment, False before the set-up.

        :return: `available`, `owed`, `expiring` (the next dates, each with `points` and
            `date`, the last day on which they are good) and `notes` about today.
        """
        asset = self.company_id._member_asset("points")
        if not asset:
            return False
        figures = ledger.figures(self.env, partner.id, asset.ids)[asset.id]
        return {
            "available": to_json(figures.available),
            "owed": to_json(figures.owed),
            "expiring": self._member_points_expiring(partner, asset, figures.held),
            "notes": self._member_points_today(partner),
        }

    def _member_points_expiring(self, partner, asset, held):
        """Return the next expiries, by day of the head office's time zone.

        What is held is taken from what expires first.
        """
        # sudo: the address of the head office
        zone = self.company_id._member_root().sudo().partner_id.tz or "UTC"
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
                         FROM days)
                   SELECT day, least(points, until - %(held)s) FROM added
                    WHERE until > %(held)s ORDER BY day LIMIT %(shown)s""",
                zone=zone,
                partner=partner.id,
                asset=asset.id,
                now=fields.Datetime.now(),
                held=held,
                shown=EXPIRIES_SHOWN,
            )
        )
        return [
            {"points": to_json(points), "date": fields.Date.to_string(day)}
            for day, points in rows
        ]

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
