from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .. import approvals
from ..till import TillRefusal
from .common_books import BooksCase

PIN = "7319"


@tagged("post_install", "-at_install")
class TestMemberApproval(BooksCase):
    """A1: what a cashier may not do alone, a supervisor's PIN approves, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = new_test_user(
            cls.env,
            "till_supervisor",
            name="Sue Visor",
            groups="member_card.group_member_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.pins = cls.env["member.approval.pin"]
        cls.pins._set(cls.supervisor.partner_id, PIN)
        cls.env.flush_all()

    def approve(self, approver=None, pin=PIN, act="discount", amount=20, **kwargs):
        approver = self.supervisor if approver is None else approver
        kwargs.setdefault("about", {"product_id": self.book.id, "quantity": 2})
        return self.till.with_user(self.cashier).member_approve(
            approver and approver.id, pin, act, amount, **kwargs
        )

    def use(self, token, act="discount", config=None, amount=20, **kwargs):
        subject = kwargs.pop("subject", approvals.of_line(self.book, 2))
        return (
            self.env["member.approval"]
            .with_user(self.cashier)
            ._use(token, act, config or self.till, subject, amount=amount, **kwargs)
        )

    def assertRefused(self, code, token, **kwargs):
        with self.assertRaises(TillRefusal) as refusal:
            self.use(token, **kwargs)
        self.assertEqual(refusal.exception.code, code)

    def logged(self, action):
        return self.env["member.operator.log"].search(
            [("action", "=", action), ("user_id", "=", self.cashier.id)]
        )

    def test_supervisor_approves_once(self):
        answer = self.approve()
        self.assertEqual((answer["status"], answer["approver"]), ("ok", "Sue Visor"))
        approval = self.use(answer["token"])
        self.assertEqual(approval.approver_id, self.supervisor)
        self.assertEqual(approval.requester_id, self.cashier)
        self.assertTrue(approval.used_at)
        self.assertRefused("approval_invalid", answer["token"])
        (line,) = self.logged("approval")
        self.assertIn("Sue Visor", line.detail)
        self.assertEqual(line.pos_config_id, self.till)

    def test_approver_is_asked_for(self):
        answer = self.approve(False, "")
        self.assertEqual(answer["status"], "approver_needed")
        self.assertEqual(
            answer["approvers"], [{"id": self.supervisor.id, "name": "Sue Visor"}]
        )

    def test_nobody_can_approve(self):
        self.pins.sudo().search([]).unlink()
        answer = self.approve(False, "")
        self.assertEqual(answer["status"], "no_approver")
        self.assertIn("PIN", answer["message"])

    def test_who_has_the_right_needs_nobody(self):
        till = self.till.with_user(self.supervisor)
        about = {"product_id": self.book.id, "quantity": 2}
        answer = till.member_approve(False, "", "discount", 50, False, about)
        self.assertEqual(answer["approver"], "Sue Visor")
        self.assertTrue(self.use(answer["token"], amount=50))
        granted = self.env["member.approval"].with_user(self.supervisor)
        subject = approvals.of_line(self.book, 2)
        self.assertFalse(granted._use(None, "discount", self.till, subject, 50))
        self.assertRefused("approval_needed", None)

    def test_not_for_something_else(self):
        other = self.till.copy()
        token = self.approve(subject_uuid=str(uuid4()))["token"]
        self.assertRefused("approval_invalid", token, subject_uuid=str(uuid4()))
        token = self.approve()["token"]
        self.assertRefused("approval_invalid", token, act="price")
        self.assertRefused("approval_invalid", token, config=other)
        self.assertRefused("approval_invalid", token, amount=20.01)
        for subject in (
            approvals.of_line(self.book, 2.1),
            approvals.of_line(self.tea, 2),
            approvals.of_member(self.ann),
        ):
            self.assertRefused("approval_invalid", token, subject=subject)
        self.assertRefused("approval_invalid", "x" * 43)
        self.assertRefused("approval_needed", ["list"])
        self.assertTrue(
            self.use(token, amount=5, subject=approvals.of_line(self.book, 1))
        )

    def test_a_price_is_a_lower_limit(self):
        token = self.approve(act="price", amount=80)["token"]
        self.assertRefused("approval_invalid", token, act="price", amount=79.9)
        self.assertTrue(self.use(token, act="price", amount=80))

    def test_it_runs_out(self):
        token = self.approve()["token"]
        approval = self.env["member.approval"].sudo().search([], limit=1)
        approval.expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertRefused("approval_invalid", token)

    def test_wrong_pin_is_counted_and_logged(self):
        self.assertEqual(self.approve(pin="1357")["attempts_left"], 4)
        self.assertEqual(self.approve(pin="12")["status"], "bad_format")
        for _n in range(4):
            answer = self.approve(pin="1357")
        self.assertEqual(answer["status"], "locked")
        self.assertEqual(self.approve()["status"], "locked")
        self.assertEqual(len(self.logged("approval_refused")), 6)
        self.assertFalse(self.logged("approval"))

    def test_only_who_has_the_right_approves(self):
        """A cashier's own PIN, or another company's supervisor, approves nothing."""
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "other_supervisor",
            groups="member_card.group_member_supervisor",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for user in (self.cashier, stranger):
            self.pins._set(user.partner_id, PIN)
            self.assertEqual(self.approve(user)["status"], "forbidden")
        self.assertEqual(self.logged("attempt").mapped("reference"), ["member_approve"])

    def test_bad_requests(self):
        self.assertEqual(self.approve(act="anything")["status"], "bad_request")
        self.assertEqual(self.approve(subject_uuid="x")["status"], "bad_request")
        for amount in (-1, float("nan"), "20", True, None):
            self.assertEqual(self.approve(amount=amount)["status"], "invalid_amount")
        book, goods = self.book.id, [[self.book.id, 1, False]]
        for about in (
            False,
            [],
            {},
            {"product_id": book},
            {"product_id": "x", "quantity": 1},
            {"product_id": 2**40, "quantity": 1},
            {"product_id": True, "quantity": 1},
            *({"product_id": book, "quantity": bad} for bad in (0, "1", float("nan"))),
            {"goods": []},
            {"goods": [[book, 1]]},
            {"goods": goods * 501},
            {"goods": [[book, 1, "x"]]},
            {"goods": goods, "partner_id": 2**40},
        ):
            with self.subTest(about=about):
                answer = self.approve(about=about)
                self.assertEqual(answer["status"], "bad_request")

    def test_another_pin_than_the_members(self):
        """A supervisor who is a member too pays with another PIN."""
        self.env["member.pin"]._set(self.supervisor.partner_id, "8642")
        self.assertEqual(self.approve(pin="8642")["status"], "wrong_pin")
        self.assertEqual(self.approve()["status"], "ok")

    def test_user_sets_their_own_pin(self):
        wizards = self.env["member.approval.pin.wizard"]
        wizards.with_user(self.supervisor).create({"pin": "9146", "pin_again": "9146"})
        self.assertEqual(self.approve(pin="9146")["status"], "ok")
        self.assertTrue(self.supervisor.member_has_approval_pin)
        with self.assertRaises(Exception) as refusal:
            wizards.with_user(self.cashier).create({"pin": "9146", "pin_again": "9146"})
        self.assertIn("no right", str(refusal.exception))

    def test_pin_is_taken_away(self):
        with self.assertRaises(AccessError):
            self.supervisor.with_user(self.cashier).action_member_approval_pin_remove()
        self.supervisor.action_member_approval_pin_remove()
        self.assertEqual(self.approve()["status"], "forbidden")

    def test_nobody_reads_tokens_or_writes_approvals(self):
        token = self.approve()["token"]
        approvals = self.env["member.approval"].with_user(self.supervisor)
        approval = approvals.search([], limit=1)
        self.assertNotIn(token, str(approval.read()))
        for user in (self.supervisor, self.cashier):
            with self.assertRaises(AccessError):
                approval.with_user(user).write({"amount": 99})
            with self.assertRaises(AccessError):
                approval.with_user(user).read(["token_hash"])
            with self.assertRaises(AccessError):
                self.pins.with_user(user).search([])
