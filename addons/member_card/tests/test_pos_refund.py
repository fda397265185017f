from uuid import uuid4

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import ledger
from .common_refund import RefundCase


@tagged("post_install", "-at_install")
class TestPosRefund(RefundCase):
    """D8: what was paid by several means goes back by the same, in proportion."""

    def test_whole_refund(self):
        order = self.split_sale()
        self.assertEqual(self.figures(), (70, 0, 70))
        self.assertEqual(
            self.plan(order, 100),
            [
                (self.wallet_bonus, "Ann", 20),
                (self.wallet, "Ann", 30),
                (self.wallet, "Bob", 30),
                (self.cash, "", 20),
            ],
        )
        refund = self.back(
            [(line, 1) for line in order.lines],
            [
                ((self.ann, self.bonus), 20),
                ((self.ann, self.principal), 30),
                ((self.bob, self.principal), 30),
                (self.cash, 20),
            ],
        )
        self.assertEqual(refund.state, "paid")
        self.assertEqual(self.figures(), (100, 20, 100))
        self.assertEqual(
            [
                (payment.member_id.name, payment.member_payer)
                for payment in refund.payment_ids.sorted("id")
            ],
            [("Ann", "Ann"), ("Ann", "Ann"), ("Bob", "Bob"), (False, False)],
        )

    def test_two_partial_refunds(self):
        """Each by what remains then; together exactly what was paid."""
        order = self.split_sale()
        first, second = order.lines
        self.assertEqual([part[2] for part in self.plan(order, 40)], [8, 12, 12, 8])
        self.back(
            [(first, 1)],
            [
                ((self.ann, self.bonus), 8),
                ((self.ann, self.principal), 12),
                ((self.bob, self.principal), 12),
                (self.cash, 8),
            ],
        )
        self.assertEqual([part[2] for part in self.plan(order, 60)], [12, 18, 18, 12])
        self.back(
            [(second, 1)],
            [
                ((self.ann, self.bonus), 12),
                ((self.ann, self.principal), 18),
                ((self.bob, self.principal), 18),
                (self.cash, 12),
            ],
        )
        self.assertEqual(self.figures(), (100, 20, 100))
        answer = self.till.with_user(self.cashier).member_refund_plan(
            order.lines.ids, 0.01
        )
        self.assertEqual(answer["status"], "ok")  # a cent is dust
        answer = self.till.with_user(self.cashier).member_refund_plan(
            order.lines.ids, 1
        )
        self.assertEqual(answer["status"], "nothing_left")

    def test_rounding_goes_to_the_last(self):
        order = self.sale(
            [((self.ann, self.principal), 20), ((self.bob, self.principal), 20)],
            lines=((13.33, 3), (0.01, 1)),
        )
        self.assertEqual([p[2] for p in self.plan(order, 13.33)], [6.67, 6.66])

    def test_change_is_no_money_that_was_paid(self):
        """50 in cash with 30 back is 20 paid in cash."""
        order = self.sale(
            [((self.ann, self.principal), 20), (self.cash, 50)], amount_return=-30
        )
        self.assertEqual([part[2] for part in self.plan(order, 40)], [20, 20])

    def test_sale_without_a_wallet_is_cores_own(self):
        order = self.sale([(self.cash, 40)])
        self.assertEqual(self.plan(order, 40), [])
        self.assertEqual(self.back([(order.lines, 1)], [(self.bank, 40)]).state, "paid")

    # === MORE THAN CAME BACK === #

    def forged(self, order, lines, given, **values):
        """Return a refund for Ann's wallet whose lines come to less than is given."""
        data = self.order_data(
            lines, [(self.wallet, -given, None)], amount_total=-given, **values
        )
        data["payment_ids"][0][2]["member_refund_ref"] = self.ann.id
        return data

    def assert_not_given(self, sentence, data, user=None):
        before = self.figures()
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            self.send(data, user)
        self.env.invalidate_all()
        self.assertEqual(self.figures(), before)

    def test_total_that_the_lines_do_not_come_to(self):
        """Dishonest: one unit comes back, what the wallet paid for ten goes back."""
        order = self.sale([((self.ann, self.principal), 100)], lines=((10, 10),))
        origin = {"refunded_orderline_id": order.lines.id}
        for quantity in (-1, -0.001):
            data = self.forged(order, [(self.book, quantity, 10, origin)], 100)
            self.assert_not_given("The lines come to", data)
        data = self.forged(order, [(self.book, -1, 10, origin)], 100)
        data["payment_ids"][0][2]["payment_method_id"] = self.cash.id
        self.assert_not_given("The lines come to", data, self.supervisor)

    def test_refunded_at_another_price(self):
        """Dishonest: the lines come to the total, and were sold for less."""
        order = self.sale([((self.ann, self.principal), 100)], lines=((10, 10),))
        origin = {"refunded_orderline_id": order.lines.id}
        data = self.forged(order, [(self.book, -1, 100, origin)], 100)
        self.assert_not_given("an order of their own", data)

    def test_refunded_as_another_product(self):
        order = self.sale([((self.ann, self.principal), 100)], lines=((10, 10),))
        origin = {"refunded_orderline_id": order.lines.id, "tax_ids": []}
        more = {**origin, "price_subtotal": -100, "price_subtotal_incl": -100}
        data = self.forged(order, [(self.tea, -1, 100, more)], 100)
        self.assert_not_given("an order of their own", data, self.supervisor)

    def test_more_given_back_by_a_line_of_its_own(self):
        """Dishonest: a price below zero beside the unit that comes back."""
        order = self.sale([((self.ann, self.principal), 100)], lines=((10, 10),))
        origin = {"refunded_orderline_id": order.lines.id}
        lines = [(self.book, -1, 10, origin), (self.book, 1, -90, {})]
        self.assert_not_given("an order of their own", self.forged(order, lines, 100))

    def test_lines_without_their_sign(self):
        """A till turns the amounts of a refund's lines round: nothing is wrong."""
        order = self.sale([((self.ann, self.principal), 100)], lines=((10, 10),))
        more = {
            "refunded_orderline_id": order.lines.id,
            "price_subtotal": 20,
            "price_subtotal_incl": 20,
        }
        data = self.forged(order, [(self.book, -2, 10, more)], 20)
        data["partner_id"] = self.ann.id
        refund = self.send(data)
        self.assertEqual(self.available(self.ann), 20)
        self.assertFalse(refund.member_price_exception_ids)

    # === ANOTHER WAY === #

    def test_cash_for_what_a_wallet_paid(self):
        """Dishonest: principal (or a bonus!) is not turned into cash at the till."""
        order = self.sale([((self.ann, self.principal), 40)])
        self.assert_refused(
            "goes back as it was paid: Member wallet Ann",
            [(order.lines, 1)],
            [(self.cash, 40)],
        )
        refund = self.back([(order.lines, 1)], [(self.cash, 40)], self.supervisor)
        self.assertEqual(refund.state, "paid")
        self.assertEqual(self.figures(), (60, 20, 100))
        log = self.env["member.operator.log"].search(
            [("action", "=", "refund_changed")]
        )
        self.assertEqual(
            (log.user_id, log.partner_id, log.reference),
            (self.supervisor, self.ann, refund.pos_reference),
        )

    def test_approved_by_a_supervisor(self):
        """One approval is good for one refund, up to its amount."""
        order = self.sale([((self.ann, self.principal), 40)], lines=((20, 2),))
        refund, uuids = [(order.lines, 1)], [str(uuid4()) for _number in range(3)]
        self.approve("refund_limit", 19.99, uuids[0], refund)
        self.assert_refused("as it was paid", refund, [(self.cash, 20)], uuid=uuids[0])
        self.approve("refund_limit", 20, uuids[1], refund)
        self.assert_refused("as it was paid", refund, [(self.cash, 20)], uuid=uuids[2])
        self.assertEqual(
            self.back(refund, [(self.cash, 20)], uuid=uuids[1]).state, "paid"
        )
        self.assert_refused("as it was paid", refund, [(self.cash, 20)])

    def test_a_little_more_cash_than_its_share(self):
        order = self.split_sale()
        self.assert_refused(
            "goes back as it was paid",
            [(order.lines[0], 1)],
            [
                ((self.ann, self.bonus), 8),
                ((self.ann, self.principal), 12),
                ((self.bob, self.principal), 11.9),
                (self.cash, 8.1),
            ],
        )

    def test_bonus_does_not_come_back_as_principal(self):
        order = self.split_sale()
        self.assert_refused(
            "goes back as it was paid",
            [(order.lines[0], 1)],
            [
                ((self.ann, self.principal), 20),
                ((self.bob, self.principal), 12),
                (self.cash, 8),
            ],
        )

    def test_one_member_does_not_get_the_others_part(self):
        order = self.split_sale()
        self.assert_refused(
            "goes back as it was paid",
            [(order.lines[0], 1)],
            [
                ((self.ann, self.bonus), 8),
                ((self.ann, self.principal), 24),
                (self.cash, 8),
            ],
        )

    def test_even_a_supervisor_gives_no_wallet_more_than_it_paid(self):
        order = self.split_sale()
        self.assert_refused(
            "can be given back",
            [(line, 1) for line in order.lines],
            [((self.bob, self.principal), 100)],
            user=self.supervisor,
        )

    def test_bank_or_cash_is_the_cashiers_choice(self):
        """A terminal may be down: money is money."""
        order = self.sale([((self.ann, self.principal), 20), (self.bank, 20)])
        self.back(
            [(order.lines, 1)], [((self.ann, self.principal), 20), (self.cash, 20)]
        )
        self.assertEqual(self.figures(), (100, 20, 100))

    # === NEVER TWICE === #

    def test_goods_come_back_once(self):
        """Core leaves the quantity to the browser: two tills would pay twice."""
        order = self.sale([((self.ann, self.principal), 20), (self.cash, 20)])
        payments = [((self.ann, self.principal), 20), (self.cash, 20)]
        self.back([(order.lines, 1)], payments)
        self.assert_refused("refunded already", [(order.lines, 1)], payments)
        self.assert_refused("refunded already", [(order.lines, 1)], [(self.cash, 40)])

    def test_goods_sold_again_do_not_come_back_for_the_old_sale(self):
        """A sale that names an old one does not let its goods be refunded again."""
        order = self.sale([((self.ann, self.principal), 40)], lines=((20, 1), (20, 1)))
        tea, _other = order.lines.sorted("id")
        self.back([(tea, 1)], [((self.ann, self.principal), 20)])
        self.send(
            self.order_data(
                [(self.book, 1, 20, {"refunded_orderline_id": tea.id})],
                [(self.cash, 20, None)],
                self.ann,
            )
        )
        self.assert_refused(
            "refunded already", [(tea, 1)], [((self.ann, self.principal), 20)]
        )

    def test_forged_price(self):
        """Less goods, a higher price: never more than was paid."""
        order = self.sale(
            [((self.ann, self.principal), 20), (self.cash, 20)], lines=((20, 2),)
        )
        line = order.lines
        self.back([(line, 1)], [((self.ann, self.principal), 10), (self.cash, 10)])
        data = self.order_data(
            [(self.book, -1, 30, {"refunded_orderline_id": line.id})],
            [(self.cash, -30, None)],
            self.ann,
        )
        with (
            self.assertRaisesRegex(UserError, "is left to be given back"),
            self.env.cr.savepoint(),
        ):
            self.send(data, self.supervisor)

    # === EXCHANGE === #

    def test_exchange_for_something_cheaper(self):
        """40 back, 25 bought: 15 in proportion; the rest stays in the goods."""
        order = self.sale([((self.ann, self.principal), 20), (self.cash, 20)])
        self.assertEqual([part[2] for part in self.plan(order, 15)], [7.5, 7.5])
        exchange = self.back(
            [(order.lines, 1)],
            [((self.ann, self.principal), 7.5), (self.cash, 7.5)],
            sold=[(self.book, 1, 25)],
        )
        self.assertEqual((exchange.state, exchange.amount_total), ("paid", -15))
        self.assertEqual(self.figures(), (87.5, 20, 100))
        # what was bought in exchange was paid for by the first sale
        self.assertEqual(
            self.plan(exchange, 25),
            [(self.wallet, "Ann", 12.5), (self.cash, "", 12.5)],
        )
        self.back(
            [(exchange.lines[1], 1)],
            [((self.ann, self.principal), 12.5), (self.cash, 12.5)],
        )
        self.assertEqual(self.figures(), (100, 20, 100))

    def test_exchange_for_something_dearer(self):
        """40 back, 70 bought: the wallet pays 30 more."""
        order = self.sale([((self.ann, self.principal), 40)])
        key = self.hold(self.ann, 30)
        line = order.lines
        exchange = self.send(
            self.order_data(
                [
                    (self.book, -1, 40, {"refunded_orderline_id": line.id}),
                    (self.book, 1, 70, {}),
                ],
                [(self.wallet, 30, key)],
                self.ann,
            )
        )
        self.assertEqual((exchange.state, exchange.amount_total), ("paid", 30))
        self.assertEqual(self.figures(), (30, 20, 100))
        self.assertEqual(self.plan(exchange, 70), [(self.wallet, "Ann", 70)])
        self.assert_refused(
            "goes back as it was paid", [(exchange.lines[1], 1)], [(self.cash, 70)]
        )
        self.back([(exchange.lines[1], 1)], [((self.ann, self.principal), 70)])
        self.assertEqual(self.figures(), (100, 20, 100))

    def test_exchange_for_the_same_price(self):
        order = self.sale([((self.ann, self.principal), 40)])
        exchange = self.back([(order.lines, 1)], [], sold=[(self.book, 1, 40)])
        self.assertEqual((exchange.state, self.figures()), ("paid", (60, 20, 100)))
        self.back([(exchange.lines[1], 1)], [((self.ann, self.principal), 40)])
        self.assertEqual(self.figures(), (100, 20, 100))

    # === OTHER TILLS, OTHER TIMES === #

    def test_in_a_later_session_of_another_till(self):
        """Cash of one till is cash of the other."""
        order = self.split_sale()
        self.close_session()
        till, cash, _bank = self.make_other_till()
        session = self.open_session(till)
        plan = self.plan(order, 100, till)
        self.assertEqual(plan[-1], (cash, "", 20))
        self.back(
            [(line, 1) for line in order.lines],
            [
                ((self.ann, self.bonus), 20),
                ((self.ann, self.principal), 30),
                ((self.bob, self.principal), 30),
                (cash, 20),
            ],
            session=session,
        )
        self.assertEqual(self.figures(), (100, 20, 100))

    def make_other_till(self):
        journal = self.env["account.journal"].create(
            {"name": "Other cash", "type": "cash", "code": "OTHER"}
        )
        cash = self.env["pos.payment.method"].create(
            {"name": "Other cash", "journal_id": journal.id}
        )
        wallets = self.wallet | self.wallet_bonus
        till = self.env["pos.config"].create(
            {
                "name": "Other till",
                "payment_method_ids": [Command.set((cash | self.bank | wallets).ids)],
            }
        )
        return till, cash, self.bank

    def test_till_without_the_pocket(self):
        order = self.split_sale()
        till, _cash, _bank = self.make_other_till()
        till.payment_method_ids -= self.wallet_bonus
        self.open_session(till)
        answer = till.with_user(self.cashier).member_refund_plan(order.lines.ids, 100)
        self.assertEqual(answer["status"], "no_method")
        self.assertIn("another till", answer["message"])

    def test_frozen_member_gets_it_back(self):
        """Guarantee 7: freezing blocks spending, never a refund."""
        self.env["member.card"]._issue(self.ann)
        order = self.sale([((self.ann, self.principal), 40)])
        self.ann.member_card_ids.action_freeze()
        self.ann.action_member_freeze()
        self.assertEqual(self.plan(order, 40), [(self.wallet, "Ann", 40)])
        self.back([(order.lines, 1)], [((self.ann, self.principal), 40)])
        self.assertEqual(self.figures(), (100, 20, 100))

    def test_sale_that_the_wallet_could_not_pay(self):
        """Nobody gives back what the member still owes; once settled, it is money."""
        key = self.hold(self.ann, 40, ttl=-1)
        ledger.expire(self.env)
        self.sale([((self.ann, self.principal), 100)], lines=((100, 1),))
        order = self.send(
            self.order_data(
                [(self.book, 1, 40, {})], [(self.wallet, 40, key)], self.ann
            )
        )
        answer = self.till.with_user(self.cashier).member_refund_plan(
            order.lines.ids, 40
        )
        self.assertEqual(answer["status"], "unsettled")
        order.member_exception_ids.action_done()
        self.assertEqual(self.plan(order, 40), [(self.cash, "", 40)])
        self.back([(order.lines, 1)], [(self.cash, 40)])
        self.assertEqual(self.figures(), (0, 20, 100))

    # === THE VERB === #

    def test_verb_refuses_what_is_no_sale_of_this_company(self):
        verb = self.till.with_user(self.cashier).member_refund_plan
        draft = self.send(
            {
                **self.order_data([(self.book, 1, 40, {})], [], self.ann),
                "state": "draft",
            }
        )
        for ids, code in (
            ([], "not_found"),
            ([0], "bad_request"),
            ([2**40], "bad_request"),
            (draft.lines.ids, "not_found"),
            ("1", "bad_request"),
            (["1"], "bad_request"),
        ):
            self.assertEqual(verb(ids, 10)["status"], code, ids)
        order = self.sale([((self.ann, self.principal), 40)])
        for amount in (0, -1, "1", float("nan"), 0.001):
            answer = verb(order.lines.ids, amount)
            self.assertEqual(answer["status"], "invalid_amount", amount)
