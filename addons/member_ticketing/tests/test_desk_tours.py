from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.member_card.tests.common_tours import TOUR_LIMIT

from .common_events import EventsCase


@tagged("post_install", "-at_install")
class TestDeskTours(EventsCase, HttpCase):
    """The collection desk and the door, in a browser, as the clerk works there."""

    registry_test_mode = False  # EventsCase does it

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # HttpCase keeps the browser's session under this name
        cls.session = None
        cls.guest = cls.make_member("Ann Tour")
        cls.guest.sudo().member_number = "TOUR1"
        cls.now = cls.order(cls.guest, 2)
        cls.post_commit()

    def test_desk_hands_over(self):
        self.start_tour(
            "/odoo/action-member_ticketing.ticket_desk_action",
            "member_ticket_desk",
            login=self.clerk.login,
            timeout=TOUR_LIMIT,
        )
        seats = self.seats(self.now)
        self.assertEqual(len(seats.filtered("member_collected_at")), 1)
        self.assertEqual(len(self.log_lines("ticket_collect_again")), 1)

    def test_door_lets_in(self):
        day = fields.Date.today() + timedelta(days=2)
        start = fields.Datetime.to_datetime(day)
        tour = self.make_event("Tour", start=start, hours=23, slots=[(day, 10, 12)])
        late = self.seats(
            self.order(self.bob, 1, tour.event_ticket_ids[0], tour.event_slot_ids)
        )
        gone = self.seats(self.order(self.bob))
        gone.action_cancel()
        self.post_commit()
        late.barcode, gone.barcode = "TICKETLATE", "TICKETGONE"
        self.start_tour(
            "/odoo/action-event.event_barcode_action_main_view",
            "member_ticket_door",
            login=self.clerk.login,
            timeout=TOUR_LIMIT,
        )
        self.env.invalidate_all()
        self.assertEqual((late.state, gone.state), ("done", "cancel"))
        self.assertEqual(late.member_checked_in_by_id, self.clerk)
        self.assertEqual(set(self.seats(self.now).mapped("state")), {"done"})
