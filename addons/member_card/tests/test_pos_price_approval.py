from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_prices import PricesCase


@tagged("post_install", "-at_install")
class TestPosPriceApproval(PricesCase):
    """A1, D5: what a cashier may cut alone, and what takes a supervisor."""

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

    def test_approval_of_other_goods(self):
        """A browser chooses the uuid: an approval is for what the supervisor read."""
        self.company.member_approve_discounts = True
        dear = self.make_product("Television", 5000)
        for act, amount, product, quantity, line in (
            ("price", 20, dear, 1, {"price_type": "manual"}),
            ("discount", 50, dear, 1, {"discount": 50}),
            ("price", 20, self.book, 2, {"price_type": "manual"}),
            ("discount", 50, self.book, 1.01, {"discount": 50}),
        ):
            with self.subTest(act=act, product=product.name, quantity=quantity):
                uuid = str(uuid4())
                self.approve(act, amount, uuid)
                price = 20 if act == "price" else product.list_price * 0.85
                more = {**line, "uuid": uuid, "qty": quantity}
                order = self.buy((product, price, more))
                self.assertEqual(self.found(order)[0][1], "open")
                self.assertFalse(order.member_price_exception_ids.approver_id)

    def test_fewer_than_approved(self):
        self.company.member_approve_discounts = True
        uuid = str(uuid4())
        self.approve("price", 20, uuid, quantity=3)
        line = {"price_type": "manual", "uuid": uuid, "qty": 2}
        order = self.buy((self.book, 20, line))
        self.assertEqual(self.found(order), [("price", "allowed", 68.0, 40.0)])

    def test_supervisor_reads_what_it_is_for(self):
        """In the server's words, which the approval and the log keep."""
        till = self.till.with_user(self.cashier)
        self.env["member.approval.pin"]._set(self.supervisor.partner_id, "7319")
        uuid = str(uuid4())
        about = {"product_id": self.book.id, "quantity": 2}
        asked = till.member_approve(False, "", "price", 20, uuid, about)
        self.assertEqual(asked["status"], "approver_needed")
        for words in ("2 × Book", "20.00", "40.00"):
            self.assertIn(words, asked["text"])
        till.member_approve(self.supervisor.id, "7319", "price", 20, uuid, about)
        approval = self.env["member.approval"].search([("subject_uuid", "=", uuid)])
        self.assertEqual(approval.text, asked["text"])
        log = self.env["member.operator.log"].search([("action", "=", "approval")])
        self.assertIn("2 × Book", log[0].detail)

    def test_off_the_whole_order_of_other_goods(self):
        self.company.member_approve_discounts = True
        off = self.make_product("Discount", 0)
        dear = self.make_product("Television", 5000)
        for goods in ([(dear, 1)], [(self.book, 2)], [(self.book, 1), (dear, 1)]):
            uuid = str(uuid4())
            self.approve("discount", 50, uuid, goods=[(self.book, 1)])
            lines = [
                (each, each.list_price * 0.85, {"qty": number})
                for each, number in goods
            ]
            order = self.buy(*lines, (off, -1, {"price_type": "manual"}), uuid=uuid)
            self.assertEqual(self.found(order)[0][:2], ("discount", "open"))

    def test_off_the_whole_order(self):
        """Core's order discount is a line of its own, below zero."""
        off = self.make_product("Discount", 0)
        order = self.buy((self.book, 34), (off, -17, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("discount", "allowed", 0.0, -17.0)])
        self.company.member_approve_discounts = True
        order = self.buy((self.book, 34), (off, -17, {"price_type": "manual"}))
        self.assertEqual(self.found(order), [("discount", "open", 0.0, -17.0)])
        uuid = str(uuid4())
        self.approve("discount", 50, uuid, goods=[(self.book, 1)])
        lines = [(off, -10, {"price_type": "manual"}), (off, -7, {})]
        order = self.buy((self.book, 34), *lines, uuid=uuid)
        self.assertEqual({state for _r, state, *_ in self.found(order)}, {"allowed"})
        uuid = str(uuid4())
        self.approve("discount", 49, uuid, goods=[(self.book, 1)])
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

    def test_late_by_its_own_word_is_named(self):
        """The browser chooses the date: the log has who sent it, the list what."""
        self.company.member_price_policy = "refuse"
        late = fields.Datetime.to_string(fields.Datetime.now() - timedelta(minutes=16))
        order = self.buy((self.book, 0.01), date_order=late)
        exception = order.member_price_exception_ids
        self.assertEqual((exception.state, exception.is_late), ("open", True))
        line = self.env["member.operator.log"].search([("action", "=", "price_late")])
        self.assertEqual(
            (line.user_id, line.partner_id, line.pos_config_id, line.reference),
            (self.cashier, self.ann, self.till, order.pos_reference),
        )
        for words in ("Book", "34.00", "0.01"):
            self.assertIn(words, line.detail)

    def test_a_right_price_that_comes_late_is_not(self):
        self.company.member_price_policy = "refuse"
        late = fields.Datetime.to_string(fields.Datetime.now() - timedelta(minutes=16))
        self.assertFalse(self.found(self.buy((self.book, 34), date_order=late)))
        self.company.member_price_policy = "list"
        in_time = self.buy((self.book, 30)).member_price_exception_ids
        self.assertFalse(in_time.is_late)
        log = self.env["member.operator.log"]
        self.assertFalse(log.search_count([("action", "=", "price_late")]))

    def test_refused_only_what_nobody_allowed(self):
        self.company.write(
            {"member_price_policy": "refuse", "member_approve_discounts": True}
        )
        uuid = str(uuid4())
        self.approve("discount", 50, uuid)
        order = self.buy((self.book, 34, {"discount": 50, "uuid": uuid}))
        self.assertEqual(self.found(order)[0][1], "allowed")
