from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_books import BooksCase


@tagged("post_install", "-at_install")
class TestPosSentAgain(BooksCase):
    """A paid order under whose uuid something else is sent stays, and the log tells."""

    def paid(self):
        """Sell a book of 40; return what was sent, and the order."""
        data = self.order_data(
            [(self.book, 1, 40, {})], [(self.cash, 40, None)], self.ann
        )
        return data, self.send(self.changed(data))

    def changed(self, data, line=None, payment=None):
        """Return a copy of what was sent, with other values."""
        return {
            **data,
            "lines": [Command.create({**data["lines"][0][2], **(line or {})})],
            "payment_ids": [
                Command.create({**data["payment_ids"][0][2], **(payment or {})})
            ],
        }

    def attempts(self, order):
        return self.env["member.operator.log"].search(
            [("action", "=", "attempt"), ("reference", "=", order.pos_reference)]
        )

    def assert_kept(self, order):
        line, payment = order.lines, order.payment_ids
        self.assertEqual(
            (line.product_id, line.qty, line.price_unit), (self.book, 1, 40)
        )
        self.assertEqual((payment.amount, payment.payment_method_id), (40, self.cash))

    def test_the_same_again_is_no_attempt(self):
        """An answer was lost: the till asks again."""
        data, order = self.paid()
        self.assertEqual(self.send(self.changed(data)), order)
        self.send({**data, "lines": [], "payment_ids": []})
        same = [Command.update(order.lines.id, {"qty": 1})]
        self.send({**data, "lines": same, "payment_ids": []})
        self.assertFalse(self.attempts(order))

    def test_other_content_is_dropped_and_logged(self):
        for line, payment in (
            ({"price_unit": 1}, {}),
            ({"qty": 5}, {}),
            ({"discount": 50}, {}),
            ({"product_id": self.tea.id}, {}),
            ({"price_unit": "1"}, {}),
            ({"uuid": "another"}, {}),
            ({}, {"amount": 1}),
            ({}, {"payment_method_id": self.wallet.id}),
        ):
            with self.subTest(line=line, payment=payment):
                data, order = self.paid()
                self.send(self.changed(data, line, payment))
                self.assert_kept(order)
                attempt = self.attempts(order)
                self.assertEqual(
                    (attempt.user_id, attempt.partner_id, attempt.pos_config_id),
                    (self.cashier, self.ann, self.till),
                )
                self.assertIn("sent again", attempt.detail)

    def test_no_longer_paid(self):
        _data, order = self.paid()
        for state in ("draft", "cancel"):
            try:
                order.with_user(self.cashier).write({"state": state})
            except UserError:
                continue
            self.fail("it was not refused")
        self.assertEqual(order.state, "paid")
        self.assertEqual(len(self.attempts(order)), 1)

    def test_lines_that_are_taken_away(self):
        data, order = self.paid()
        gone = [Command.delete(order.lines.id)]
        self.send({**data, "lines": gone, "payment_ids": []})
        self.assert_kept(order)
        self.assertEqual(len(self.attempts(order)), 1)
