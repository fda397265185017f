from odoo import Command
from odoo.tests import new_test_user, tagged

from .common_tours import ToursCase

BOB_PIN = "1470"
APPROVAL_PIN = "4826"


@tagged("post_install", "-at_install")
class TestToursRefund(ToursCase):
    """Several payers, refunds, exchange and undone top-ups on the till's screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["member.pin"]._set(cls.bob, BOB_PIN)
        cls.supervisor = new_test_user(
            cls.env,
            "till_supervisor",
            name="Sun Li",
            groups="member_card.group_member_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.env["member.approval.pin"]._set(cls.supervisor.partner_id, APPROVAL_PIN)

    def paid(self):
        """Return {(method, member who paid or got, amount)} of all paid orders."""
        orders = self.pos_session.order_ids.filtered(lambda o: o.state == "paid")
        return {
            (
                payment.payment_method_id.name,
                payment.member_id.name or "",
                payment.amount,
            )
            for payment in orders.payment_ids
        }

    def test_two_members_and_cash_share_an_order(self):
        """D8: parts typed, a second member by look-up and by card, each own PIN."""
        self.credit(self.bob, money=100)
        self.tour("MemberSplit")
        self.assertEqual(
            self.paid(),
            {
                ("Member bonus", "Ann", 20.0),
                ("Member wallet", "Ann", 30.0),
                ("Cash", "", 30.0),
                ("Member wallet", "Bob", 30.0),
                ("Member wallet", "Bob", 60.0),
            },
        )
        self.assertEqual(self.pos_session.order_ids.member_id, self.ann)

    def test_refund_and_exchange(self):
        """The lines are proposed; goods are changed for others in one order."""
        self.tour("MemberExchange")
        self.assertEqual(
            self.paid(),
            {
                ("Member bonus", "Ann", 17.0),
                ("Cash", "", 17.0),
                ("Member bonus", "Ann", -12.75),
                ("Cash", "", -12.75),
            },
        )

    def test_cash_for_what_the_wallet_paid_takes_a_supervisor(self):
        self.sell(self.ann, 34, session=self.pos_session)
        self.tour("MemberRefundOtherwise")
        self.assertIn(("Cash", "", -34.0), self.paid())
        log = self.env["member.operator.log"].search(
            [("action", "=", "refund_changed")]
        )
        self.assertEqual(log.partner_id, self.ann)

    def test_top_up_is_undone_in_part(self):
        """The amount left is proposed; paying out takes a supervisor."""
        self.top_up(self.ann, 300, session=self.pos_session)
        self.tour("MemberUndoTopUp")
        self.assertIn(("Cash", "", -250.0), self.paid())
        self.assertEqual(self.pos_session.order_ids[:1].member_topup_amount, -250)

    def test_goods_without_a_receipt_into_the_wallet(self):
        self.tour("MemberReturn")
        self.assertEqual(self.paid(), {("Member wallet", "Ann", -34.0)})
