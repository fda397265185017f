from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.member_card.tests.common_books import BooksCase


class EventsCase(BooksCase):
    """A performance with stalls and a balcony, a clerk, and orders of Ann and Bob."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for group in ("sales_team.group_sale_manager", "event.group_event_manager"):
            cls.env.user.group_ids |= cls.env.ref(group)
        cls.clerk = new_test_user(
            cls.env,
            "box_clerk",
            groups="member_ticketing.group_member_clerk",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.seat = cls.make_product("Seat", 100)
        cls.seat.service_tracking = "event"
        cls.event = cls.make_event("Swan Lake")
        cls.stalls, cls.balcony = cls.event.event_ticket_ids

    @classmethod
    def make_event(cls, name, start=None, hours=3, slots=(), **vals):
        """Return a performance with Stalls at 100 and Balcony at 60.

        :param slots: `[(date, start hour, end hour)]` by the clock of the place, UTC.
        """
        start = start or fields.Datetime.now() + timedelta(hours=1)
        return cls.env["event.event"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "date_begin": start,
                "date_end": start + timedelta(hours=hours),
                "date_tz": "UTC",
                "event_mail_ids": [],
                "is_multi_slots": bool(slots),
                "event_slot_ids": [
                    Command.create(
                        {"date": day, "start_hour": begins, "end_hour": ends}
                    )
                    for day, begins, ends in slots
                ],
                "event_ticket_ids": [
                    Command.create(
                        {"name": ticket, "product_id": cls.seat.id, "price": price}
                    )
                    for ticket, price in (("Stalls", 100), ("Balcony", 60))
                ],
                **vals,
            }
        )

    @classmethod
    def order(cls, partner, quantity=1, ticket=None, slot=None, **vals):
        """Return a confirmed order of tickets, their seats open, as the web does."""
        order = cls.draft_order(partner, quantity, ticket, slot, **vals)
        order.action_confirm()
        registrations = order.order_line.registration_ids
        registrations.filtered(lambda each: each.state == "draft").action_confirm()
        cls.env.flush_all()
        return order

    @classmethod
    def draft_order(cls, partner, quantity=1, ticket=None, slot=None, **vals):
        ticket = ticket or cls.stalls
        return cls.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "user_id": False,
                "order_line": [
                    Command.create(
                        {
                            "product_id": ticket.product_id.id,
                            "event_id": ticket.event_id.id,
                            "event_ticket_id": ticket.id,
                            "event_slot_id": slot.id if slot else False,
                            "product_uom_qty": quantity,
                        }
                    )
                ],
                **vals,
            }
        )

    def seats(self, order):
        return order.order_line.registration_ids

    def log_lines(self, action):
        return self.env["member.operator.log"].search([("action", "=", action)])
