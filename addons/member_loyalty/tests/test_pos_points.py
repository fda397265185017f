from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.member_card import ledger

from .common_pos_points import PosPointsCase
from .common_rewards import RewardCase


@tagged("post_install", "-at_install")
class TestPosPoints(PosPointsCase):
    """What an order earns when it is paid at the till (B3, D11)."""

    def test_earns_once(self):
        rule = self.rule(rate_points=1, rate_amount=10)
        order = self.cash_sale([40, 65])
        self.assert_points(10)
        earning = self.earning(order)
        self.assertEqual(
            (earning.partner_id, earning.points, earning.kind, earning.reference),
            (self.ann, 10, "sale", order.pos_reference),
        )
        self.assertEqual(
            [
                (line.rule_id, line.rule_name, line.base, line.points)
                for line in earning.line_ids
            ],
            [(rule, "Sales", 105, 10)],
        )
        posting = earning.posting_id
        self.assertEqual(
            (posting.kind, posting.request_key, posting.state),
            ("earn", f"pos:{order.uuid}", "applied"),
        )
        self.assertEqual(
            (
                order.member_points_id,
                order.member_points_earned,
                order.member_points_spent,
                order.member_points_after,
            ),
            (self.ann, 10, 0, 10),
        )
        order.with_user(self.cashier).sudo().action_pos_order_paid()
        self.post_commit()
        self.assert_points(10)

    def test_with_taxes_after_discounts(self):
        self.rule()
        data = self.order_data([(self.tea, 1, 100, {"discount": 20})], [], self.ann)
        total = data["amount_total"]
        data["payment_ids"] = self.order_data([], [(self.cash, total, None)])[
            "payment_ids"
        ]
        self.send(data)
        self.assertGreater(total, 80)
        self.assert_points(int(total))

    def test_wallet_and_its_part(self):
        self.rule(paid_part="without_wallet")
        self.split_sale()
        self.assert_points(20)

    def test_lines_below_zero_lower_all_goods(self):
        """25 off 100: books that count half earn for 37.50 and 37.50."""
        pen = self.make_product("Pen", 50)
        self.rule(product_tmpl_ids=pen.product_tmpl_id.ids)
        discount = self.make_product("Order discount", 0)
        self.cash_sale([(self.book, 1, 50), (pen, 1, 50), (discount, 1, -25)])
        self.assert_points(37)

    def test_total_is_what_was_paid(self):
        """A till that says more of its lines than was paid earns for what was paid."""
        self.rule()
        data = self.order_data(
            [(self.book, 1, 40, {})], [(self.cash, 40, None)], self.ann
        )
        data["lines"][0][2]["price_subtotal_incl"] = 4000
        self.send(data)
        self.assert_points(40)

    def test_tip_earns_nothing(self):
        tip = self.make_product("Tip", 1)
        self.till.tip_product_id = tip
        self.rule()
        self.cash_sale([(self.book, 1, 40), (tip, 1, 10)])
        self.assert_points(40)

    # === WHO === #

    def test_customer_goes_before_payers(self):
        self.rule()
        order = self.sale([((self.bob, self.principal), 40)], partner=self.ann)
        self.assert_points(40)
        self.assert_points(0, partner=self.bob)
        self.assertEqual(order.member_points_id, self.ann)
        self.assertEqual(order.member_points_after, 40)

    def test_first_payer_when_the_customer_is_no_member(self):
        self.rule()
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        order = self.sale([((self.bob, self.principal), 40)], partner=stranger)
        self.assert_points(40, partner=self.bob)
        self.assertEqual(order.member_points_id, self.bob)

    def test_nobody(self):
        self.rule()
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        order = self.cash_sale([40], stranger)
        self.assertFalse(self.earning(order) or order.member_points_id)

    def test_who_may_not(self):
        """A frozen member, and a class without points, earn nothing; they keep all."""
        self.rule()
        self.cash_sale([40])
        self.ann.member_class_id.can_earn_points = False
        self.cash_sale([40])
        self.assert_points(40)
        self.ann.member_class_id.can_earn_points = True
        self.ann.action_member_freeze()
        self.cash_sale([40])
        self.assert_points(40)

    def test_cashier_with_the_own_card_is_named(self):
        """Whose till earns for the own membership stands in the operator log."""
        self.rule()
        own = self.cashier.partner_id
        own.with_user(self.cashier)._member_register(
            {
                "member_class_id": self.ann.member_class_id.id,
                "member_company_id": self.company.id,
            }
        )
        order = self.cash_sale([40], own)
        log = self.env["member.operator.log"].search([("action", "=", "own_card")])
        self.assertEqual((log.partner_id, log.user_id), (own, self.cashier))
        self.assertEqual(log.reference, order.pos_reference)
        self.cash_sale([40])
        self.assertEqual(
            self.env["member.operator.log"].search([("action", "=", "own_card")]), log
        )

    def test_browser_proves_nothing(self):
        self.rule()
        data = self.order_data(
            [(self.book, 1, 40, {})],
            [(self.cash, 40, None)],
            self.ann,
            member_points_earned=4000,
            member_points_after=4000,
            member_points_id=self.bob.id,
        )
        order = self.send(data)
        self.assertEqual(
            (order.member_points_earned, order.member_points_after), (40, 40)
        )
        order.with_user(self.cashier).write({"member_points_after": 4000})
        self.assertEqual(order.member_points_after, 40)

    # === WHEN === #

    def test_one_minute_to_midnight_in_the_stores_zone(self):
        """23:59 on Friday in Shanghai is a Friday, though it is 15:59 in UTC."""
        store = self.env["member.store"].create(
            {
                "name": "Bund",
                "code": "BUND",
                "tz": "Asia/Shanghai",
                "company_id": self.company.id,
            }
        )
        self.till.member_store_id = store
        self.rule(friday=True)
        session = self.session
        session.start_at = datetime(2026, 5, 15, 1)
        for moment, expected in (
            ("2026-05-15 15:59:00", 40),
            ("2026-05-15 16:00:00", 40),  # Saturday there
        ):
            with self.subTest(moment), freeze_time(moment):
                order = self.cash_sale([40])
                self.assertEqual(order.member_points_after, expected)
                if order.member_points_earned:
                    self.assertEqual(self.earning(order).store_id, store)

    def test_order_that_waited_counts_by_its_own_time(self):
        self.session.start_at = datetime(2026, 5, 15, 1)
        self.rule(friday=True)
        with freeze_time("2026-05-16 09:00:00"):
            self.cash_sale([40], date_order="2026-05-15 09:00:00")
            self.assert_points(40)
            # before the session, or to come: the server's own time
            self.cash_sale([40], date_order="2026-05-08 09:00:00")
            self.cash_sale([40], date_order="2026-05-22 09:00:00")
            self.assert_points(40)

    def test_expiry_by_rule(self):
        """Each time of expiry is a lot of its own; without one it is the asset's."""
        self.company.partner_id.tz = "Asia/Shanghai"
        self.rule("Sales", rate_amount=1)
        self.rule("This year", rate_amount=2, expiry="date", expiry_date="2030-12-31")
        order = self.cash_sale([40])
        lots = self.env["member.lot"].search(
            [
                ("balance_id.partner_id", "=", self.ann.id),
                ("asset_id", "=", self.points.id),
            ]
        )
        self.assertEqual(
            [(lot.remaining, lot.expires_at) for lot in lots],
            [(20, datetime(2030, 12, 31, 16)), (40, False)],
        )
        lines = self.earning(order).line_ids
        self.assertEqual(len(lines.posting_id), 2)
        self.cash_back([(order.lines, 1)])
        self.assert_points(0)

    # === CAPS === #

    def test_cap_per_day(self):
        self.rule(cap_day=50)
        first = self.cash_sale([40])
        self.cash_sale([40])
        self.assert_points(50)
        self.cash_back([(first.lines, 1)])
        self.assert_points(10)
        self.cash_sale([100])
        self.assert_points(50)

    # === COST === #

    def test_statements(self):
        """Earning costs few statements, however many lines the order has (P1)."""
        rule = self.rule()

        def count():
            data = self.order_data(
                [(self.book, 1, 40, {}), (self.tea, 1, 100, {})] * 3, [], self.ann
            )
            data["payment_ids"] = self.order_data(
                [], [(self.cash, data["amount_total"], None)]
            )["payment_ids"]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.send(data, commit=False)
            self.env.flush_all()
            count = self.env.cr.sql_log_count - before
            self.post_commit()
            return count

        count()
        with_points = count()
        rule.active = False
        count()
        self.assertLessEqual(with_points - count(), 4)


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
        """D5: a top-up earns by rules for top-ups; undoing a part takes its points."""
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


@tagged("post_install", "-at_install")
class TestPosPointsReceipt(RewardCase):
    """D11: the receipt tells what was earned, what was spent, and what there is."""

    def figures(self, order):
        return (
            order.member_points_earned,
            order.member_points_spent,
            order.member_points_after,
        )

    def test_gift_and_money_off(self):
        """Of 1,000 points: a mug for 300, ¥2 off for 200; 38 earned for the rest."""
        self.env["member.point.rule"].create(
            {"name": "Sales", "company_id": self.company.id}
        )
        gift = self.reserved(self.gift)
        money_off = self.reserved(self.money_off, 200)
        order = self.pay(
            [
                (self.book, 1, 40, {}),
                self.gift_line(gift),
                self.money_off_line(money_off, 2),
            ]
        )
        self.assertEqual(self.figures(order), (38, 500, 538))
        self.assertEqual(self.free_points(), 538)

    def test_nothing_but_a_gift(self):
        order = self.pay([self.gift_line(self.reserved(self.gift))])
        self.assertEqual(self.figures(order), (0, 300, 700))
        self.assertFalse(order.member_point_earning_ids)
