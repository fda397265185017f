from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .. import ledger
from ..errors import Insufficient, OverCap
from .common_books import BooksCase


@tagged("post_install", "-at_install")
class TestAccountTopup(BooksCase):
    """Top-ups from the office: booked, credited once, never undone on the quiet."""

    def wizard(self, amount=500, user=None, **values):
        Topup = (
            self.env["member.topup"]
            .with_user(user or self.cashier)
            .with_context(allowed_company_ids=self.company.ids)
        )
        return Topup.create({"partner_id": self.ann.id, "amount": amount, **values})

    def payment(self):
        return self.env["account.payment"].search([("partner_id", "=", self.ann.id)])

    def confirm(self, wizard):
        result = wizard.action_confirm()
        self.post_commit()
        return result

    def test_cash(self):
        """A4: Dr cash, Cr deposits with the member; credited, linked, logged."""
        journal = self.company_data["default_journal_cash"]
        wizard = self.wizard(journal_id=journal.id, memo="At the counter")
        self.confirm(wizard)
        payment = self.payment()
        self.assert_items(
            payment.move_id,
            [
                (journal.default_account_id, "Ann", 500.0),
                (self.deposits, "Ann", -500.0),
            ],
        )
        self.assertEqual(self.available(self.ann), 500)
        entry = self.env["member.entry"].search(
            [("balance_id.partner_id", "=", self.ann.id)]
        )
        self.assertEqual((entry.kind, entry.note), ("topup", "At the counter"))
        self.assertEqual(entry.link_ids.move_line_id.account_id, self.deposits)
        log = self.env["member.operator.log"].search(
            [("partner_id", "=", self.ann.id), ("action", "=", "topup")]
        )
        self.assertEqual((log.user_id, log.reference), (self.cashier, payment.name))
        self.assertEqual(self.company._member_reconcile()["totals"]["difference"], 0)

    def test_bank(self):
        """D3: a transfer waits on the outstanding account until it is matched."""
        journal = self.company_data["default_journal_bank"]
        self.confirm(self.wizard(journal_id=journal.id))
        item = (
            self.payment().move_id.line_ids
            - self.payment().move_id.line_ids.filtered(
                lambda line: line.account_id == self.deposits
            )
        )
        self.assertEqual(item.balance, 500)
        self.assertEqual(item.account_id.account_type, "asset_current")
        self.assertTrue(item.account_id.reconcile)

    def test_says_beforehand_what_will_happen(self):
        self.credit(self.ann, money=100, bonus=20)
        self.company.member_cap_named = 150
        wizard = self.wizard(amount=30)
        self.assertEqual(
            (wizard.balance_before, wizard.balance_after, wizard.room), (120, 150, 50)
        )

    def test_opens_from_menu_and_member(self):
        with Form(
            self.env["member.topup"]
            .with_user(self.cashier)
            .with_context(
                allowed_company_ids=self.company.ids, default_partner_id=self.ann.id
            )
        ) as form:
            form.amount = 10
            self.assertEqual(form.balance_after, 10)
            self.assertTrue(form.journal_id)

    def test_confirmed_twice_credits_once(self):
        wizard = self.wizard()
        first = self.confirm(wizard)
        again = self.confirm(wizard)
        self.assertEqual(again, first)
        self.assertEqual(len(self.payment()), 1)
        self.assertEqual(self.available(self.ann), 500)

    def test_key_is_unique_in_the_database(self):
        """Two clicks at the same moment: the database lets one through."""
        self.confirm(self.wizard())
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.payment().copy().sudo().member_topup_key = (
                self.payment()[-1:].member_topup_key
                or self.payment()[:1].member_topup_key
            )
            self.env.flush_all()

    def test_failure_after_the_room_was_reserved_books_nothing(self):
        self.company.member_cap_named = 1000
        wizard = self.wizard()
        wizard._reserve_room()
        self.assertEqual(self.available(self.ann), 0)
        self.confirm(wizard)  # asked again with the same key
        self.assertEqual(self.available(self.ann), 500)

    def test_cap(self):
        self.company.member_cap_named = 600
        self.confirm(self.wizard())
        with self.assertRaises(OverCap), self.env.cr.savepoint():
            self.wizard(amount=101).action_confirm()
        self.assertEqual(len(self.payment()), 1)
        self.confirm(self.wizard(amount=100))
        self.assertEqual(self.available(self.ann), 600)

    def test_bonus_needs_its_right(self):
        """A1: awarding is a right of its own."""
        with self.assertRaises(AccessError):
            self.wizard(bonus_amount=50).action_confirm()
        supervisor = new_test_user(
            self.env,
            "wallet_supervisor",
            groups="member_card.group_member_supervisor",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.confirm(self.wizard(bonus_amount=50, user=supervisor))
        self.assertEqual(self.available(self.ann), 500)
        self.assertEqual(self.available(self.ann, self.bonus), 50)

    def test_needs_the_right(self):
        nobody = new_test_user(
            self.env,
            "wallet_nobody",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.wizard(user=nobody)

    def test_refusals(self):
        stranger = self.env["res.partner"].create({"name": "Passer-by"})
        for values, sentence in (
            ({"amount": 0}, "Enter the amount"),
            ({"amount": -5}, "Enter the amount"),
            ({"partner_id": stranger.id}, "not a member"),
        ):
            with self.assertRaisesRegex(UserError, sentence):
                self.wizard(**values).action_confirm()
        self.ann.action_member_cancel()
        with self.assertRaisesRegex(UserError, "has ended"):
            self.wizard().action_confirm()

    def test_class_without_money(self):
        self.ann.member_class_id = self.env.ref("member_card.member_class_ordinary")
        self.ann.member_class_id.can_hold_money = False
        with self.assertRaisesRegex(UserError, "cannot be topped up"):
            self.wizard().action_confirm()

    # === UNDOING === #

    def test_payment_is_not_undone_before_the_value(self):
        self.confirm(self.wizard())
        payment = self.payment()
        for undo in (
            payment.action_draft,
            payment.action_cancel,
            payment.unlink,
            payment.move_id.button_draft,
            payment.move_id.button_cancel,
            payment.move_id._reverse_moves,
        ):
            with (
                self.subTest(undo=undo.__name__),
                self.assertRaisesRegex(UserError, "Take Back Top-up"),
                self.env.cr.savepoint(),
            ):
                undo()
        self.assertEqual(payment.move_id.state, "posted")

    def test_taking_back_reverses_value_and_books(self):
        self.confirm(self.wizard())
        payment = self.payment()
        with self.assertRaises(AccessError):
            payment.with_user(self.cashier).action_member_take_back()
        payment.action_member_take_back()
        self.post_commit()
        self.assertEqual(self.available(self.ann), 0)
        items = self.env["account.move.line"].search(
            [("account_id", "=", self.deposits.id), ("parent_state", "=", "posted")]
        )
        self.assertCountEqual(items.mapped("balance"), [-500, 500])
        self.assertEqual(self.company._member_reconcile()["exceptions"], [])
        with self.assertRaisesRegex(UserError, "Nothing of this payment"):
            payment.action_member_take_back()

    def test_spent_money_is_not_taken_back(self):
        self.confirm(self.wizard())
        self.sell(self.ann, 40)
        with self.assertRaises(Insufficient):
            self.payment().action_member_take_back()
        self.assertEqual(self.available(self.ann), 460)

    def test_payment_is_undone_after_the_value(self):
        self.confirm(self.wizard())
        payment = self.payment()
        ledger.reverse(
            self.env,
            payment._member_posting(),
            amount=500,
            request_key="taken back",
            kind="clawback",
            allow_owed=True,
        )
        self.post_commit()
        self.assertEqual(self.available(self.ann), 0)
        payment.action_draft()
        self.assertEqual(payment.state, "draft")

    def test_key_is_not_written_by_users(self):
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.ann.id,
                "amount": 5,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.write({"member_topup_key": "forged"})
        self.assertFalse(payment.member_topup_key)
        again = payment.create(
            {
                "partner_id": self.ann.id,
                "amount": 5,
                "journal_id": payment.journal_id.id,
                "member_topup_key": "forged",
            }
        )
        self.assertFalse(again.member_topup_key)

    def test_company_that_the_user_does_not_work_for(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        wizard = self.wizard()
        wizard.sudo().company_id = company
        with self.assertRaisesRegex(AccessError, "do not work for"):
            wizard.action_confirm()

    def test_link_left_out_by_a_crash_is_made_later(self):
        self.wizard().action_confirm()
        hooks = self.env.cr.postcommit
        self.env.flush_all()
        hooks.clear()  # the process dies after the commit
        ledger.recover(self.env)
        self.env.invalidate_all()
        self.assertEqual(self.available(self.ann), 500)
        self.assertEqual(self.company._member_relink(), 1)
        self.assertEqual(self.company._member_reconcile()["exceptions"], [])
