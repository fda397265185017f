from odoo import Command
from odoo.tests import tagged

from .common_web_tickets import WebTicketsCase

CODE = "GOLDWEEK"


@tagged("post_install", "-at_install")
class TestWebPromotions(WebTicketsCase):
    """B3: who gets the promotions and codes of a class in the web shop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.book = cls.env["product.product"].create(
            {
                "name": "Programme Book",
                "list_price": 40,
                "taxes_id": [Command.clear()],
                "is_published": True,
            }
        )
        cls.silver = cls.env["member.class"].create({"name": "Silver", "code": "s"})

    def program(self, code=None):
        """Return 10 % off for Gold: by itself, or for a code."""
        rule = {"minimum_qty": 0, "minimum_amount": 0}
        if code:
            rule |= {"mode": "with_code", "code": code}
        return self.env["loyalty.program"].create(
            {
                "name": "Gold week",
                "program_type": "promo_code" if code else "promotion",
                "trigger": "with_code" if code else "auto",
                "applies_on": "current",
                "company_id": self.company.id,
                "member_class_ids": [Command.set(self.gold_class.ids)],
                "rule_ids": [Command.create(rule)],
                "reward_ids": [Command.create({"discount": 10, "required_points": 1})],
            }
        )

    def put_in_the_cart(self, user=None):
        """Begin a session and put a book into its cart; return the order."""
        self.sign_in(user)
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.book.product_tmpl_id.id,
                "product_id": self.book.id,
                "quantity": 1,
            },
        )
        return self.cart(user)

    def type_code(self):
        """Type the code in the cart; return the page that answers."""
        page = self.url_open(f"/shop/pricelist?promo={CODE}").text
        self.env.invalidate_all()
        return " ".join(page.split())

    def test_a_promotion_of_a_class(self):
        self.program()
        self.assertEqual(self.put_in_the_cart().amount_total, 40)
        self.assertEqual(self.put_in_the_cart(self.plain_user).amount_total, 40)
        self.assertEqual(self.put_in_the_cart(self.gold_user).amount_total, 36)
        self.gold_user.partner_id.member_class_id = self.silver
        self.cart(self.gold_user).unlink()
        self.assertEqual(self.put_in_the_cart(self.gold_user).amount_total, 40)

    def test_a_visitor_is_told_to_sign_in(self):
        self.program(CODE)
        order = self.put_in_the_cart()
        page = self.type_code()
        self.assertSays(page, "is for members of these classes: Gold. Sign in first")
        self.assertSaysNot(page, "as the customer")
        self.assertEqual(order.amount_total, 40)

    def test_a_customer_is_told_for_whom_it_is(self):
        """Neither a stranger nor a member of another class gets it."""
        self.program(CODE)
        self.gold_user.partner_id.member_class_id = self.silver
        for user in (self.plain_user, self.gold_user):
            with self.subTest(user=user.name):
                order = self.put_in_the_cart(user)
                page = self.type_code()
                self.assertSays(page, "these classes: Gold. Ask in our stores")
                self.assertEqual(order.amount_total, 40)

    def test_a_code_for_all_members(self):
        self.program(CODE).write({"members_only": True, "member_class_ids": False})
        self.put_in_the_cart(self.plain_user)
        self.assertSays(self.type_code(), "is for members. Ask in our stores")
        self.gold_user.partner_id.member_class_id = self.silver
        order = self.put_in_the_cart(self.gold_user)
        self.type_code()
        self.assertEqual(order.amount_total, 36)

    def test_the_right_class_gets_it(self):
        """Of what is over nobody is told for whom it was."""
        program = self.program(CODE)
        order = self.put_in_the_cart(self.gold_user)
        self.type_code()
        self.assertEqual(order.amount_total, 36)
        program.active = False
        order = self.put_in_the_cart(self.plain_user)
        self.assertSaysNot(self.type_code(), "for members")
        self.assertEqual(order.amount_total, 40)
