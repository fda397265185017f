from odoo import Command
from odoo.tests import new_test_user

from .common_books import BooksCase

PIN = "7319"


class PricesCase(BooksCase):
    """Ann pays 15 % less: the book of 40 costs her 34, the tea of 100 + 15 % tax 85."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member_class = cls.ann.member_class_id.with_company(cls.company)
        cls.member_class.pricelist_id.action_unarchive()
        cls.pricelist = cls.member_class.pricelist_id
        cls.supervisor = new_test_user(
            cls.env,
            "till_supervisor",
            groups="member_card.group_member_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.env.flush_all()

    def buy(self, *lines, partner=None, user=None, **values):
        """Pay lines `(product, price, {more})` in cash, as the till sends them."""
        lines = [
            (product, more.pop("qty", 1), price, more)
            for product, price, more in ((*line, {})[:3] for line in lines)
        ]
        partner = self.ann if partner is None else partner
        values = {"pricelist_id": self.pricelist.id if partner else False, **values}
        total = self.order_data(lines, [])["amount_total"]
        data = self.order_data(lines, [(self.cash, total, None)], partner, **values)
        return self.send(data, user)

    def found(self, order):
        return [
            (each.reason, each.state, each.expected, each.actual)
            for each in order.member_price_exception_ids
        ]

    def approve(self, act, amount, uuid, product=None, quantity=1, goods=None):
        """Have a supervisor agree to a line, or to a cut of all these goods of Ann."""
        if goods:
            goods = [[each.id, number, False] for each, number in goods]
            about = {"partner_id": self.ann.id, "goods": goods}
        else:
            about = {"product_id": (product or self.book).id, "quantity": quantity}
        self.env["member.approval.pin"]._set(self.supervisor.partner_id, PIN)
        answer = self.till.with_user(self.cashier).member_approve(
            self.supervisor.id, PIN, act, amount, uuid, about
        )
        self.assertEqual(answer["status"], "ok", answer)
