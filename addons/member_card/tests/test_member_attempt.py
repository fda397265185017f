from uuid import uuid4

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..till import VERSION
from .common_books import BooksCase


@tagged("post_install", "-at_install")
class TestMemberAttempt(BooksCase):
    """What is refused is in the operator log, with who tried and where.

    That the line outlives the refusal's rollback is shown on real servers.
    """

    def setUp(self):
        super().setUp()
        self.log = self.env["member.operator.log"]
        self.here = self.till.with_user(self.cashier)

    def attempts(self, user=None):
        found = self.log.search(
            [("action", "=", "attempt"), ("user_id", "=", (user or self.cashier).id)],
            order="id",
        )
        self.assertEqual(set(found.mapped("outcome")) - {"refused"}, set())
        return found

    def refuse(self, call, *arguments):
        """Let a call be refused without the savepoint of `assertRaises`."""
        try:
            call(*arguments)
        except UserError as error:
            return error
        raise AssertionError("it was not refused")

    # === VERBS === #

    def test_who_is_no_cashier_is_named(self):
        """A verb refused as forbidden is logged, with the verb and the till."""
        clerk = new_test_user(self.env, "no_cashier", groups="base.group_user")
        answer = self.till.with_user(clerk).member_info(self.ann.id)
        self.assertEqual(answer["status"], "forbidden")
        line = self.attempts(clerk)
        self.assertEqual(
            (line.pos_config_id, line.reference, line.detail, line.company_id),
            (self.till, "member_info", answer["message"], self.company),
        )

    def test_the_same_attempt_again_adds_no_line(self):
        for _try in range(3):
            self.here.member_hold(self.ann.id, -5, "2580", str(uuid4()))
        self.here.member_hold(self.ann.id, 5, "2580", "no key")
        self.assertEqual(len(self.attempts()), 2)

    def test_what_a_cashier_meets_every_day_is_no_attempt(self):
        self.assertEqual(self.here.member_lookup("nobody")["status"], "not_found")
        self.assertEqual(self.here.member_info(self.cashier.id)["status"], "not_member")
        self.assertFalse(self.attempts())

    def test_a_verb_needs_one_till(self):
        both = self.here.browse([self.till.id, self.till.id + 1])
        for tills in (both, self.here.browse()):
            self.assertEqual(tills.member_info(self.ann.id)["status"], "bad_request")

    # === OUTDATED PAGES === #

    def test_a_page_of_another_version_is_asked_to_reload(self):
        old = self.here.with_context(member_version="19.0.0.9.0")
        answer = old.member_info(self.ann.id)
        self.assertEqual(answer["status"], "outdated")
        self.assertIn("Reload", answer["message"])
        new = self.here.with_context(member_version=VERSION)
        self.assertEqual(new.member_info(self.ann.id)["status"], "ok")

    def test_arguments_of_another_version_are_no_fault(self):
        for verb, arguments, options in (
            ("member_info", (), {}),
            ("member_hold", (self.ann.id, 5), {}),
            ("member_release", ("key",), {"forgotten_option": 1}),
        ):
            answer = getattr(self.here, verb)(*arguments, **options)
            self.assertEqual(answer["status"], "outdated", verb)
        self.assertFalse(self.attempts())

    # === RECORDS AND ORDERS === #

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_writing_the_ledger_by_hand_is_named(self):
        for model in ("member.balance", "member.posting", "member.card"):
            error = self.refuse(self.env[model].with_user(self.cashier).create, {})
            self.assertIsInstance(error, AccessError)
        self.assertEqual(
            self.attempts().mapped("reference"),
            ["member.balance create", "member.posting create", "member.card create"],
        )

    def test_a_missing_right_is_named(self):
        error = self.refuse(self.cashier._member_require, "adjust")
        self.assertIsInstance(error, AccessError)
        # `env.user` decides: here the test's own
        self.assertIn("right", self.attempts(self.env.user).detail)

    def test_a_forged_payment_is_named(self):
        """The order's reference, the customer and the sentence are kept."""
        self.credit(self.ann, money=100)
        payments = [(self.wallet, 40, None)]
        data = self.order_data([(self.book, 1, 40, {})], payments, self.ann)
        error = self.refuse(self.send, data)
        line = self.attempts()
        self.assertEqual((line.partner_id, line.detail), (self.ann, str(error)))
        self.assertEqual(line.pos_config_id, self.till)
