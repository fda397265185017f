from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common_pos_points import PosPointsCase


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
