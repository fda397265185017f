from odoo.tests import new_test_user, tagged

from odoo.addons.member_card.tests.common_books import BooksCase


@tagged("post_install", "-at_install")
class TestPosPointsPreview(BooksCase):
    """B3, F2: what a sale will earn, asked by a cashier before it is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["member.point.rule"]
        cls.rules.search([]).active = False
        cls.rules.create({"name": "Sales", "company_id": False})
        cls.tea = cls.make_product("Tea", 30)
        cls.here = cls.till.with_user(cls.cashier)

    def lines(self, *amounts, quantity=1, product=None):
        product = product or self.tea
        return [
            {"product_id": product.id, "quantity": quantity, "amount": amount}
            for amount in amounts
        ]

    def ask(self, lines, total=None, paid_wallet=0.0, partner=None):
        if total is None:
            total = sum(line["amount"] for line in lines)
        return self.here.member_points_preview(
            (partner or self.ann).id, lines, total, paid_wallet
        )

    def assertEarns(self, answer, points, multiplier=1, notes=()):
        self.assertEqual(
            answer,
            {
                "status": "ok",
                "points": points,
                "multiplier": multiplier,
                "notes": list(notes),
            },
        )

    def test_points_of_a_basket(self):
        self.assertEarns(self.ask(self.lines(30, 60.5)), 90)
        self.assertEarns(self.ask([]), 0)

    def test_a_member_day_is_named(self):
        self.rules.create(
            {"name": "Member day", "effect": "multiplier", "multiplier": 2}
        )
        self.assertEarns(self.ask(self.lines(30)), 60, 2, ["Member day: ×2"])
        self.assertEqual(
            self.here._member_points_today(self.ann.sudo()), ["Member day: ×2"]
        )

    def test_the_class_is_named(self):
        self.ann.member_class_id.point_multiplier = 1.5
        note = f"{self.ann.member_class_id.name}: ×1.5"
        self.assertEarns(self.ask(self.lines(30)), 45, 1.5, [note])
        self.assertEqual(self.here._member_points_today(self.ann.sudo()), [note])

    def test_what_does_not_count_for_this_basket_is_named_for_today_only(self):
        self.rules.create(
            {
                "name": "Large",
                "effect": "multiplier",
                "multiplier": 3,
                "minimum_amount": 500,
                "product_tmpl_ids": self.tea.product_tmpl_id.ids,
            }
        )
        self.rules.create(
            {
                "name": "Over",
                "effect": "multiplier",
                "multiplier": 9,
                "date_to": "2020-01-01",
            }
        )
        self.assertEarns(self.ask(self.lines(30)), 30)
        amount = self.company.currency_id.format(500)
        note = f"Large: ×3 for Tea, from {amount} on"
        self.assertEqual(self.here._member_points_today(self.ann.sudo()), [note])
        self.assertEarns(self.ask(self.lines(600)), 1800, 3, [note])

    def test_a_discount_lowers_all(self):
        self.assertEarns(self.ask(self.lines(100, 100, -20)), 180)

    def test_goods_that_come_back_earn_nothing(self):
        lines = self.lines(100) + self.lines(-40, quantity=-1)
        self.assertEarns(self.ask(lines), 100)

    def test_what_the_wallet_pays(self):
        self.rules.search([]).paid_part = "without_wallet"
        self.assertEarns(self.ask(self.lines(100), paid_wallet=30), 70)

    def test_goods_that_a_wallet_paid_pay_for_others(self):
        self.rules.search([]).paid_part = "without_wallet"
        self.credit(self.ann, money=100)
        sold = self.sell(self.ann, 100).lines
        back = self.lines(-100, quantity=-1, product=self.book)
        self.assertEarns(self.ask(self.lines(100) + back), 100)
        back[0]["refunded_orderline_id"] = sold.id
        self.assertEarns(self.ask(self.lines(100) + back), 0)
        self.assertEarns(self.ask(self.lines(150) + back), 50)
        self.assertEarns(self.ask(self.lines(150) + back, paid_wallet=50), 0)
        for unknown in (2**31 - 1, 0, False):
            back[0]["refunded_orderline_id"] = unknown
            self.assertEarns(self.ask(self.lines(100) + back), 100)

    def test_a_class_without_points_is_told(self):
        self.ann.member_class_id.can_earn_points = False
        answer = self.ask(self.lines(100))
        self.assertEqual(answer["points"], 0)
        self.assertIn("earn no points", answer["notes"][0])
        self.assertEqual(
            self.here._member_points_today(self.ann.sudo()), answer["notes"]
        )

    def test_a_frozen_member_is_told(self):
        self.ann.sudo().member_state = "frozen"
        answer = self.ask(self.lines(100))
        self.assertEqual((answer["status"], answer["points"]), ("ok", 0))

    def test_nothing_is_counted(self):
        self.rules.search([]).cap_day = 50
        for _asked in range(2):
            self.assertEarns(self.ask(self.lines(100)), 50)

    def test_malformed_lines_are_refused(self):
        for lines in (
            "x",
            [1],
            [{"product_id": "1", "quantity": 1, "amount": 1}],
            [{"product_id": 2**40, "quantity": 1, "amount": 1}],
            [{"product_id": self.tea.id, "quantity": 1, "amount": None}],
            [{"product_id": self.tea.id, "quantity": float("nan"), "amount": 1}],
            [{"product_id": self.tea.id, "quantity": 1, "amount": 10**12}],
            [{**self.lines(-1, quantity=-1)[0], "refunded_orderline_id": "1"}],
            [{**self.lines(-1, quantity=-1)[0], "refunded_orderline_id": 2**40}],
        ):
            with self.subTest(lines):
                answer = self.here.member_points_preview(self.ann.id, lines, 0, 0)
                self.assertEqual(answer["status"], "bad_request")

    def test_an_unknown_product_earns_nothing(self):
        lines = [{"product_id": 2**31 - 1, "quantity": 1, "amount": 10}]
        self.assertEarns(self.ask(lines), 0)

    def test_who_is_no_cashier_here_is_refused(self):
        clerk = new_test_user(self.env, "clerk", "base.group_user")
        here = self.till.with_user(clerk)
        answer = here.member_points_preview(self.ann.id, self.lines(10), 10, 0)
        self.assertEqual(answer["status"], "forbidden")

    def test_who_is_no_member_is_refused(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        answer = self.ask(self.lines(10), partner=stranger)
        self.assertEqual(answer["status"], "not_member")
