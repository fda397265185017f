from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_prices import PricesCase


@tagged("post_install", "-at_install")
class TestPosPricesDishonest(PricesCase):
    """A dishonest till: whatever it sends, the shop sees the difference."""

    def test_forged_price(self):
        order = self.buy((self.book, 0.01))
        self.assertEqual(self.found(order), [("price", "open", 34.0, 0.01)])

    def test_forged_discount(self):
        self.company.member_approve_discounts = True
        order = self.buy((self.book, 34, {"discount": 100}))
        self.assertEqual(self.found(order), [("discount", "open", 34.0, 0.0)])

    def test_cheap_sale_named_as_if_it_were_refunded(self):
        """What is sold costs its price, whatever old sale the till says it undoes."""
        cheap = self.buy((self.book, 5))
        for quantity in (1, 2):
            line = {"qty": quantity, "refunded_orderline_id": cheap.lines.id}
            order = self.buy((self.book, 5, line))
            self.assertEqual(
                self.found(order), [("price", "open", 34.0 * quantity, 5.0 * quantity)]
            )

    def test_price_said_to_be_typed(self):
        self.company.member_approve_discounts = True
        line = {"price_type": "manual", "discount": 20}
        order = self.buy((self.book, 20, line))
        self.assertEqual(self.found(order), [("price", "open", 34.0, 16.0)])

    def test_members_prices_for_somebody_else(self):
        customer = self.env["res.partner"].create({"name": "Friend"})
        for partner in (customer, False):
            order = self.buy(
                (self.book, 34), partner=partner, pricelist_id=self.pricelist.id
            )
            self.assertEqual(self.found(order), [("pricelist", "open", 40.0, 34.0)])

    def test_better_class_than_the_members(self):
        gold = self.pricelist.copy({"name": "Gold", "active": True})
        gold.item_ids.percent_price = 50
        self.env["member.class"].create(
            {"name": "Gold", "code": "gold", "pricelist_id": gold.id}
        )
        order = self.buy((self.book, 20), pricelist_id=gold.id)
        self.assertEqual(self.found(order), [("pricelist", "open", 34.0, 20.0)])

    def test_taxes_left_out(self):
        data = self.order_data(
            [(self.tea, 1, 85, {"tax_ids": [], "price_subtotal_incl": 85})],
            [(self.cash, 85, None)],
            self.ann,
            pricelist_id=self.pricelist.id,
            amount_total=85,
            amount_tax=0,
        )
        order = self.send(data)
        self.assertEqual(self.found(order), [("tax", "open", 97.75, 85.0)])

    def test_subtotal_that_is_none(self):
        data = self.order_data(
            [(self.book, 1, 34, {"price_subtotal_incl": 4, "price_subtotal": 4})],
            [(self.cash, 4, None)],
            self.ann,
            pricelist_id=self.pricelist.id,
            amount_total=4,
        )
        order = self.send(data)
        self.assertEqual(self.found(order), [("total", "open", 34.0, 4.0)])

    def test_total_that_is_none(self):
        data = self.order_data(
            [(self.book, 1, 34, {})],
            [(self.cash, 4, None)],
            self.ann,
            pricelist_id=self.pricelist.id,
            amount_total=4,
        )
        order = self.send(data)
        self.assertEqual(self.found(order), [("total", "open", 34.0, 4.0)])

    def test_lines_that_each_are_off_a_little(self):
        """What rounding may do to an order is not allowed to each of its lines."""
        line = {"price_subtotal": 33.81, "price_subtotal_incl": 33.81}
        lines = [(self.book, 1, 34, line)] * 20
        data = self.order_data(
            lines,
            [(self.cash, 676.2, None)],
            self.ann,
            pricelist_id=self.pricelist.id,
            amount_total=676.2,
        )
        order = self.send(data)
        self.assertEqual(self.found(order), [("total", "open", 680.0, 676.2)])

    def test_total_beside_a_tip(self):
        """A line that no pricelist prices hides no total."""
        self.till.tip_product_id = self.make_product("Tip", 0)
        data = self.order_data(
            [(self.book, 1, 34, {}), (self.till.tip_product_id, 1, 1, {})],
            [(self.cash, 4, None)],
            self.ann,
            pricelist_id=self.pricelist.id,
            amount_total=4,
        )
        order = self.send(data)
        self.assertEqual(self.found(order), [("total", "open", 35.0, 4.0)])

    def test_figures_of_the_server_cannot_be_sent(self):
        order = self.buy((self.book, 34), member_savings=999)
        self.assertEqual(order.member_savings, 6)

    def test_nobody_hides_an_exception(self):
        exception = self.buy((self.book, 1)).member_price_exception_ids
        as_cashier = exception.with_user(self.cashier)
        with self.assertRaises(AccessError):
            as_cashier.action_accept()
        with self.assertRaises(AccessError):
            as_cashier.read(["difference"])
        as_supervisor = exception.with_user(self.supervisor)
        for values in ({"state": "accepted"}, {"difference": 0}):
            with self.assertRaises(AccessError):
                as_supervisor.write(values)
        with self.assertRaises(AccessError):
            as_supervisor.unlink()

    def test_supervisor_accepts(self):
        exception = self.buy((self.book, 1)).member_price_exception_ids
        as_supervisor = exception.with_user(self.supervisor)
        as_supervisor.note = "Damaged"
        as_supervisor.action_accept()
        self.assertEqual(exception.accepted_by_id, self.supervisor)
        self.assertEqual((exception.state, exception.note), ("accepted", "Damaged"))
        as_supervisor.action_reopen()
        self.assertEqual(exception.state, "open")
