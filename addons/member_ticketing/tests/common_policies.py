"""A performance with policies, for the tests of what is offered."""

from datetime import timedelta

from odoo import Command, fields

from odoo.addons.member_card.tests.common import MemberCase


class PolicyCase(MemberCase):
    """A house of 100: stalls at 120, balcony at 80; two classes, gold with 10% off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.gold = cls._class("Gold", 90)
        cls.silver = cls._class("Silver", 80)
        cls.gold.pricelist_id = cls.env["product.pricelist"].create(
            {
                "name": "Gold",
                "sequence": 1000,
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "3_global",
                            "compute_price": "percentage",
                            "percent_price": 10,
                        }
                    )
                ],
            }
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Seat",
                "type": "service",
                "service_tracking": "event",
                "list_price": 50,
            }
        )
        cls.event = cls._event("Swan Lake")
        cls.stalls, cls.balcony = cls.event.event_ticket_ids.sorted("price")[::-1]
        cls.policies = cls.env["member.ticket.policy"]

    @classmethod
    def _class(cls, name, rank):
        return cls.env["member.class"].create(
            {"name": name, "code": f"test_{name.lower()}", "sequence": rank}
        )

    @classmethod
    def _event(cls, name, **vals):
        begin = vals.pop("date_begin", cls.now + timedelta(days=30))
        if "event_type_id" not in vals:
            # a template brings its own
            vals["event_ticket_ids"] = [
                Command.create(
                    {"name": seat, "price": price, "product_id": cls.product.id}
                )
                for seat, price in (("Stalls", 120), ("Balcony", 80))
            ]
        return cls.env["event.event"].create(
            {
                "name": name,
                "date_begin": begin,
                "date_end": begin + timedelta(hours=3),
                "date_tz": "UTC",
                "seats_limited": True,
                "seats_max": 100,
                **vals,
            }
        )

    @classmethod
    def _member(cls, member_class, name="Li Ming"):
        partner = cls.env["res.partner"].create({"name": name})
        partner._member_register({"member_class_id": member_class.id})
        return partner

    @classmethod
    def _policy(cls, **vals):
        place = {} if vals.get("event_type_id") else {"event_id": cls.event.id}
        if "price" in vals:
            vals["price_kind"] = "fixed"
        if "percent" in vals:
            vals["price_kind"] = "percent"
        if "start_date" in vals or "end_date" in vals:
            vals["window"] = "dates"
        if "days_before_start" in vals or "days_before_end" in vals:
            vals["window"] = "days"
        for name, value in vals.items():
            if hasattr(value, "_name"):
                vals[name] = value.id
        return cls.policies.create({**place, **vals})
