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
        cls.policy()

    def test_tickets_at_the_till(self):
        """A11, A12: chosen, changed, given back, sold by one tap and the PIN."""
        self.tour("MemberTickets")
        order = self.pos_session.order_ids
        self.assertEqual((order.state, order.amount_total), ("paid", 80))
        self.assertEqual(order.partner_id, self.ann)
        self.assertEqual(len(order.lines.event_registration_ids), 1)
        self.assertEqual(sum(order.payment_ids.mapped("amount")), 80)
        self.assertEqual(self.left(), 19)
