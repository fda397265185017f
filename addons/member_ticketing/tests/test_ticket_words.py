from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import tagged

from .common_web_tickets import WebTicketsCase

FIRST = datetime(2030, 11, 26, 11, 30)
"""In UTC; half past seven in Shanghai."""


@tagged("post_install", "-at_install")
class TestTicketWords(WebTicketsCase):
    """What is said of tickets tells the evenings of one title apart."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evenings = cls.env["event.event"].browse()
        for days in (0, 1):
            begins = FIRST + timedelta(days=days)
            cls.evenings |= cls.performance(
                "Teahouse",
                date_tz="Asia/Shanghai",
                date_begin=begins,
                date_end=begins + timedelta(hours=2),
            )

    def an_order(self, partner, **vals):
        """Return an order with one stalls ticket for each evening."""
        return self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "event_id": evening.id,
                            "event_ticket_id": evening.event_ticket_ids[0].id,
                        }
                    )
                    for evening in self.evenings
                ],
                **vals,
            }
        )

    def test_the_cart_says_when_each_is_played(self):
        self.sign_in(self.plain_user)
        for evening in self.evenings:
            self.buy(evening.event_ticket_ids[0])
        page = " ".join(self.url_open("/shop/cart").text.split())
        self.assertSays(page, "Tue, Nov 26, 2030 7:30", "Wed, Nov 27, 2030 7:30")

    def test_order_and_invoice_say_it_too(self):
        order = self.an_order(self.plain_user.partner_id)
        words = order.order_line.mapped("name")
        self.assertIn("\nTeahouse\nTue, Nov 26, 2030 7:30", words[0])
        order.action_confirm()
        invoice = order._create_invoices(final=True)
        for line, said in zip(invoice.invoice_line_ids, words, strict=True):
            self.assertIn(said, line.name)

    def test_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.plain_user.partner_id.lang = "zh_CN"
        order = self.an_order(self.plain_user.partner_id)
        self.assertIn("2030年11月26日周二 19:30", order.order_line[0].name)

    def test_a_slot_says_its_own_time_alone(self):
        event = self.performance(
            "Two Shows",
            date_begin=FIRST.replace(hour=0),
            date_end=FIRST.replace(hour=23),
            is_multi_slots=True,
            event_slot_ids=[
                Command.create({"date": FIRST.date(), "start_hour": 15, "end_hour": 17})
            ],
        )
        ticket = event.event_ticket_ids[0]
        order = self.an_order(self.plain_user.partner_id, order_line=[])
        line = self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.product.id,
                "event_id": event.id,
                "event_slot_id": event.event_slot_ids.id,
                "event_ticket_id": ticket.id,
            }
        )
        slot = event.event_slot_ids.display_name
        self.assertEqual(line.name, f"{ticket.name}\nTwo Shows\n{slot}")
