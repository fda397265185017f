from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from .common_books import BooksCase

PIN = "4826"


class RefundCase(BooksCase):
    """Sales that several paid for, and refunds as the till sends them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit(cls.ann, money=100, bonus=20)
        cls.credit(cls.bob, money=100)
        cls.supervisor = new_test_user(
            cls.env,
            "till_supervisor",
            groups="member_card.group_member_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def sale(self, payments, lines=((40, 1),), partner=None, **values):
        """Sell books, paid by `[(method or (member, asset), amount)]`."""
        paid = []
        for means, amount in payments:
            if isinstance(means, tuple):
                member, asset = means
                method = self.wallet if asset == self.principal else self.wallet_bonus
                paid.append((method, amount, self.hold(member, amount, asset)))
            else:
                paid.append((means, amount, None))
        sold = [(self.book, quantity, price, {}) for price, quantity in lines]
        return self.send(self.order_data(sold, paid, partner or self.ann, **values))

    def split_sale(self, **values):
        """Sell for 100: Ann 20 bonus and 30 principal, Bob 30, cash 20."""
        return self.sale(
            [
                ((self.ann, self.bonus), 20),
                ((self.ann, self.principal), 30),
                ((self.bob, self.principal), 30),
                (self.cash, 20),
            ],
            lines=((40, 1), (60, 1)),
            **values,
        )

    def plan(self, order, amount, till=None, user=None):
        """Return what the verb proposes, as `[(method, member's name, amount)]`."""
        till = (till or self.till).with_user(user or self.cashier)
        answer = till.member_refund_plan(order.lines.ids, amount)
        self.assertEqual(answer["status"], "ok", answer)
        methods = self.env["pos.payment.method"]
        return [
            (
                methods.browse(part["payment_method_id"]),
                part["name"],
                part["amount"],
            )
            for part in answer["parts"]
        ]

    def back(self, lines, payments, user=None, **values):
        """Refund `[(line, quantity)]`, giving back `[(means, amount)]`.

        Beside refunded lines there may be sold ones: `[(product, quantity, price)]`.
        """
        sold = values.pop("sold", [])
        data = self.order_data(
            [
                (
                    line.product_id,
                    -quantity,
                    line.price_unit,
                    {"refunded_orderline_id": line.id},
                )
                for line, quantity in lines
            ]
            + [(*line, {}) for line in sold],
            [(self.method_of(means), -amount, None) for means, amount in payments],
            lines[0][0].order_id.partner_id,
            **values,
        )
        for command, (means, _amount) in zip(
            data["payment_ids"], payments, strict=True
        ):
            if isinstance(means, tuple):
                command[2]["member_refund_ref"] = means[0].id
        return self.send(data, user)

    def method_of(self, means):
        if not isinstance(means, tuple):
            return means
        return self.wallet if means[1] == self.principal else self.wallet_bonus

    def assert_refused(self, sentence, lines, payments, **values):
        """Nothing moves when a refund is refused."""
        before = self.figures()
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            self.back(lines, payments, **values)
        self.env.invalidate_all()
        self.assertEqual(self.figures(), before)

    def approve(self, act, amount, subject_uuid, goods, partner=None):
        """Have the supervisor approve with their PIN, as the cashier's till asks.

        :param goods: refunded lines, `[(line, quantity)]`, or an order's data.
        """
        if isinstance(goods, dict):
            lines = [command[2] for command in goods["lines"]]
            goods = [[line["product_id"], line["qty"], False] for line in lines]
        else:
            goods = [
                [line.product_id.id, -quantity, line.id] for line, quantity in goods
            ]
        about = {"partner_id": (partner or self.ann).id, "goods": goods}
        self.env["member.approval.pin"]._set(self.supervisor.partner_id, PIN)
        answer = self.till.with_user(self.cashier).member_approve(
            self.supervisor.id, PIN, act, amount, subject_uuid, about
        )
        self.assertEqual(answer["status"], "ok", answer)

    def figures(self):
        """Return what Ann has in each pocket, and Bob."""
        return (
            self.available(self.ann),
            self.available(self.ann, self.bonus),
            self.available(self.bob),
        )
