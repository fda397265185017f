from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_prices import PricesCase


@tagged("post_install", "-at_install")
class TestPosPriceApproval(PricesCase):
    """A11: what a cashier may cut alone, and what takes a supervisor."""

    def test_off_what_the_till_may_do_is_allowed(self):
        order = self.buy((self.book, 34, {"discount": 50}))
        self.assertEqual(self.found(order), [("discount", "allowed", 34.0, 17.0)])
        order = self.buy((self.book, 20, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("price", "allowed", 34.0, 20.0)])

    def test_off_what_the_till_may_not_do_is_not(self):
        self.till.write({"manual_discount": False, "restrict_price_control": True})
        order = self.buy((self.book, 34, {"discount": 50}))
        self.assertEqual(self.found(order), [("discount", "open", 34.0, 17.0)])
        order = self.buy((self.book, 20, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("price", "open", 34.0, 20.0)])

    def test_up_to_the_limit(self):
        self.company.write(
            {"member_approve_discounts": True, "member_discount_limit": 10}
        )
        order = self.buy((self.book, 34, {"discount": 10}))
        self.assertEqual(self.found(order)[0][1], "allowed")
        order = self.buy((self.book, 30.6, {"price_type": "manual"}))
        self.assertEqual(self.found(order)[0][1], "allowed")
        order = self.buy((self.book, 34, {"discount": 11}))
        self.assertEqual(self.found(order)[0][1], "open")
        order = self.buy((self.book, 30, {"price_type": "manual"}))
        self.assertEqual(self.found(order)[0][1], "open")
        order = self.buy((self.book, 50, {"price_type": "manual"}))
        self.assertEqual(self.found(order)[0][1], "allowed")

    def test_customers_who_are_no_members_too(self):
        self.company.member_approve_discounts = True
        customer = self.env["res.partner"].create({"name": "Walk-in"})
        for partner in (customer, False):
            order = self.buy(
                (self.book, 40, {"discount": 11}), partner=partner, pricelist_id=False
            )
            self.assertEqual(self.found(order), [("discount", "open", 40.0, 35.6)])

    def test_approved(self):
        self.company.member_approve_discounts = True
        uuid = str(uuid4())
        self.approve("discount", 50, uuid)
        order = self.buy((self.book, 34, {"discount": 50, "uuid": uuid}))
        self.assertEqual(self.found(order), [("discount", "allowed", 34.0, 17.0)])
        exception = order.member_price_exception_ids
        self.assertEqual(exception.approver_id, self.supervisor)
        self.assertTrue(exception.approval_id.used_at)

    def test_approved_price(self):
        self.company.member_approve_discounts = True
        uuid = str(uuid4())
        self.approve("price", 20, uuid)
        line = {"price_type": "manual", "uuid": uuid}
        order = self.buy((self.book, 20, line))
        self.assertEqual(self.found(order), [("price", "allowed", 34.0, 20.0)])

    def test_approval_of_something_else(self):
        self.company.member_approve_discounts = True
        for act, amount, subject in (
            ("discount", 49, True),
            ("price", 17, True),
            ("discount", 50, False),
        ):
            with self.subTest(act=act, amount=amount, subject=subject):
                uuid = str(uuid4())
                self.approve(act, amount, uuid if subject else str(uuid4()))
                order = self.buy((self.book, 34, {"discount": 50, "uuid": uuid}))
                self.assertEqual(self.found(order)[0][1], "open")

    def test_off_the_whole_order(self):
        """Core's order discount is a line of its own, below zero."""
        off = self.make_product("Discount", 0)
        order = self.buy((self.book, 34), (off, -17, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("discount", "allowed", 0.0, -17.0)])
        self.company.member_approve_discounts = True
        order = self.buy((self.book, 34), (off, -17, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("discount", "open", 0.0, -17.0)])
        uuid = str(uuid4())
        self.approve("discount", 50, uuid)
        lines = [(off, -10, {"price_type": "manual"}), (off, -7, {})]
        order = self.buy((self.book, 34), *lines, uuid=uuid)
        self.assertEqual({state for _r, state, *_ in self.found(order)}, {"allowed"})
        uuid = str(uuid4())
        self.approve("discount", 49, uuid)
        order = self.buy((self.book, 34), *lines, uuid=uuid)
        self.assertEqual({state for _r, state, *_ in self.found(order)}, {"open"})

    def test_below_zero_is_no_price(self):
        """What is sold cannot give money back, however its price was made."""
        self.company.member_approve_discounts = True
        order = self.buy((self.book, 34), (self.book, -10, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("price", "open", 34.0, -10.0)])

    def test_price_on_the_label(self):
        """Scales print the price into the barcode: the label says what it costs."""
        self.company.nomenclature_id.rule_ids = [
            Command.create(
                {
                    "name": "Label",
                    "type": "price",
                    "encoding": "ean13",
                    "pattern": "23.....{NNNDD}",
                    "sequence": 1,
                }
            )
        ]
        ham = self.make_product("Ham", 40)
        ham.barcode = "2312345000002"
        self.company.member_approve_discounts = True
        order = self.buy((ham, 7.5, {"price_type": "manual"}))
        self.assertFalse(self.found(order))
        for price, kind in ((7.5, "original"), (-7.5, "manual")):
            order = self.buy((self.book, 34), (ham, price, {"price_type": kind}))
            self.assertEqual(self.found(order), [("price", "open", 34.0, price)])

    def test_refused_at_the_till(self):
        """The order is not paid, the cashier reads why, the log says who tried."""
        self.company.member_price_policy = "refuse"
        with self.assertRaises(UserError) as refusal:
            self.buy((self.book, 30))
        self.assertIn("34", str(refusal.exception))
        self.assertIn("Book", str(refusal.exception))
        self.assertFalse(self.session.order_ids)
        self.assertFalse(self.found(self.buy((self.book, 34))))

    def test_refused_never_late(self):
        self.company.member_price_policy = "refuse"
        late = fields.Datetime.to_string(fields.Datetime.now() - timedelta(hours=1))
        order = self.buy((self.book, 30), date_order=late)
        self.assertEqual(self.found(order), [("price", "open", 34.0, 30.0)])

    def test_refused_only_what_nobody_allowed(self):
        self.company.write(
            {"member_price_policy": "refuse", "member_approve_discounts": True}
        )
        uuid = str(uuid4())
        self.approve("discount", 50, uuid)
        order = self.buy((self.book, 34, {"discount": 50, "uuid": uuid}))
        self.assertEqual(self.found(order)[0][1], "allowed")
