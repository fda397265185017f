from uuid import uuid4

from odoo.exceptions import UserError
from odoo.tests import tagged

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
        self.assertEqual(
            self.lines("attempt").mapped("reference"),
            ["member_hold", "member_topup_reserve"],
        )
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
