from odoo.tests import HttpCase

from .common_books import BooksCase

PIN = "2580"
ANN_CARD = "8800000000000013"
BOB_CARD = "8800000000000021"
TOUR_LIMIT = 300
"""Seconds for a whole tour, on a busy machine."""


class ToursCase(BooksCase, HttpCase):
    """The till's screens, in a real browser.

    A tour shares the test's cursor and drops what a commit would do: money is proved in
    tests/e2e. Here Ann starts with 100 and a bonus of 20, Bob with nothing.
    """

    registry_test_mode = False  # BooksCase does it

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # HttpCase keeps the browser's session under this name
        cls.pos_session, cls.session = cls.session, None
        # the accounting tests archive all pricelists
        cls.ann.member_class_id.with_company(
            cls.company
        ).pricelist_id.action_unarchive()
        cls.env["ir.config_parameter"].set_param(
            "point_of_sale.limited_customer_count", "1"
        )
        cls.env["member.pin"]._set(cls.ann, PIN)
        cls.env["member.card"]._issue(cls.ann, ANN_CARD)
        cls.env["member.card"]._issue(cls.bob, BOB_CARD)
        cls.make_member("Chen Wei", phone="+8613812345678")
        cls.make_member("Chen Wei", phone="+8613812340000")
        cls.make_product("Pen", 10)
        cls.make_product("Coat", 200)
        cls.credit(cls.ann, money=100, bonus=20)
        cls.till.auto_validate_terminal_payment = False

    def tour(self, name, **kwargs):
        self.start_tour(
            f"/pos/ui/{self.till.id}",
            name,
            login="till_cashier",
            timeout=TOUR_LIMIT,
            **kwargs,
        )

    def holds(self):
        holds = self.env["member.hold"].search([("partner_id", "=", self.ann.id)])
        return sorted(zip(holds.mapped("amount"), holds.mapped("state"), strict=True))

    def wallet_payments(self):
        payments = self.pos_session.order_ids.payment_ids
        wallet = payments.filtered("payment_method_id.member_asset_id")
        return {(payment.payment_method_id.name, payment.amount) for payment in wallet}
