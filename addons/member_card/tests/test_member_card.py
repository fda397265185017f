from itertools import product

from stdnum import luhn

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..models.member_card import STATES, TRANSITIONS
from .common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberCard(MemberCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ming = cls.member("Li Ming")
        cls.cards = cls.env["member.card"]

    # === NUMBERS === #

    def test_generated_numbers(self):
        """A3: 16 digits, the company's prefix first, a check digit last."""
        numbers = {self.cards._generate_number(self.company) for _n in range(50)}
        self.assertEqual(len(numbers), 50)
        for number in numbers:
            self.assertEqual(len(number), 16)
            self.assertTrue(number.startswith(self.company.member_card_prefix))
            self.assertTrue(luhn.is_valid(number))

    def test_refused_numbers(self):
        def checked(digits):
            return digits + luhn.calc_check_digit(digits)

        for number in (
            *(checked("1" * (length - 1)) for length in (8, 12, 13, 14)),
            checked("1" * 8),
            checked("1" * 19),
            "8800123412341234",
            "88001234 A",
            "",
        ):
            with self.subTest(number=number), self.assertRaises(ValidationError):
                self.cards._check_number(number)

    def test_numbers_of_other_lengths_are_taken(self):
        for length in (10, 11, 15, 16, 19):
            digits = "7" * (length - 1)
            self.cards._check_number(digits + luhn.calc_check_digit(digits))

    def test_a_wrong_number_never_reaches_the_table(self):
        with self.assertRaises(ValidationError):
            self.cards.create({"number": "8800123412341234"})

    def test_masked(self):
        card = self.cards._issue(self.ming)
        self.assertEqual(card.masked, f"•••• {card.number[-4:]}")
        self.assertEqual(card.display_name, card.masked)

    # === TRANSITIONS === #

    def test_every_transition_is_as_in_the_table(self):
        """D10: allowed moves pass, all others are refused, also for a direct write."""
        states = [state for state, _label in STATES]
        for source, target in product(states, states):
            if source == target:
                continue
            with self.subTest(source=source, target=target):
                card = self.make(source)
                if target in TRANSITIONS[source]:
                    card._transition(target)
                    self.assertEqual(card.state, target)
                    continue
                with self.assertRaises(UserError):
                    card._transition(target)
                with self.assertRaises(UserError):
                    card.write({"state": target})
                self.assertEqual(card.state, source)

    def make(self, state):
        """Return a card that came to `state` by allowed moves."""
        card = self.cards.create(
            {
                "number": self.cards._generate_number(self.company),
                "partner_id": self.ming.id,
            }
        )
        paths = {
            "blank": (),
            "encoded": ("encoded",),
            "issued": ("issued",),
            "cancelled": ("cancelled",),
        }
        for step in paths.get(state, ("issued", state)):
            card._transition(step)
        return card

    def test_only_an_issued_card_may_be_used(self):
        for state, _label in STATES:
            with self.subTest(state=state):
                card = self.make(state)
                if state == "issued":
                    card._assert_usable()
                    continue
                with self.assertRaises(UserError):
                    card._assert_usable()

    # === ISSUING, REPLACING === #

    def test_issue_a_blank_card(self):
        """A3: a card from a batch is issued by its printed number."""
        blank = self.cards.create({"number": self.cards._generate_number(self.company)})
        spaced = f"{blank.number[:4]} {blank.number[4:]}"
        card = self.cards._issue(self.ming, spaced, expires_on="2099-12-31")
        self.assertEqual(card, blank)
        self.assertEqual((card.state, card.partner_id), ("issued", self.ming))
        self.assertTrue(card.issued_at)

    def test_issue_a_number_typed_from_an_unknown_card(self):
        number = self.cards._generate_number(self.company)
        card = self.cards._issue(self.ming, number)
        self.assertEqual(card.number, number)
        self.assertEqual(card.company_id, self.company)

    def test_a_card_is_issued_once(self):
        card = self.cards._issue(self.ming)
        for holder in (self.ming, self.member("Wang Wei")):
            with self.assertRaises(UserError):
                self.cards._issue(holder, card.number)

    def test_only_active_members_get_cards(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with self.assertRaises(UserError):
            self.cards._issue(stranger)
        self.ming.action_member_freeze()
        with self.assertRaises(UserError):
            self.cards._issue(self.ming)

    def test_another_companys_card_is_refused(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        blank = self.cards.create(
            {
                "number": self.cards._generate_number(other),
                "company_id": other.id,
            }
        )
        with self.assertRaises(UserError):
            self.cards._issue(self.ming, blank.number)

    def test_replacing_never_touches_a_balance(self):
        """D10: value and history follow the member, never the plastic."""
        self.top_up(self.ming, 300)
        old = self.cards._issue(self.ming)
        old.action_report_lost()
        new = old._replace()
        self.assertEqual((old.state, old.replaced_by_id), ("replaced", new))
        self.assertEqual((new.state, new.partner_id), ("issued", self.ming))
        self.assertFigures(self.ming, 300)

    def test_a_lost_card_that_turns_up_works_again(self):
        card = self.cards._issue(self.ming)
        card.action_report_lost()
        card.action_unfreeze()
        card._assert_usable()

    def test_expired_cards_are_marked(self):
        old = self.cards._issue(self.ming, expires_on="2020-01-01")
        good = self.cards._issue(self.ming, expires_on="2099-01-01")
        self.cards._cron_expire()
        self.assertEqual((old.state, good.state), ("expired", "issued"))

    def test_issued_cards_are_kept(self):
        card = self.cards._issue(self.ming)
        with self.assertRaises(UserError):
            card.unlink()

    # === RIGHTS, LOG === #

    def test_each_act_has_its_right(self):
        """A1: issuing and blocking are rights of their own."""
        cashier = new_test_user(
            self.env, "card_cashier", groups="member_card.group_member_cashier"
        )
        card = self.cards.with_user(cashier)._issue(self.ming)
        self.assertEqual(card.state, "issued")
        for act in ("action_freeze", "action_unfreeze", "action_cancel"):
            with self.subTest(act=act), self.assertRaises(AccessError):
                getattr(card, act)()
        with self.assertRaises(AccessError):
            card._replace()
        clerk = new_test_user(self.env, "card_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.cards.with_user(clerk)._issue(self.ming)

    def test_every_act_is_logged(self):
        """B8: the history of one card."""
        supervisor = new_test_user(
            self.env, "card_boss", groups="member_card.group_member_supervisor"
        )
        card = self.cards.with_user(supervisor)._issue(self.ming)
        card.action_freeze()
        card.action_unfreeze()
        card.action_report_lost()
        card._replace()
        log = self.env["member.operator.log"].search([("card_id", "=", card.id)])
        self.assertEqual(
            log.sorted("id").mapped("action"),
            ["card_issue", "card_freeze", "card_unfreeze", "card_lost", "card_replace"],
        )
        self.assertEqual(log.user_id, supervisor)
        self.assertFalse(any(card.number in (line.detail or "") for line in log))

    # === WIZARD === #

    def issue_by_wizard(self, **vals):
        wizard = self.env["member.card.issue"].create(
            {"partner_id": self.ming.id, **vals}
        )
        wizard.action_issue()
        return self.ming.member_card_ids

    def test_wizard_makes_a_number(self):
        card = self.issue_by_wizard(number_source="generate")
        self.assertEqual(card.state, "issued")

    def test_wizard_takes_the_scanned_number(self):
        number = self.cards._generate_number(self.company)
        card = self.issue_by_wizard(number_source="type", number=number)
        self.assertEqual(card.number, number)

    def test_wizard_never_draws_a_number_for_an_empty_one(self):
        with self.assertRaises(ValidationError):
            self.issue_by_wizard(number_source="type")
        self.assertFalse(self.ming.member_card_ids)

    def test_wizard_replaces(self):
        old = self.cards._issue(self.ming)
        action = old.action_replace()
        wizard = (
            self.env["member.card.issue"]
            .with_context(**action["context"])
            .create({"number_source": "generate"})
        )
        wizard.action_issue()
        self.assertEqual(old.state, "replaced")
        self.assertEqual(old.replaced_by_id.state, "issued")
