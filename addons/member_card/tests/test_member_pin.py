from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..models.member_pin import TILL_FAILURES
from ..refusals import PinError
from .common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberPin(MemberCase):
    """D9: the PIN of a member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ming = cls.member("Li Ming")
        cls.pins = cls.env["member.pin"]
        cls.pins._set(cls.ming, "2468")
        cls.env.flush_all()

    def assertRefused(self, code, pin, partner=None, till=None):
        # not assertRaises: its savepoint would undo the count, which has a transaction
        # of its own everywhere but in tests
        try:
            self.pins._verify(partner or self.ming, pin, till=till)
        except PinError as refusal:
            self.assertEqual(refusal.code, code)
            return refusal
        return self.fail(f"not refused as {code}")

    def stored(self):
        pin = self.pins.search([("partner_id", "=", self.ming.id)])
        pin.invalidate_recordset()
        return pin

    def test_right_pin_passes(self):
        self.pins._verify(self.ming, "2468")
        self.assertEqual(self.stored().failure_count, 0)

    def test_wrong_pins_are_counted_down(self):
        left = [
            self.assertRefused("wrong_pin", "1357").attempts_left for _n in range(4)
        ]
        self.assertEqual(left, [4, 3, 2, 1])

    def test_right_pin_clears_the_count(self):
        self.assertRefused("wrong_pin", "1357")
        self.pins._verify(self.ming, "2468")
        self.assertEqual(self.assertRefused("wrong_pin", "1357").attempts_left, 4)

    def test_lock_out(self):
        for _n in range(4):
            self.assertRefused("wrong_pin", "1357")
        refusal = self.assertRefused("locked", "1357")
        now = fields.Datetime.now()
        self.assertGreater(refusal.locked_until, now + timedelta(minutes=14))
        self.assertLessEqual(refusal.locked_until, now + timedelta(minutes=15))
        self.assertRefused("locked", "2468")

    def test_lock_out_ends(self):
        for _n in range(4):
            self.assertRefused("wrong_pin", "1357")
        self.assertRefused("locked", "1357")
        self.stored().locked_until = fields.Datetime.now() - timedelta(minutes=1)
        self.pins._verify(self.ming, "2468")
        self.assertFalse(self.stored().locked_until)

    def test_company_sets_the_limits(self):
        self.company.write({"member_pin_attempts": 2, "member_pin_lock_minutes": 60})
        self.assertEqual(self.assertRefused("wrong_pin", "1357").attempts_left, 1)
        refusal = self.assertRefused("locked", "1357")
        self.assertGreater(
            refusal.locked_until, fields.Datetime.now() + timedelta(minutes=59)
        )

    def test_new_pin_unlocks(self):
        for _n in range(4):
            self.assertRefused("wrong_pin", "1357")
        self.assertRefused("locked", "1357")
        self.pins._set(self.ming, "8642")
        self.pins._verify(self.ming, "8642")
        self.assertRefused("wrong_pin", "2468")

    def test_one_till_cannot_guess_through_many_members(self):
        till = self.env["pos.config"].create({"name": "Guessing till"})
        self.company.member_pin_attempts = 1000
        for _n in range(TILL_FAILURES):
            self.assertRefused("wrong_pin", "1357", till=till)
        other = self.member("Wang Wei")
        self.pins._set(other, "9753")
        self.assertRefused("too_many", "9753", other, till=till)
        self.pins._verify(other, "9753", till=till.copy())

    def test_no_pin(self):
        self.assertRefused("no_pin", "2468", self.member("Wang Wei"))

    def test_what_cannot_be_a_pin_is_not_counted(self):
        for text in (
            "",
            "123",
            "1234567",
            "12a4",
            "\uff11\uff13\uff15\uff17",
            None,
            1357,
            "1357\n",
        ):
            with self.subTest(text=text):
                self.assertRefused("bad_format", text)
        self.assertEqual(self.stored().failure_count, 0)

    def test_trivial_pins_are_refused(self):
        for pin in ("0000", "1234", "4321", "111111", "456789", "987654"):
            with self.subTest(pin=pin), self.assertRaises(PinError) as refusal:
                self.pins._set(self.ming, pin)
            self.assertEqual(refusal.exception.code, "trivial")

    def test_good_pins_are_taken(self):
        for pin in ("2468", "1357", "1122", "13579", "102030"):
            self.pins._set(self.ming, pin)
            self.pins._verify(self.ming, pin)

    def test_stored_value_tells_nothing(self):
        other = self.member("Wang Wei")
        self.pins._set(other, "2468")
        pins = self.pins.search([("partner_id", "in", (self.ming | other).ids)])
        first, second = pins.mapped("hash")
        self.assertNotEqual(first, second)
        self.assertNotIn("2468", first)

    def test_no_log_shows_what_was_typed(self):
        """Whatever is asked of the ledger may stand in a traceback."""
        self.assertNotIn("2468", repr(self.pins._proof(self.ming, "2468")))

    def test_a_pin_of_an_older_cost_still_passes(self):
        self.stored().hash = self.pins._hash("2468", b"0123456789abcdef", 2**10)
        self.pins._verify(self.ming, "2468")
        self.assertRefused("wrong_pin", "1357")

    def test_nobody_reads_pins(self):
        """A1: not even the system administrator."""
        for number, groups in enumerate(
            ("member_card.group_member_manager", "base.group_system")
        ):
            user = new_test_user(self.env, f"pin_reader_{number}", groups=groups)
            with self.subTest(groups=groups):
                pins = self.pins.with_user(user)
                with self.assertRaises(AccessError):
                    pins.search([])
                with self.assertRaises(AccessError):
                    self.stored().with_user(user).read(["locked_until"])
                with self.assertRaises(AccessError):
                    pins.create({"partner_id": self.ming.id, "hash": "x"})

    def test_has_pin_is_all_that_shows(self):
        user = new_test_user(
            self.env, "pin_cashier", groups="member_card.group_member_cashier"
        )
        other = self.member("Wang Wei")
        members = (self.ming | other).with_user(user)
        self.assertEqual(members.mapped("member_has_pin"), [True, False])

    def test_wizard_sets_what_is_typed_twice(self):
        other = self.member("Wang Wei")
        wizard = Form(
            self.env["member.pin.wizard"].with_context(default_partner_id=other.id)
        )
        wizard.pin = "2580"
        wizard.pin_again = "2580"
        record = wizard.save()
        record.action_done()
        self.pins._verify(other, "2580")
        self.assertFalse(record.pin)
        self.env.flush_all()
        self.env.cr.execute("SELECT to_jsonb(w) FROM member_pin_wizard w")
        self.assertNotIn("2580", str(self.env.cr.fetchall()))

    def test_wizard_refuses_two_different_pins(self):
        with self.assertRaises(UserError):
            self.env["member.pin.wizard"].create(
                {"partner_id": self.ming.id, "pin": "2580", "pin_again": "2581"}
            )
        self.pins._verify(self.ming, "2468")

    def test_another_pin_takes_the_right_to_edit(self):
        cashier = new_test_user(
            self.env, "pin_setter", groups="member_card.group_member_cashier"
        )
        wizards = self.env["member.pin.wizard"].with_user(cashier)
        typed = {"pin": "2580", "pin_again": "2580"}
        with self.assertRaises(AccessError):
            wizards.create({"partner_id": self.ming.id, **typed})
        other = self.member("Wang Wei")
        wizards.create({"partner_id": other.id, **typed})
        self.pins._verify(other, "2580")

    def test_setting_is_logged_without_the_pin(self):
        log = self.env["member.operator.log"].search(
            [("partner_id", "=", self.ming.id), ("action", "=", "pin_set")]
        )
        self.assertTrue(log)
        self.assertNotIn("2468", str(log.read()))

    def test_old_failures_are_forgotten(self):
        self.assertRefused("wrong_pin", "1357")
        failures = self.env["member.pin.failure"]
        old = failures.create(
            {
                "partner_id": self.ming.id,
                "at": fields.Datetime.now() - timedelta(days=40),
            }
        )
        failures._gc_failures()
        self.assertFalse(old.exists())
        self.assertTrue(failures.search([("partner_id", "=", self.ming.id)]))
