from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.member_card.tests.common_http import PatientHttpCase


@tagged("post_install", "-at_install")
class TestPortalTickets(PatientHttpCase):
    """My tickets: the codes of one's own seats, and nobody else's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = cls.env["res.users"].with_context(no_reset_password=True)
        cls.li, cls.wang = users.create(
            [
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
                for name, login in (("Li Ming", "li.tickets"), ("Wang", "wang.tickets"))
            ]
        )
        cls.swan = cls.performance("Swan Lake", days=10)
        cls.hamlet = cls.performance("Hamlet", days=-10)

    @classmethod
    def performance(cls, name, days):
        begins = fields.Datetime.now() + timedelta(days=days)
        return cls.env["event.event"].create(
            {
                "name": name,
                "date_begin": begins,
                "date_end": begins + timedelta(hours=3),
                "date_tz": "Asia/Shanghai",
                "event_mail_ids": [Command.clear()],
                "event_ticket_ids": [
                    Command.create({"name": "Stalls", "price": 100}),
                    Command.create({"name": "Balcony", "price": 50}),
                ],
            }
        )

    def seat(self, user, event, ticket=0, state="open"):
        return self.env["event.registration"].create(
            {
                "event_id": event.id,
                "event_ticket_id": event.event_ticket_ids[ticket].id,
                "partner_id": user.partner_id.id,
                "name": user.name,
                "state": state,
            }
        )

    def test_coming_performances_are_listed_with_their_codes(self):
        seats = self.seat(self.li, self.swan) | self.seat(self.li, self.swan, 1)
        past = self.seat(self.li, self.hamlet)
        self.authenticate("li.tickets", "li.tickets")
        page = self.url_open("/my/tickets").text
        self.assertEqual(page.count("Swan Lake"), 1, "the list is of no performance")
        self.assertIn("Show 2 codes", " ".join(page.split()).replace("</t>", ""))
        self.assertNotIn("Hamlet", page)
        self.assertIn("Hamlet", self.url_open("/my/tickets?when=past").text)
        page = self.url_open(f"/my/tickets/{seats[0].id}").text
        for seat in seats:
            self.assertIn(seat.barcode, page)
        self.assertEqual(page.count("data:image/png;base64,"), 2)
        self.assertNotIn(past.barcode, page)

    def test_day_and_time_are_said_in_the_readers_language(self):
        self.swan.write(
            {"date_begin": "2026-11-25 11:30:00", "date_end": "2026-11-25 14:00:00"}
        )
        seat = self.seat(self.li, self.swan)
        seats = self.env["event.registration"]
        for lang, words in (
            ("en_US", "Wed, Nov 25 7:30 PM"),
            ("zh_CN", "11月25日周三 19:30"),
        ):
            found = seats.with_context(lang=lang).browse(seat.id)
            [(performance, _tickets)] = found._member_by_performance()
            self.assertEqual(performance.when(), words)

    def test_a_code_that_was_used_says_so(self):
        seat = self.seat(self.li, self.swan)
        seat.action_set_done()
        self.authenticate("li.tickets", "li.tickets")
        page = self.url_open(f"/my/tickets/{seat.id}").text
        self.assertIn("Used", page)

    def test_unpaid_and_cancelled_seats_are_no_tickets(self):
        seat = self.seat(self.li, self.swan)
        seat.action_cancel()
        draft = self.seat(self.li, self.swan, 1)
        draft.action_set_draft()
        self.authenticate("li.tickets", "li.tickets")
        self.assertIn("You have no tickets", self.url_open("/my/tickets").text)
        for each in (seat, draft):
            response = self.url_open(f"/my/tickets/{each.id}")
            self.assertEqual(response.status_code, 404)

    def test_nobody_sees_another_ones_tickets(self):
        seat = self.seat(self.li, self.swan)
        self.authenticate("wang.tickets", "wang.tickets")
        self.assertNotIn("Swan Lake", self.url_open("/my/tickets").text)
        with mute_logger("odoo.http"):
            response = self.url_open(f"/my/tickets/{seat.id}")
        self.assertEqual(response.status_code, 404)
        self.assertNotIn(seat.barcode, response.text)

    def test_somebody_who_is_not_signed_in_is_asked_to(self):
        response = self.url_open("/my/tickets")
        self.assertIn("/web/login", response.url)
