from uuid import uuid4

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import ledger
from .common_books import BooksCase


@tagged("post_install", "-at_install")
class TestPosClaim(BooksCase):
    """A wallet line pays only what its member agreed to, whatever the browser says."""

    def setUp(self):
        super().setUp()
        self.credit(self.ann, money=100)
        self.credit(self.bob, money=100)

    def assert_refused(self, data, sentence, **options):
        """Send an order that must be refused, and leave every wallet as it was."""
        before = self.available(self.ann), self.available(self.bob)
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            self.send(data, **options)
        self.env.invalidate_all()
        self.assertEqual((self.available(self.ann), self.available(self.bob)), before)
        self.assertFalse(
            self.env["pos.order"].search([("uuid", "=", data["uuid"])]),
        )

    def order(self, payments, amount=40, partner=None, **values):
        return self.order_data(
            [(self.book, 1, amount, {})], payments, partner or self.ann, **values
        )

    # === FORGED === #

    def test_no_hold(self):
        """Direct RPC as a cashier: a payment line alone moves nothing."""
        self.assert_refused(self.order([(self.wallet, 40, None)]), "was not reserved")

    def test_room_of_a_topup_is_no_money(self):
        """What was reserved for money to come in cannot pay an order."""
        key = str(uuid4())
        ledger.hold(
            self.env,
            [(self.ann.id, self.principal.id, 40, key)],
            key,
            direction="in",
        )
        self.assert_refused(self.order([(self.wallet, 40, key)]), "was not reserved")

    def test_more_than_was_agreed(self):
        key = self.hold(self.ann, 10)
        self.assert_refused(self.order([(self.wallet, 40, key)]), "agreed to")

    def test_less_than_was_agreed(self):
        """The PIN was given for one amount; another one needs it again."""
        key = self.hold(self.ann, 40)
        self.assert_refused(
            self.order([(self.wallet, 30, key), (self.cash, 10, None)]), "agreed to"
        )

    def test_other_pocket_than_was_agreed(self):
        key = self.hold(self.ann, 40)
        self.assert_refused(self.order([(self.wallet_bonus, 40, key)]), "agreed to")

    def test_released_hold(self):
        key = self.hold(self.ann, 40)
        ledger.release(self.env, [key])
        self.assert_refused(self.order([(self.wallet, 40, key)]), "given back")

    def test_the_same_hold_for_two_orders(self):
        key = self.hold(self.ann, 40)
        order = self.send(self.order([(self.wallet, 40, key)]))
        self.assertEqual(order.state, "paid")
        data = self.order([(self.wallet, 40, key)])
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.send(data)
        self.env.invalidate_all()
        self.assertFalse(self.env["pos.order"].search([("uuid", "=", data["uuid"])]))
        self.assertEqual(self.available(self.ann), 60)

    def test_member_is_the_holds_whatever_the_browser_says(self):
        """The order's customer may differ; who pays is who gave the PIN."""
        key = self.hold(self.bob, 40)
        data = self.order([(self.wallet, 40, key)], partner=self.ann)
        data["payment_ids"][0][2]["member_id"] = self.ann.id
        order = self.send(data)
        self.assertEqual(order.payment_ids.member_id, self.bob)
        self.assertEqual(self.available(self.ann), 100)
        self.assertEqual(self.available(self.bob), 60)

    def test_snapshot_fields_are_not_the_browsers(self):
        key = self.hold(self.ann, 40)
        order = self.send(
            self.order(
                [(self.wallet, 40, key)],
                member_available_after=9999,
                member_id=self.bob.id,
                member_number="forged",
                is_member_topup=True,
            )
        )
        self.assertEqual(order.member_available_after, 60)
        self.assertEqual(order.member_id, self.ann)
        self.assertEqual(order.member_number, self.ann.member_number)
        self.assertEqual(order.member_paid, 40)
        self.assertFalse(order.is_member_topup)
        order.with_user(self.cashier).write({"member_available_after": 9999})
        self.assertEqual(order.member_available_after, 60)

    def test_no_change_from_a_wallet(self):
        key = self.hold(self.ann, 60)
        data = self.order([(self.wallet, 60, key)])
        data["amount_return"] = -20
        self.assert_refused(data, "no change")

    def test_change_from_cash_is_fine(self):
        """What is given back was brought in cash."""
        key = self.hold(self.ann, 30)
        data = self.order([(self.wallet, 30, key), (self.cash, 20, None)])
        data["amount_return"] = -10
        order = self.send(data)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.available(self.ann), 70)

    def test_negative_line_on_a_sale(self):
        key = self.hold(self.ann, 50)
        self.assert_refused(
            self.order([(self.wallet, 50, key), (self.wallet_bonus, -10, None)]),
            "no change",
        )

    def test_order_made_paid_by_rpc(self):
        """Writing the state pays nothing."""
        Order = self.env["pos.order"].with_user(self.cashier)
        data = self.order([(self.wallet, 40, None)])
        for name in ("access_token", "is_refund"):
            data.pop(name)
        order = Order.create(data)
        self.assertEqual(order.state, "draft")
        with self.assertRaisesRegex(UserError, "Pay it at the till"):
            order.write({"state": "paid"})
        with self.assertRaisesRegex(UserError, "was not reserved"):
            order.action_pos_order_paid()

    def test_payment_wizard_of_the_backend(self):
        """It makes an uuid of its own, which no hold carries."""
        data = self.order([])
        for name in ("access_token", "is_refund"):
            data.pop(name)
        order = (
            self.env["pos.order"]
            .with_user(self.cashier)
            .create({**data, "state": "draft"})
        )
        wizard = (
            self.env["pos.make.payment"]
            .with_context(active_id=order.id, active_ids=order.ids)
            .create({"payment_method_id": self.wallet.id, "amount": 40})
        )
        with self.assertRaisesRegex(UserError, "was not reserved"):
            wizard.check()

    def test_pocket_without_an_account(self):
        """Better told before the goods are gone than when the session closes."""
        self.credit(self.ann, bonus=40)
        self.company.member_discount_account_id = False
        key = self.hold(self.ann, 40, self.bonus)
        self.assert_refused(
            self.order([(self.wallet_bonus, 40, key)]), "No account is set"
        )

    def test_till_in_another_currency(self):
        """A wallet is not converted: such a till takes other money."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        journal = self.env["account.journal"].create(
            {
                "name": "Sales in euro",
                "type": "sale",
                "code": "EURS",
                "currency_id": euro.id,
            }
        )
        till = self.env["pos.config"].create(
            {
                "name": "Euro till",
                "journal_id": journal.id,
                "payment_method_ids": [Command.set(self.wallet.ids)],
            }
        )
        session = self.open_session(till)
        key = self.hold(self.ann, 40)
        self.assert_refused(
            self.order([(self.wallet, 40, key)], session=session), "Pay otherwise"
        )

    # === AFTER PAYING === #

    def test_paid_wallet_line_is_fixed(self):
        key = self.hold(self.ann, 40)
        order = self.send(self.order([(self.wallet, 40, key)]))
        payment = order.payment_ids.with_user(self.cashier)
        for vals in (
            {"amount": 1},
            {"payment_method_id": self.cash.id},
            {"uuid": str(uuid4())},
        ):
            with self.assertRaisesRegex(UserError, "paid order"):
                payment.write(vals)
        with self.assertRaisesRegex(UserError, "paid order"):
            payment.unlink()
        payment.write({"member_id": self.bob.id})
        self.assertEqual(payment.member_id, self.ann)

    def test_paid_cash_line_does_not_become_a_wallet_line(self):
        order = self.send(self.order([(self.cash, 40, None)]))
        with self.assertRaisesRegex(UserError, "paid order"):
            order.payment_ids.with_user(self.cashier).write(
                {"payment_method_id": self.wallet.id}
            )

    def test_wallet_line_is_not_added_to_a_paid_order(self):
        order = self.send(self.order([(self.cash, 40, None)]))
        key = self.hold(self.ann, 40)
        with self.assertRaisesRegex(UserError, "paid order"):
            self.env["pos.payment"].with_user(self.cashier).create(
                {
                    "pos_order_id": order.id,
                    "payment_method_id": self.wallet.id,
                    "amount": 40,
                    "uuid": key,
                }
            )

    def test_the_same_order_sent_twice_pays_once(self):
        """The answer was lost: the till sends the order again."""
        key = self.hold(self.ann, 40)
        data = self.order([(self.wallet, 40, key)])
        first = self.send({**data})
        again = self.send({**data})
        self.assertEqual(again, first)
        self.assertEqual(self.available(self.ann), 60)

    def test_draft_order_with_a_wallet_line_is_paid_later(self):
        """A line may reach the server before the order is paid."""
        key = self.hold(self.ann, 40)
        data = self.order([(self.wallet, 40, key)])
        draft = self.send({**data, "state": "draft"})
        self.assertEqual(draft.state, "draft")
        self.assertEqual(self.available(self.ann), 60)
        paid = self.send({**data, "lines": [], "payment_ids": []})
        self.assertEqual((paid, paid.state), (draft, "paid"))
        self.assertEqual(paid.payment_ids.member_id, self.ann)
        self.assertEqual(self.available(self.ann), 60)

    def test_another_till_is_told_whose_wallet_pays_a_draft(self):
        """D8: the order's customer need not be who pays."""
        here = ledger.Context(pos_config_id=self.till.id)
        elsewhere = ledger.Context(pos_config_id=self.till.copy().id)
        payments = [
            (self.wallet, 30, self.hold(self.ann, 30, context=here)),
            (self.wallet, 10, self.hold(self.ann, 10, context=elsewhere)),
        ]
        data = self.order(payments, partner=self.bob)
        draft = self.send({**data, "state": "draft"})
        self.assertEqual(
            self.payers_read(draft), {30: {"id": self.ann.id, "name": "Ann"}, 10: None}
        )

    def test_a_paid_order_tells_no_more_than_its_receipt(self):
        here = ledger.Context(pos_config_id=self.till.id)
        key = self.hold(self.ann, 40, context=here)
        order = self.send(self.order([(self.wallet, 40, key)]))
        self.assertEqual(self.payers_read(order), {40: None})

    def payers_read(self, order):
        """Return whose wallet a till is told for each amount of an order."""
        read = (
            self.env["pos.order"]
            .with_user(self.cashier)
            .read_pos_orders([("id", "=", order.id)])
        )
        return {
            payment["amount"]: payment.get("_member_payer")
            for payment in read["pos.payment"]
        }

    # === LATE === #

    def test_expired_hold_is_placed_again(self):
        """The order waited for the network; the money is still there."""
        key = self.hold(self.ann, 40, ttl=-1)
        ledger.expire(self.env)
        self.assertEqual(self.available(self.ann), 100)
        order = self.send(self.order([(self.wallet, 40, key)]))
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.available(self.ann), 60)
        self.assertFalse(order.member_exception_ids)

    def test_expired_hold_of_another_till_is_not_placed_again(self):
        """The member agreed there; only a till that shares its orders may be late."""
        other = self.till.copy()
        context = ledger.Context(pos_config_id=other.id)
        key = self.hold(self.ann, 40, ttl=-1, context=context)
        ledger.expire(self.env)
        data = self.order([(self.wallet, 40, key)])
        self.assert_refused(data, "at another till")
        self.till.trusted_config_ids = other
        self.assertEqual(self.send(data).state, "paid")
        self.assertEqual(self.available(self.ann), 60)

    def test_expired_hold_without_money_is_owed_by_the_member(self):
        """The goods are gone: the till goes on, a supervisor sees it, books balance."""
        key = self.hold(self.ann, 40, ttl=-1)
        ledger.expire(self.env)
        self.send(self.order([(self.wallet, 90, self.hold(self.ann, 90))], 90))
        order = self.send(self.order([(self.wallet, 40, key)]))
        self.assertEqual(order.state, "paid")
        exception = order.member_exception_ids
        self.assertEqual(
            (exception.reason, exception.amount, exception.partner_id, exception.state),
            ("unpaid", 40, self.ann, "open"),
        )
        self.assertEqual(self.available(self.ann), 10)
        move = self.close_session()
        self.assert_items(
            move,
            [
                (self.sales, "", -130.0),
                (self.deposits, "Ann", 90.0),
                (self.ann.property_account_receivable_id, "Ann", 40.0),
            ],
        )
        with self.assertRaises(AccessError):
            exception.amount = 1
        exception.resolution = "Paid in cash"
        exception.action_done()
        self.assertEqual(
            (exception.state, exception.done_by_id), ("done", self.env.user)
        )

    def test_expired_hold_of_a_frozen_member_is_owed(self):
        key = self.hold(self.ann, 40, ttl=-1)
        ledger.expire(self.env)
        self.ann.action_member_freeze()
        order = self.send(self.order([(self.wallet, 40, key)]))
        self.assertEqual(order.member_exception_ids.reason, "unpaid")
        self.assertEqual(self.available(self.ann), 100)

    def test_hold_placed_before_freezing_pays(self):
        """The member agreed; the goods are on the counter."""
        key = self.hold(self.ann, 40)
        self.ann.action_member_freeze()
        order = self.send(self.order([(self.wallet, 40, key)]))
        self.assertFalse(order.member_exception_ids)
        self.assertEqual(self.available(self.ann), 60)

    # === REFUNDS === #

    def test_refund_needs_an_order_that_the_wallet_paid(self):
        sold_for_cash = self.send(self.order([(self.cash, 40, None)]))
        with self.assertRaisesRegex(UserError, "can be given back"):
            self.refund(sold_for_cash, [(self.wallet, -40, None)])
        data = self.order_data(
            [(self.book, -1, 40, {})], [(self.wallet, -40, None)], self.ann
        )
        self.assert_refused(data, "without a receipt")

    def test_refund_is_limited_to_what_the_wallet_paid(self):
        key = self.hold(self.ann, 30)
        order = self.send(self.order([(self.wallet, 30, key), (self.cash, 10, None)]))
        with (
            self.assertRaisesRegex(UserError, "goes back as it was paid"),
            self.env.cr.savepoint(),
        ):
            self.refund(order, [(self.wallet, -40, None)])
        self.env.invalidate_all()
        refund = self.refund(order, [(self.wallet, -30, None), (self.cash, -10, None)])
        self.assertEqual(refund.state, "paid")
        self.assertEqual(self.available(self.ann), 100)
        with self.assertRaisesRegex(UserError, "refunded already"):
            self.refund(order, [(self.wallet, -40, None)])

    def test_refund_to_a_frozen_member(self):
        """Freezing blocks spending, never a refund."""
        key = self.hold(self.ann, 40)
        order = self.send(self.order([(self.wallet, 40, key)]))
        self.ann.action_member_freeze()
        self.refund(order, [(self.wallet, -40, None)])
        self.assertEqual(self.available(self.ann), 100)

    def test_refund_goes_to_who_paid(self):
        """Bob paid Ann's order: Bob gets it back."""
        key = self.hold(self.bob, 40)
        order = self.send(self.order([(self.wallet, 40, key)]))
        self.refund(order, [(self.wallet, -40, None)])
        self.assertEqual(self.available(self.bob), 100)
        self.assertEqual(self.available(self.ann), 100)

    def test_refund_of_two_wallet_lines(self):
        """One negative line may take back several payments of a member."""
        keys = self.hold(self.ann, 15), self.hold(self.ann, 25)
        order = self.send(
            self.order([(self.wallet, 15, keys[0]), (self.wallet, 25, keys[1])])
        )
        self.refund(order, [(self.wallet, -40, None)])
        self.assertEqual(self.available(self.ann), 100)

    # === RECEIPT === #

    def test_receipt_fields(self):
        """D11: class, number, paid from the wallet, balance after."""
        self.credit(self.ann, bonus=10)
        keys = self.hold(self.ann, 30), self.hold(self.ann, 10, self.bonus)
        order = self.send(
            self.order([(self.wallet, 30, keys[0]), (self.wallet_bonus, 10, keys[1])])
        )
        self.assertEqual(
            (
                order.member_id,
                order.member_class_name,
                order.member_paid,
                order.member_available_after,
            ),
            (self.ann, self.ann.member_class_id.name, 40, 70),
        )
        refund = self.refund(
            order, [(self.wallet, -30, None), (self.wallet_bonus, -10, None)]
        )
        self.assertEqual(refund.member_paid, -40)
        self.assertEqual(refund.member_available_after, 110)

    def test_receipt_of_a_member_who_pays_in_cash(self):
        order = self.send(self.order([(self.cash, 40, None)]))
        self.assertEqual(
            (order.member_id, order.member_paid, order.member_available_after),
            (self.ann, 0, 100),
        )
        nobody = self.send(
            self.order_data([(self.book, 1, 40, {})], [(self.cash, 40, None)])
        )
        self.assertFalse(nobody.member_id)
