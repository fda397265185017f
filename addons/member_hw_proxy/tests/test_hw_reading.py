from datetime import timedelta
from uuid import uuid4

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .. import hw_crypto
from .common import NUMBER, UID, HardwareCase

ISSUE = "base.group_user,member_card.group_member_card_issue"
SETUP = "base.group_user,member_hw_proxy.group_member_hw_setup"
OTHER_NUMBER = "8800000000000047"


@tagged("post_install", "-at_install")
class TestHwReading(HardwareCase):
    """C1: a card on the reader names the member, once, and proves nothing."""

    def tap(self, *args, **kwargs):
        return self.here.member_hw_card(self.peer.reading(*args, **kwargs))

    # === FOUND === #

    def test_a_chip_finds_its_member(self):
        card = self.card(self.ann, uid=UID)
        answer = self.tap(uid=UID)
        self.assertEqual(answer["status"], "ok", answer)
        [match] = answer["matches"]
        self.assertEqual(
            (match["partner_id"], match["card_id"]), (self.ann.id, card.id)
        )
        looked_up = self.here.member_lookup(NUMBER)
        self.assertEqual(answer["matches"], looked_up["matches"])
        self.assertEqual(answer["records"].keys(), looked_up["records"].keys())
        self.assertNotIn(UID, str(answer))

    def test_a_number_finds_its_member(self):
        """A magnetic stripe, or a chip that has no UID."""
        self.card(self.ann)
        answer = self.tap(number=NUMBER)
        self.assertEqual(answer["matches"][0]["partner_id"], self.ann.id)

    def test_a_chip_with_its_own_number(self):
        self.card(self.ann, uid=UID)
        self.assertEqual(self.tap(uid=UID, number=NUMBER)["status"], "ok")

    def test_a_chip_of_digits_is_no_number_and_no_phone(self):
        """A UID is looked up as such only, whatever it reads like."""
        self.ann.phone = "+1 650-253-0000"
        self.card(self.ann, number=NUMBER)
        self.assertRefused("unknown_chip", self.tap(uid="16502530000000"))
        self.assertRefused("unknown_chip", self.tap(uid=NUMBER))

    def test_the_computer_was_seen(self):
        self.agent.sudo().last_seen = False
        self.card(self.ann, uid=UID)
        self.tap(uid=UID)
        self.assertAlmostEqual(
            self.agent.last_seen.timestamp(),
            fields.Datetime.now().timestamp(),
            delta=60,
        )

    def test_a_tap_is_no_proof(self):
        """Paying asks for the PIN as ever, also right after a tap."""
        self.card(self.ann, uid=UID)
        self.credit(self.ann, money=100)
        self.assertEqual(self.tap(uid=UID)["status"], "ok")
        held = self.here.member_hold(self.ann.id, 10, "", str(uuid4()))
        self.assertNotEqual(held["status"], "ok")

    def test_a_copied_chip_never_pays_without_the_pin(self):
        """Whatever small amounts may: what is written on the card must be read too."""
        self.company.write({"member_pinless_amount": 30, "member_pinless_daily": 60})
        card = self.card(self.ann, uid=UID)
        self.credit(self.ann, money=100)

        self.assertEqual(self.pays_small(card), "pin_needed")
        self.tap(uid=UID)
        self.assertEqual(self.pays_small(card), "pin_needed")
        self.tap(number=NUMBER)
        self.assertEqual(self.pays_small(card), "pin_needed")
        self.tap(uid=UID, number=NUMBER)
        self.assertEqual(self.pays_small(card), "ok")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            self.assertEqual(self.pays_small(card), "pin_needed")
        self.till.sudo().member_hw_agent_id = False
        self.assertEqual(self.pays_small(card), "pin_needed")

    def test_a_contact_chip_never_pays_without_the_pin_unread(self):
        """It has no UID: what its writer confirmed says that it must be read here."""
        self.company.write({"member_pinless_amount": 30, "member_pinless_daily": 90})
        card = self.card(self.ann)
        self.credit(self.ann, money=100)
        self.assertEqual(self.pays_small(card), "ok", "a stripe is the till's word")
        card.write({"has_chip": True, "medium": "contact_ic"})

        self.assertEqual(self.pays_small(card), "pin_needed")
        self.tap(number=NUMBER)
        self.tap(uid="04FFFFFFFFFFFF", number=NUMBER)
        self.assertEqual(self.pays_small(card), "pin_needed", "other media copy it")
        self.tap(number=NUMBER, medium="contact_ic")
        self.assertEqual(self.pays_small(card), "ok")

    def test_a_chip_with_a_uid_does_not_count_by_its_contacts(self):
        self.company.write({"member_pinless_amount": 30, "member_pinless_daily": 60})
        card = self.card(self.ann, uid=UID)
        self.credit(self.ann, money=100)
        self.tap(number=NUMBER, medium="contact_ic")
        self.assertEqual(self.pays_small(card), "pin_needed")

    def test_what_a_revoked_computer_read_counts_no_more(self):
        """Nor what it read before, once it is paired again."""
        self.company.write({"member_pinless_amount": 30, "member_pinless_daily": 90})
        card = self.card(self.ann, uid=UID)
        self.credit(self.ann, money=100)
        self.tap(uid=UID, number=NUMBER)
        self.assertEqual(self.pays_small(card), "ok")
        self.agent.with_user(self.manager).action_revoke()
        self.assertEqual(self.pays_small(card), "pin_needed")
        self.addCleanup(setattr, self.peer, "secret", self.peer.secret)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            self.assertEqual(self.pair(self.peer), self.agent)
            self.assertEqual(self.pays_small(card), "pin_needed")
            self.tap(uid=UID, number=NUMBER)
            self.assertEqual(self.pays_small(card), "ok")

    def pays_small(self, card):
        """Pay without the PIN; return the answer's status, as the till was told it."""
        key = str(uuid4())
        answer = self.here.member_hold(self.ann.id, 15, False, key, card.id)
        [told] = self.here.member_info(self.ann.id)["cards"]
        self.assertEqual(told["may_skip_pin"], answer["status"] == "ok")
        return answer["status"]

    # === NOT USABLE === #

    def test_a_card_that_is_not_issued_tells_its_number(self):
        for state in ("blank", "encoded"):
            with self.subTest(state):
                card = self.card(uid=UID, state=state)
                answer = self.tap(uid=UID)
                self.assertRefused("not_issued", answer)
                self.assertEqual(
                    (answer["number"], answer["card_id"]), (NUMBER, card.id)
                )
                card.unlink()

    def test_a_card_that_is_blocked_says_so(self):
        card = self.card(self.ann, uid=UID)
        for state in ("frozen", "lost"):
            card._transition(state)
            answer = self.tap(uid=UID)
            self.assertRefused(state, answer)
            self.assertNotIn("number", answer)

    def test_an_unknown_chip_says_what_to_do(self):
        self.assertRefused("unknown_chip", self.tap(uid=UID))
        self.assertFalse(self.log("attempt", self.cashier))

    def test_a_number_that_is_mistyped_or_unknown(self):
        self.assertRefused("unknown_chip", self.tap(number="8811000000000000"))

    def test_a_card_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other Theatre"})
        self.card(uid=UID, state="blank", company=company)
        answer = self.tap(uid=UID)
        self.assertRefused("other_company", answer)
        self.assertNotIn("number", answer)

    def test_a_number_copied_to_another_chip(self):
        """The card is in somebody's pocket, and its number on a chip of theirs."""
        self.card(self.ann, uid=UID)
        self.assertRefused("card_copied", self.tap(uid="04FFFFFFFFFFFF", number=NUMBER))
        self.card(self.bob, OTHER_NUMBER, uid="04FFFFFFFFFFFF")
        self.assertRefused("card_copied", self.tap(uid="04FFFFFFFFFFFF", number=NUMBER))
        [line] = self.log("attempt", self.cashier)
        self.assertEqual(line.pos_config_id, self.till)

    def test_a_copied_chip_with_a_number_of_nobodys(self):
        """The UID is Ann's, what is written beside it was made up."""
        self.company.write({"member_pinless_amount": 30, "member_pinless_daily": 60})
        card = self.card(self.ann, uid=UID)
        self.credit(self.ann, money=100)
        self.assertRefused("card_copied", self.tap(uid=UID, number=OTHER_NUMBER))
        answer = self.here.member_hold(self.ann.id, 15, False, str(uuid4()), card.id)
        self.assertEqual(answer["status"], "pin_needed")

    # === WHAT NO AGENT SENT === #

    def test_the_same_reading_again_is_refused(self):
        self.card(self.ann, uid=UID)
        reading = self.peer.reading(uid=UID)
        self.assertEqual(self.here.member_hw_card(reading)["status"], "ok")
        self.assertRefused("replayed", self.here.member_hw_card(reading))
        backend = self.agents.with_user(self.person("hw_replay", ISSUE))
        self.assertRefused("replayed", backend.card(self.agent.id, reading))
        self.assertEqual(len(self.log("attempt", self.cashier)), 1)

    def test_a_refused_reading_is_used_too(self):
        reading = self.peer.reading(uid=UID)
        self.assertRefused("unknown_chip", self.here.member_hw_card(reading))
        self.assertRefused("replayed", self.here.member_hw_card(reading))

    def test_an_old_reading_is_refused(self):
        self.card(self.ann, uid=UID)
        for age in (35, 3600, -35):
            with self.subTest(age):
                self.assertRefused("stale", self.tap(uid=UID, age=age))
        self.assertEqual(self.tap(uid=UID, age=20)["status"], "ok")
        self.assertTrue(self.log("attempt", self.cashier))

    def test_a_forged_reading_is_refused_and_logged(self):
        good = self.peer.reading(uid=UID)
        stranger = hw_crypto.seal(
            bytes(32), "reading", self.peer.identifier, {"iat": 0, "jti": "x"}
        )
        report = self.peer.report()
        flipped = good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1]
        for reading in (stranger, report, flipped, "", "x", None, 7, {"uid": UID}):
            with self.subTest(reading):
                self.assertRefused("forged", self.here.member_hw_card(reading))
        [line] = self.log("attempt", self.cashier)
        self.assertEqual(
            (line.outcome, line.pos_config_id, line.reference),
            ("refused", self.till, self.agent.name),
        )
        self.assertNotIn(UID, line.detail)

    def test_a_reading_of_nothing(self):
        for body in ({}, {"uid": 7}, {"number": ["1"]}, {"uid": "", "number": ""}):
            with self.subTest(body):
                self.assertRefused("forged", self.tap(**body))

    def test_used_readings_are_forgotten_after_an_hour(self):
        self.tap(uid=UID)
        nonces = self.env["member.hw.nonce"].sudo()
        used = nonces.search([("agent_id", "=", self.agent.id)])
        self.assertEqual(len(used), 1)
        nonces._gc_nonces()
        self.assertTrue(used.exists())
        used.at = fields.Datetime.subtract(fields.Datetime.now(), hours=2)
        nonces._gc_nonces()
        self.assertFalse(used.exists())

    # === IN THE BACKEND === #

    def test_the_backend_is_told_whom_to_open(self):
        card = self.card(self.ann, uid=UID)
        backend = self.agents.with_user(self.person("hw_desk", ISSUE))
        answer = backend.card(self.agent.id, self.peer.reading(uid=UID))
        self.assertEqual(
            answer,
            {
                "status": "ok",
                "partner_id": self.ann.id,
                "name": self.ann.name,
                "card_id": card.id,
                "card_masked": card.masked,
                "number": NUMBER,
            },
        )

    def test_the_backend_refuses_as_the_till_does(self):
        user = self.person("hw_desk", ISSUE)
        backend = self.agents.with_user(user)
        card = self.card(uid=UID, state="blank")
        answer = backend.card(self.agent.id, self.peer.reading(uid=UID))
        self.assertRefused("not_issued", answer)
        self.assertEqual(answer["card_id"], card.id)
        self.assertRefused(
            "unknown_chip",
            backend.card(self.agent.id, self.peer.reading(uid="04FFFFFFFFFFFF")),
        )
        self.assertRefused("forged", backend.card(self.agent.id, "x"))
        self.assertEqual(len(self.log("attempt", user)), 1)

    def test_who_may_not_see_cards_is_told_nothing(self):
        self.card(self.ann, uid=UID)
        clerk = self.agents.with_user(self.person("hw_clerk", "base.group_user"))
        reading = self.peer.reading(uid=UID)
        self.assertRefused("forbidden", clerk.card(self.agent.id, reading))
        # and has not used it up
        self.assertEqual(self.here.member_hw_card(reading)["status"], "ok")

    def test_who_sets_computers_up_is_told_no_names(self):
        """They test readers, and members are none of their business."""
        self.card(self.ann, uid=UID)
        there = self.agents.with_user(self.person("hw_technician", SETUP))
        reading = self.peer.reading(uid=UID)
        answer = there.card(self.agent.id, reading)
        self.assertRefused("forbidden", answer)
        self.assertNotIn(self.ann.name, str(answer))
        self.assertEqual(self.here.member_hw_card(reading)["status"], "ok")
