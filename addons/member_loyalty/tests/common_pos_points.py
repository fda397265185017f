from odoo.addons.member_card import ledger
from odoo.addons.member_card.tests.common_refund import RefundCase


class PosPointsCase(RefundCase):
    """A till whose only points rules are those that a test makes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.points = cls.company._member_asset("points")
        cls.env["member.point.rule"].search([]).active = False

    @classmethod
    def rule(cls, name="Sales", **vals):
        return cls.env["member.point.rule"].create(
            {"name": name, "company_id": cls.company.id, **vals}
        )

    def cash_sale(self, lines, partner=None, **values):
        """Sell `[(product, quantity, price)]` or prices of books, for cash."""
        lines = [
            (*line, {}) if isinstance(line, tuple) else (self.book, 1, line, {})
            for line in lines
        ]
        data = self.order_data(lines, [], partner or self.ann, **values)
        data["payment_ids"] = self.order_data(
            [], [(self.cash, data["amount_total"], None)]
        )["payment_ids"]
        data["amount_paid"] = data["amount_total"]
        return self.send(data)

    def cash_back(self, lines, sold=(), **values):
        """Give `[(line, quantity)]` back, and sell `[(product, quantity, price)]`."""
        amount = sum(
            line.price_subtotal_incl / line.qty * quantity for line, quantity in lines
        )
        amount -= sum(quantity * price for _product, quantity, price in sold)
        return self.back(lines, [(self.cash, amount)], sold=list(sold), **values)

    def points_of(self, partner=None):
        """Return (available, owed) of a member's points."""
        figures = ledger.figures(self.env, (partner or self.ann).id, self.points.ids)[
            self.points.id
        ]
        return float(figures.available), float(figures.owed)

    def earning(self, order):
        return self.env["member.point.earning"].search(
            [("pos_order_id", "=", order.id)]
        )

    def assert_points(self, available, owed=0, partner=None):
        """The member has these points, and the ledger holds."""
        self.assertEqual(self.points_of(partner), (available, owed))
        balances = self.env["member.balance"].search(
            [("partner_id", "=", (partner or self.ann).id)]
        )
        self.assertEqual(ledger.verify(self.env, balances.ids), [])
