from odoo.tests import tagged

from odoo.addons.member_card import ledger

from .common_pos_points import PosPointsCase


@tagged("post_install", "-at_install")
class TestPosPointsBack(PosPointsCase):
    """Points of goods that are given back (B3): the rest alone, whatever the order."""

    def test_whole(self):
        self.rule()
        order = self.cash_sale([40, 60])
        back = self.cash_back([(line, 1) for line in order.lines])
        self.assert_points(0)
        self.assertEqual(self.earning(order).clawed_back, 100)
        self.assertEqual(self.earning(order).line_ids.clawed_back, 100)
        self.assertEqual(
            (back.member_points_earned, back.member_points_after), (-100, 0)
        )
        posting = self.env["member.posting"].search(
            [("res_id", "=", back.id), ("kind", "=", "clawback")]
        )
        self.assertEqual(
            posting.request_key, f"pos:{back.uuid}:{self.earning(order).id}"
        )
        self.assertEqual(posting.reverses_posting_id, self.earning(order).posting_id)

    def test_parts_in_any_order_end_the_same(self):
        """3 points for every ¥10, rounded down: parts never add up to more or less."""
        self.rule(rate_points=3, rate_amount=10)
        prices = (13, 18, 24)
        for first, second in ((0, 1), (1, 0), (1, 2), (2, 0)):
            with self.subTest(first=first, second=second):
                before = self.points_of()[0]
                order = self.cash_sale(prices)
                self.assertEqual(self.points_of()[0] - before, 16)
                self.cash_back([(order.lines[first], 1)])
                self.cash_back([(order.lines[second], 1)])
                left = ({0, 1, 2} - {first, second}).pop()
                self.assertEqual(self.points_of()[0] - before, prices[left] * 3 // 10)

    def test_part_of_a_quantity(self):
        self.rule(mode="unit", rate_points=5)
        order = self.cash_sale([(self.book, 4, 40)])
        self.assert_points(20)
        self.cash_back([(order.lines, 1)])
        self.cash_back([(order.lines, 2)])
        self.assert_points(5)

    def test_below_the_minimum_nothing_is_left(self):
        self.rule(minimum_amount=100)
        order = self.cash_sale([40, 80])
        self.cash_back([(order.lines[0], 1)])
        self.assert_points(0)
        self.cash_back([(order.lines[1], 1)])
        self.assert_points(0)

    def test_rules_as_they_were(self):
        """A rule that changed, or is gone, takes back what it gave."""
        rule = self.rule(rate_points=2)
        order = self.cash_sale([40, 60])
        self.assert_points(200)
        rule.rate_points = 10
        self.cash_back([(order.lines[0], 1)])
        self.assert_points(120)
        rule.active = False
        self.cash_back([(order.lines[1], 1)])
        self.assert_points(0)

    def test_spent_already(self):
        """What is missing is owed, and settled from the next points."""
        self.rule()
        order = self.cash_sale([100])
        hold = self.hold(self.ann, 70, self.points)
        ledger.capture(self.env, hold, kind="redeem")
        self.post_commit()
        back = self.cash_back([(order.lines, 1)])
        self.assert_points(0, owed=70)
        self.assertEqual(back.member_points_after, 0)
        order = self.cash_sale([100])
        self.assertEqual(order.member_points_after, 30)
        self.assert_points(30)

    def test_exchange(self):
        self.rule()
        order = self.cash_sale([100])
        exchange = self.cash_back([(order.lines, 1)], sold=[(self.book, 1, 60)])
        self.assert_points(60)
        self.assertEqual(exchange.member_points_earned, -40)
        new = exchange.lines.filtered(lambda line: line.qty > 0)
        self.cash_back([(new, 1)])
        self.assert_points(0)

    def test_exchange_of_what_a_wallet_paid(self):
        """An even exchange adds nothing: goods pay for goods as they were paid."""
        self.rule(paid_part="without_wallet")
        wallet = (self.ann, self.principal)
        order = self.sale([(wallet, 100)], lines=[(100, 1)])
        self.assert_points(0)
        exchange = self.back([(order.lines, 1)], [], sold=[(self.book, 1, 100)])
        self.assert_points(0)
        # nor does it in the exchange of an exchange
        new = exchange.lines.filtered(lambda line: line.qty > 0)
        self.back([(new, 1)], [(self.cash, -50)], sold=[(self.book, 1, 150)])
        self.assert_points(50)

    def test_exchange_of_what_cash_paid(self):
        """90 of cash come back as goods, 10 from the wallet: 90 earn without it."""
        rule = self.rule(paid_part="without_wallet")
        for paid_part, expected in (("without_wallet", 90), ("wallet", 10)):
            with self.subTest(paid_part):
                rule.paid_part = paid_part
                before = self.points_of()[0]
                order = self.sale([(self.cash, 90)], lines=[(90, 1)])
                key = self.hold(self.ann, 10)
                data = self.order_data(
                    [
                        (self.book, -1, 90, {"refunded_orderline_id": order.lines.id}),
                        (self.book, 1, 100, {}),
                    ],
                    [(self.wallet, 10, key)],
                    self.ann,
                )
                self.send(data)
                self.assertEqual(self.points_of()[0] - before, expected)

    def test_exchange_of_what_both_paid(self):
        """80 of 100 came from wallets: so did as much of what is given for it."""
        self.rule(paid_part="without_wallet")
        order = self.split_sale()
        self.assert_points(20)
        self.back([(order.lines[1], 1)], [], sold=[(self.book, 1, 60)])
        self.assert_points(20)

    def test_exchange_that_names_itself(self):
        """A till that has a line bring back what the same order sells ends well."""
        self.rule(paid_part="without_wallet")
        order = self.cash_sale([100])
        line = order.lines.copy({"order_id": order.id, "qty": -1})
        line.refunded_orderline_id = order.lines[0]
        self.assertEqual(order._member_wallet_share(), 0)

    def test_other_customer_at_the_refund(self):
        """The points come from whom they went to, whoever brings the goods."""
        self.rule()
        order = self.cash_sale([100])
        self.send(
            self.order_data(
                [(self.book, -1, 100, {"refunded_orderline_id": order.lines.id})],
                [(self.cash, -100, None)],
                self.bob,
            )
        )
        self.assert_points(0)
        self.assert_points(0, partner=self.bob)

    def test_without_receipt(self):
        """What the goods would earn now is taken from the customer who is named."""
        self.rule(cap_day=100)
        self.cash_sale([100])
        data = self.order_data(
            [(self.book, -1, 40, {})], [(self.cash, -40, None)], self.ann
        )
        back = self.send(data)
        self.assert_points(60)
        self.assertEqual(back.member_points_earned, -40)

    def test_frozen_member(self):
        """Freezing blocks spending, never that points are taken back."""
        self.rule()
        order = self.cash_sale([100])
        self.ann.action_member_freeze()
        self.cash_back([(order.lines, 1)])
        self.assert_points(0)

    def test_top_up(self):
        """B3: a top-up earns by rules for top-ups; undoing a part takes its points."""
        self.rule("Sales")
        self.rule("Top-ups", earn_on="topup", rate_points=1, rate_amount=10)
        topup = self.top_up(self.ann, 500)
        self.assert_points(50)
        self.assertEqual(self.earning(topup).kind, "topup")
        for amount, expected in ((120, 38), (380, 0)):
            line = {"refunded_orderline_id": topup.lines.id}
            data = self.order_data(
                [(topup.lines.product_id, -1, amount, line)],
                [(self.cash, -amount, None)],
                self.ann,
            )
            answer = self.till.with_user(self.supervisor).member_topup_undo(
                topup.lines.id, amount, data["lines"][0][2]["uuid"], data["uuid"]
            )
            self.assertEqual(answer["status"], "ok", answer)
            self.send(data, self.supervisor)
            self.assert_points(expected)

    def test_refund_in_the_next_session(self):
        self.rule()
        order = self.cash_sale([100])
        self.close_session()
        session = self.open_session(self.till)
        self.cash_back([(order.lines, 1)], session=session)
        self.assert_points(0)
