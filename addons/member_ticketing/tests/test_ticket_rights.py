from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .test_sale_tickets import SaleTicketsCase


@tagged("post_install", "-at_install")
class TestTicketRights(SaleTicketsCase):
    """Who may sell and reserve tickets in the office, and for which company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(
            cls.env,
            "goods_only",
            groups="sales_team.group_sale_salesman",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def test_selling_takes_the_right(self):
        self.policy(100)
        order = self.quotation(user=self.salesman)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            order.action_confirm()
        self.assertEqual((order.state, self.states(order)), ("draft", []))
        order.with_user(self.boss).action_confirm()
        self.assertEqual(self.states(order), ["open", "open"])

    def test_performance_without_policies_is_sold_as_in_odoo(self):
        """Who only sells trainings by Odoo's own means goes on doing so."""
        order = self.quotation(user=self.salesman)
        order.action_confirm()
        self.assertEqual(self.states(order), ["open", "open"])
        self.policy(80, class_id=self.stored_value.id)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            order.order_line.product_uom_qty = 3

    def test_selling_more_takes_the_right(self):
        self.policy(100)
        order = self.quotation(user=self.salesman)
        order.sudo().action_confirm()
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            order.order_line.product_uom_qty = 3
        self.assertEqual(self.states(order), ["open", "open"])
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.states(order), ["cancel", "open"])

    def test_other_goods_take_no_right(self):
        order = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .create(
                {
                    "partner_id": self.ann.id,
                    "order_line": [Command.create({"product_id": self.book.id})],
                }
            )
        )
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_reserving_is_for_a_company_of_ones_own(self):
        """The company comes from the browser, and the order is made in sudo mode."""
        other = self.env["res.company"].create({"name": "Other Theatre"})
        wizards = self.env["member.ticket.reserve"].with_user(self.cashier)
        wizard = wizards.with_company(self.company).create(
            {"partner_id": self.ann.id, "event_id": self.show.id}
        )
        wizard.line_ids[0].quantity = 1
        wizard.company_id = other
        self.refused("other_company", wizard.action_reserve)
        made = [("member_request_key", "=", wizard.request_key)]
        self.assertFalse(self.env["sale.order"].sudo().search(made))
        wizard.company_id = self.company
        wizard.action_reserve()
        self.assertTrue(self.env["sale.order"].sudo().search(made))
