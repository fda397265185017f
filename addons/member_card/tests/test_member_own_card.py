from uuid import uuid4

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common_books import BooksCase

PIN = "2580"


@tagged("post_install", "-at_install")
class TestMemberOwnCard(BooksCase):
    """Cashiers who are members: serving themselves is listed, or refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.me = cls.cashier.partner_id
        cls.me._member_register(
            {
                "member_class_id": cls.env.ref(
                    "member_card.member_class_stored_value"
                ).id,
                "member_company_id": cls.company.id,
            }
        )
        cls.env["member.pin"]._set(cls.me, PIN)
        cls.credit(cls.me, money=100)

    def setUp(self):
        super().setUp()
        self.here = self.till.with_user(self.cashier)

    def lines(self, action="own_card"):
        return self.env["member.operator.log"].search(
            [("action", "=", action), ("user_id", "=", self.cashier.id)], order="id"
        )

    def test_own_top_up_and_purchase_are_listed(self):
        self.top_up(self.me, 50)
        order = self.sell(self.me, 40)
        lines = self.lines()
        self.assertEqual(lines.partner_id, self.me)
        self.assertEqual(lines.pos_config_id, self.till)
        self.assertEqual(lines[1].reference, order.pos_reference)
        self.assertIn("40.00", lines[1].detail)
        self.assertEqual(self.available(self.me), 110)

    def test_serving_others_is_not_listed(self):
        self.top_up(self.ann, 50)
        self.sell(self.ann, 40)
        self.assertFalse(self.lines())

    def test_an_employee_serves_the_own_wallet(self):
        """pos_hr: one user is logged in, the employee who stands there is another."""
        employee = (
            self.env["hr.employee"]
            .sudo()
            .create({"name": "Ann", "work_contact_id": self.ann.id})
        )
        self.credit(self.ann, money=100)
        self.sell(self.ann, 40, employee_id=employee.id)
        self.assertEqual(self.lines().partner_id, self.ann)

    def test_a_company_refuses_it_at_the_till(self):
        """Nothing is held and no room is kept; who tried is logged."""
        self.company.member_refuse_own_card = True
        for answer in (
            self.here.member_hold(self.me.id, 10, PIN, str(uuid4())),
            self.here.member_topup_reserve(self.me.id, 10, str(uuid4())),
        ):
            self.assertEqual(answer["status"], "own_card")
            self.assertIn("colleague", answer["message"])
        attempts = self.lines("attempt")
        self.assertEqual(
            attempts.mapped("reference"), ["member_hold", "member_topup_reserve"]
        )
        self.assertEqual([line.partner_id for line in attempts], [self.me] * 2)
        self.assertEqual(self.available(self.me), 100)
        self.assertEqual(
            self.here.member_topup_reserve(self.ann.id, 10, str(uuid4()))["status"],
            "ok",
        )

    def test_a_company_refuses_a_top_up_that_was_not_asked_for(self):
        """An order made by hand does not get round the till's question."""
        self.company.member_refuse_own_card = True
        with self.assertRaisesRegex(UserError, "your own wallet"):
            self.top_up(self.me, 50)
        self.assertEqual(self.available(self.me), 100)

    def test_a_company_refuses_it_in_the_office(self):
        self.company.member_refuse_own_card = True
        wizard = (
            self.env["member.topup"]
            .with_user(self.cashier)
            .with_context(allowed_company_ids=self.company.ids)
            .create({"partner_id": self.me.id, "amount": 10})
        )
        with self.assertRaisesRegex(UserError, "your own wallet"):
            wizard.action_confirm()
        self.assertEqual(self.lines("attempt").partner_id, self.me)

    # === BACK INTO THE OWN WALLET === #

    def goods_back(self, user=None):
        """Send a book of 40 that comes back without a receipt, into the own wallet."""
        data = self.order_data(
            [(self.book, -1, 40, {})], [(self.wallet, -40, None)], self.me
        )
        return self.send(data, user)

    def let_take_back(self):
        self.cashier.group_ids += self.env.ref("member_card.group_member_supervisor")

    def test_own_goods_without_a_receipt_are_listed(self):
        self.let_take_back()
        self.goods_back()
        self.assertEqual(self.available(self.me), 140)
        self.assertEqual(self.lines().partner_id, self.me)

    def test_a_company_refuses_own_goods_without_a_receipt(self):
        self.company.member_refuse_own_card = True
        self.let_take_back()
        with self.assertRaisesRegex(UserError, "own wallet"), self.env.cr.savepoint():
            self.goods_back()
        self.assertEqual(self.available(self.me), 100)

    def test_who_is_served_is_logged_not_the_customer(self):
        """Ann's goods were paid from the cashier's wallet, and would go back there."""
        paid = [(self.wallet, 40, self.hold(self.me, 40))]
        order = self.send(self.order_data([(self.book, 1, 40, {})], paid, self.ann))
        self.company.member_refuse_own_card = True
        line = {"refunded_orderline_id": order.lines.id}
        data = self.order_data(
            [(self.book, -1, 40, line)], [(self.wallet, -40, None)], self.ann
        )
        # without the savepoint of `assertRaises`, which takes the line back
        try:
            self.send(data)
        except UserError as error:
            self.assertIn("your own wallet", str(error))
        else:
            self.fail("it was not refused")
        self.assertEqual(self.lines("attempt").partner_id, self.me)
        self.assertEqual(self.available(self.me), 60)

    def test_a_company_refuses_the_own_refund(self):
        """The sale was a colleague's; so is its refund."""
        order = self.sell(self.me, 40)
        self.company.member_refuse_own_card = True
        line = {"refunded_orderline_id": order.lines.id}
        data = self.order_data(
            [(self.book, -1, 40, line)], [(self.wallet, -40, None)], self.me
        )
        with self.assertRaisesRegex(UserError, "own wallet"), self.env.cr.savepoint():
            self.send({**data})
        self.assertEqual(self.available(self.me), 60)
        colleague = new_test_user(
            self.env,
            "colleague",
            groups="member_card.group_member_cashier",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.send(data, colleague)
        self.assertEqual(self.available(self.me), 100)

    def office_top_up(self):
        wizard = self.env["member.topup"].with_context(
            allowed_company_ids=self.company.ids
        )
        wizard.create({"partner_id": self.me.id, "amount": 30}).action_confirm()
        self.post_commit()
        return self.env["account.payment"].search(
            [("member_topup_key", "!=", False), ("partner_id", "=", self.me.id)]
        )

    def test_own_top_up_taken_back_is_listed(self):
        self.let_take_back()
        payment = self.office_top_up()
        payment.with_user(self.cashier).action_member_take_back()
        self.assertEqual(self.lines().reference, payment.name)

    def test_a_company_refuses_the_own_top_up_taken_back(self):
        self.let_take_back()
        payment = self.office_top_up()
        self.company.member_refuse_own_card = True
        with self.assertRaisesRegex(UserError, "own wallet"), self.env.cr.savepoint():
            payment.with_user(self.cashier).action_member_take_back()
        self.assertEqual(self.available(self.me), 130)

    # === THE OWN CLASS === #

    def test_own_class_is_listed_or_refused(self):
        self.let_take_back()
        other = self.env["member.class"].create({"name": "Gold", "code": "own_gold"})
        before = self.me.member_class_id
        me = self.me.with_user(self.cashier)
        me.member_class_id = other
        self.assertEqual(self.lines().partner_id, self.me)
        self.company.member_refuse_own_card = True
        with self.assertRaisesRegex(UserError, "own wallet"), self.env.cr.savepoint():
            me.member_class_id = before
        self.assertEqual(self.me.member_class_id, other)
        ann = self.ann.with_user(self.cashier)
        ann.member_class_id = other
        self.assertEqual(self.ann.member_class_id, other)
