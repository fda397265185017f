from odoo import Command
from odoo.tests import tagged

from .common_tours import ANN_CARD, PIN, ToursCase


@tagged("post_install", "-at_install")
class TestToursDesk(ToursCase):
    """Joining, cards, PINs and last entries at the till, on its screens."""

    def plain_customer(self):
        return self.env["res.partner"].create(
            {"name": "Plain Customer", "phone": "+1 650-253-0000"}
        )

    def supervise(self):
        """Let the cashier's user be a supervisor."""
        self.cashier.group_ids |= self.env.ref("member_card.group_member_supervisor")

    def test_joining_with_card_pin_and_top_up(self):
        """B4: looked for in vain, joins with a scanned card; bad input is told."""
        self.plain_customer()
        self.tour("MemberJoin")
        member = self.env["res.partner"].search([("name", "=", "Cao Fei")])
        self.assertEqual(member.member_card_ids.number, "8800000000000039")
        self.env["member.pin"]._verify(member, "8642")
        order = self.pos_session.order_ids
        self.assertEqual((order.partner_id, order.member_topup_amount), (member, 500))

    def test_joining_with_a_phone_that_is_known(self):
        """B4: the customer becomes the member; nobody is made twice."""
        customer = self.plain_customer()
        self.tour("MemberJoinKnown")
        self.assertTrue(customer.is_member)
        same = [("phone_sanitized", "=", customer.phone_sanitized)]
        self.assertEqual(self.env["res.partner"].search_count(same), 1)

    def test_joining_begins_with_a_scan(self):
        self.tour("MemberJoinScan")

    def test_pin_is_changed_or_reset(self):
        """D9: by who knows it, or with a supervisor's approval."""
        supervisor = self.env["res.users"].create(
            {
                "name": "Sue Visor",
                "login": "sue",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [
                    Command.set(self.env.ref("member_card.group_member_supervisor").ids)
                ],
            }
        )
        self.env["member.approval.pin"].sudo()._set(supervisor.partner_id, "7391")
        self.tour("MemberPinChange")
        self.env["member.pin"]._verify(self.ann, PIN)

    def test_card_lost_and_replaced(self):
        """D10: one look-up, two taps, one scan; the old number says so."""
        self.supervise()
        self.tour("MemberCardLost")
        cards = self.env["member.card"].search([("partner_id", "=", self.ann.id)])
        self.assertEqual(
            {card.number: card.state for card in cards},
            {ANN_CARD: "replaced", "8800000000000039": "issued"},
        )

    def test_last_entries_and_their_slips(self):
        """D11: balance and entries on the screen and on paper."""
        self.tour("MemberHistory")

    def test_small_amount_without_pin(self):
        self.company.write({"member_pinless_amount": 50, "member_pinless_daily": 50})
        self.tour("MemberPinless")
        self.assertEqual(self.holds(), [(14.0, "pending"), (20.0, "pending")])
