import re

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .. import ledger
from .common_books import BooksCase


@tagged("post_install", "-at_install")
class TestMemberHistory(BooksCase):
    """B8: the form of a member tells the whole story, and quickly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls.person("history_supervisor", "supervisor")
        cls.credit(cls.ann, money=200, bonus=20)

    @classmethod
    def person(cls, login, role, **values):
        return new_test_user(
            cls.env,
            login,
            groups=f"member_card.group_member_{role}",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            **values,
        )

    def seen_by(self, user, partner=None):
        partner = partner or self.ann
        return partner.with_user(user).with_context(
            allowed_company_ids=user.company_id.ids
        )

    def test_timeline_has_everything_newest_first(self):
        card = self.env["member.card"]._issue(self.ann)
        self.env["member.pin"]._set(self.ann, "8246")
        self.ann.member_class_id = self.env.ref("member_card.member_class_discount")
        order = self.sell(self.ann, 40)
        lines = self.seen_by(self.supervisor).member_timeline_ids
        self.assertEqual(lines.mapped("date"), sorted(lines.mapped("date"))[::-1])
        events = lines.mapped("event")
        for event in (
            *("entry_opening", "entry_bonus", "entry_spend", "order", "class"),
            *("log_member_register", "log_card_issue", "log_pin_set"),
        ):
            with self.subTest(event=event):
                self.assertIn(event, events)
        spent = lines.filtered(lambda line: line.event == "entry_spend")
        self.assertEqual(spent.amount, -40)
        self.assertEqual(spent.action_open()["res_model"], "member.entry")
        issued = lines.filtered(lambda line: line.event == "log_card_issue")
        self.assertEqual(issued.action_open()["res_id"], card.id)
        bought = lines.filtered(lambda line: line.event == "order")
        self.assertEqual(bought.action_open()["res_model"], "pos.order")
        self.assertEqual(bought.action_open()["res_id"], order.id)

    def test_timeline_is_of_one_member_and_of_the_users_company(self):
        self.other = self.env["res.company"].create({"name": "Other"})
        self.credit(self.bob, money=5)
        lines = self.env["member.timeline"].search([("partner_id", "=", self.ann.id)])
        self.assertEqual(lines.partner_id, self.ann)
        stranger = new_test_user(
            self.env,
            "history_stranger",
            groups="member_card.group_member_manager",
            company_id=self.other.id,
            company_ids=[(6, 0, self.other.ids)],
        )
        found = self.env["member.timeline"].with_user(stranger)
        self.assertFalse(found.search([("partner_id", "=", self.ann.id)]))
        with self.assertRaises(AccessError):
            self.env["member.timeline"].with_user(self.cashier).search([])

    def test_lines_are_read_once(self):
        """A line is never looked up by its id: that would read whole tables."""
        partner = self.seen_by(self.supervisor)
        shown = {"date": {}, "event": {}, "amount": {}, "category": {}, "detail": {}}
        self.env.flush_all()
        self.env.invalidate_all()
        lines = partner.member_timeline_ids
        with self.assertQueryCount(0):
            lines.check_access("read")
            lines.read(list(shown), load=None)

    def test_the_form_opens_for_everybody_who_may(self):
        view = self.env.ref("member_card.member_view_form")
        for role in ("cashier", "supervisor", "accountant", "manager"):
            user = self.person(f"form_{role}", role)
            with self.subTest(role=role):
                form = Form(self.seen_by(user), view)
                self.assertEqual(form.name, "Ann")

    def test_warnings(self):
        ann = self.seen_by(self.supervisor)
        self.assertFalse(ann.member_warning)
        card = self.env["member.card"]._issue(self.ann)
        card.action_report_lost()
        self.env["member.pin"]._set(self.ann, "8246")
        pin = self.env["member.pin"].sudo().search([("partner_id", "=", self.ann.id)])
        pin.locked_until = "2999-01-01 00:00:00"
        self.ann.action_member_freeze()
        self.env.invalidate_all()
        warning = ann.member_warning
        for word in ("Frozen", "No usable card", "PIN locked"):
            with self.subTest(word=word):
                self.assertIn(word, warning)

    def test_counts_lead_to_their_lists(self):
        """B5: what the account has, top-ups and what is set aside."""
        self.top_up(self.ann, 50)
        self.hold(self.ann, 10)
        ann = self.seen_by(self.supervisor)
        self.assertEqual((ann.member_topup_count, ann.member_hold_count), (1, 1))
        self.assertEqual(ann.member_hold_ids.amount, 10)
        self.assertEqual(sum(ann.member_lot_ids.mapped("remaining")), 270)
        for action in (
            ann.action_view_member_topups(),
            ann.action_view_member_holds(),
            ann.action_view_member_exceptions(),
            ann.action_view_member_timeline(),
        ):
            with self.subTest(action=action["name"]):
                self.env[action["res_model"]].search(action["domain"])
        topups = ann.action_view_member_topups()
        self.assertEqual(
            self.env["member.entry"].search_count([*topups["domain"]]),
            2,  # the bonus that the test began with is a gift beside a top-up
        )


@tagged("post_install", "-at_install")
class TestMemberHoldRelease(BooksCase):
    """Setting free by right, with a reason, what nobody will pay with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = new_test_user(
            cls.env,
            "release_supervisor",
            groups="member_card.group_member_supervisor",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.credit(cls.ann, money=100, bonus=20)

    def wizard(self, key, user=None):
        hold = self.env["member.hold"].search([("key", "=", key)])
        wizards = self.env["member.hold.release"].with_user(user or self.supervisor)
        return wizards.create({"hold_id": hold.id, "reason": "The customer left"})

    def test_releases_all_pockets_and_says_why(self):
        request = "4f4b7a0e-0b0a-4c8e-9a55-111111111111"
        ledger.hold(
            self.env,
            [
                (self.ann.id, self.principal.id, 60, f"{request}p"),
                (self.ann.id, self.bonus.id, 20, f"{request}b"),
            ],
            request,
        )
        self.env.invalidate_all()
        wizard = self.wizard(f"{request}b")
        self.assertEqual(wizard.amount, 80)
        wizard.action_release()
        self.env.invalidate_all()
        self.assertEqual(self.available(self.ann), 100)
        self.assertEqual(self.available(self.ann, self.bonus), 20)
        line = self.env["member.operator.log"].search(
            [("action", "=", "hold_release"), ("partner_id", "=", self.ann.id)]
        )
        self.assertEqual(line.user_id, self.supervisor)
        self.assertIn("The customer left", line.detail)

    def test_needs_the_right(self):
        hold = self.env["member.hold"].search([("key", "=", self.hold(self.ann, 10))])
        with self.assertRaises(AccessError):
            hold.with_user(self.cashier).action_release()
        with self.assertRaises(AccessError):
            self.wizard(hold.key, self.cashier)
        self.assertEqual(hold.state, "pending")

    def test_a_claimed_hold_stays(self):
        """The order was faster: its money is gone, whatever the wizard says."""
        data = self.order_data([(self.book, 1, 40, {})], [], self.ann)
        key = self.hold(self.ann, 40)
        paid = self.order_data([], [(self.wallet, 40, key)], self.ann)
        data.update(payment_ids=paid["payment_ids"], amount_paid=40)
        wizard = self.wizard(key)
        order = self.send(data, commit=False)
        words = f"paid with already.*{re.escape(order.pos_reference)}.*refund"
        with self.assertRaisesRegex(UserError, words):
            wizard.action_release()
        self.post_commit()
        self.env.invalidate_all()
        self.assertEqual(wizard.hold_id.state, "captured")
        with self.assertRaisesRegex(UserError, words):
            wizard.action_release()
        self.assertEqual(self.available(self.ann), 60)

    def test_a_claim_without_a_number_stays(self):
        key = self.hold(self.ann, 40)
        ledger.capture(self.env, key)
        self.post_commit()
        with self.assertRaisesRegex(UserError, "Refund that order"):
            self.wizard(key).action_release()
        self.assertEqual(self.available(self.ann), 60)

    def test_room_that_a_top_up_has_used_stays(self):
        key = self.hold(self.ann, 50, direction="in", cap=1000)
        ledger.capture(self.env, key, direction="in", kind="topup")
        self.post_commit()
        with self.assertRaisesRegex(UserError, "undo the top-up"):
            self.wizard(key).action_release()
        self.assertEqual(self.available(self.ann), 150)

    def test_twice(self):
        key = self.hold(self.ann, 10)
        self.wizard(key).action_release()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "released already"):
            self.wizard(key).action_release()
        self.assertEqual(self.available(self.ann), 100)

    def test_what_has_run_out(self):
        key = self.hold(self.ann, 10)
        ledger.lapse(self.env, [key])
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "has run out"):
            self.wizard(key).action_release()
        self.assertEqual(self.available(self.ann), 100)
