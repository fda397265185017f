from odoo.tests import tagged

from odoo.addons.member_card.tests.common_tours import ToursCase

from .common_till_tickets import TillTicketsCase


@tagged("post_install", "-at_install")
class TestToursTickets(ToursCase, TillTicketsCase):
    """The box office on the till's screens; Ann pays 80 instead of 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event.question_ids = False
        cls.deal = cls.policy()

    def test_tickets_at_the_till(self):
        """A11, A12: chosen, changed, given back, sold by one tap and the PIN."""
        self.tour("MemberTickets")
        order = self.pos_session.order_ids
        self.assertEqual((order.state, order.amount_total), ("paid", 80))
        self.assertEqual(order.partner_id, self.ann)
        self.assertEqual(len(order.lines.event_registration_ids), 1)
        self.assertEqual(sum(order.payment_ids.mapped("amount")), 80)
        self.assertEqual(self.left(), 19)

    def test_a_free_ticket_stays_free_in_another_browser(self):
        """A10: its reason outlasts the way through the server."""
        right = self.env.ref("member_ticketing.group_member_ticket_free")
        self.cashier.group_ids += right
        # orders are put aside where tills share them
        self.till.trusted_config_ids = self.till.copy({"payment_method_ids": False})
        self.tour("MemberTicketsPutAside")
        order = self.pos_session.order_ids
        self.assertEqual((order.state, order.partner_id), ("draft", self.ann))
        self.tour("MemberTicketsTakenUp")
        self.assertEqual((order.state, order.amount_total), ("paid", 0))
        self.assertEqual(order.lines.member_free_reason, "Press night")
        self.assertEqual(order.lines.event_registration_ids.state, "open")

    def test_the_cashier_says_which_ticket_comes_back(self):
        """A10: of three tickets of one line the chosen one is cancelled."""
        self.tour("MemberSeatsBack")
        sale, refund = self.pos_session.order_ids.sorted("id")
        attendees = sale.lines.event_registration_ids.sorted("id")
        self.assertEqual(attendees.mapped("state"), ["open", "cancel", "open"])
        self.assertEqual(refund.amount_total, -80)
        self.assertEqual(refund.lines.member_returned_ids, attendees[1])

    def test_the_cashier_says_which_reserved_ticket_comes_back(self):
        """A12: of a reservation that was paid at the till, too."""
        self.session = self.pos_session  # which a browser's takes the place of
        reservation = self.reserved(3)
        sale = self.settle(reservation)
        del self.session
        self.tour("MemberReservedSeatsBack")
        attendees = self.seats(reservation).sorted("id")
        self.assertEqual(attendees.mapped("state"), ["open", "cancel", "open"])
        refund = self.pos_session.order_ids - sale
        self.assertEqual(refund.lines.member_returned_ids, attendees[1])

    def test_a_ticket_is_exchanged_in_a_full_house(self):
        """A10: a member at the limit changes a ticket in one order, at no cost."""
        self.deal.member_limit = 1
        self.event.seats_max = 1
        self.session = self.pos_session  # which a browser's takes the place of
        sale = self.sold(*self.held(self.want(), partner=self.ann))
        del self.session
        self.tour("MemberTicketsExchange")
        exchange = self.pos_session.order_ids - sale
        self.assertEqual((exchange.state, exchange.amount_total), ("paid", 0))
        amounts = exchange.lines.mapped("price_subtotal_incl")
        self.assertEqual(sorted(amounts), [-80, 80])
        self.assertEqual(sale.lines.event_registration_ids.state, "cancel")
        ticket = exchange.lines.event_registration_ids
        self.assertEqual((ticket.state, ticket.event_ticket_id), ("open", self.balcony))
        self.assertEqual(self.left(self.balcony), 0)
