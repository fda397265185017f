from uuid import uuid4

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .. import ledger
from .common_books import BooksCase

ANN_CARD = "8800000000000013"
NEW_CARD = "8800000000000039"
PIN = "2580"
NEW_PIN = "8642"


@tagged("post_install", "-at_install")
class TestPosCards(BooksCase):
    """D9, D10: cards, PINs, last entries at the till. Ann has a card, a PIN and 100."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["member.pin"]._set(cls.ann, PIN)
        cls.card = cls.env["member.card"]._issue(cls.ann, ANN_CARD)
        cls.credit(cls.ann, money=100, bonus=20)
        cls.supervisor = new_test_user(
            cls.env,
            "till_supervisor",
            groups="member_card.group_member_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.seller = new_test_user(
            cls.env,
            "till_seller",
            groups="point_of_sale.group_pos_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.here = cls.till.with_user(cls.cashier)
        cls.chief = cls.till.with_user(cls.supervisor)

    def log(self, action):
        return self.env["member.operator.log"].search(
            [("action", "=", action), ("partner_id", "=", self.ann.id)], limit=1
        )

    def hold(self, amount=10, pin=PIN, **more):
        key = more.pop("key", None) or str(uuid4())
        return self.here.member_hold(self.ann.id, amount, pin, key, **more)

    def told(self):
        """Run what a commit sends; return what the till hears of members."""
        self.env.cr.precommit.run()
        heard = self.env["bus.bus"].sudo()
        return heard.search_count([("message", "like", "MEMBER_CHANGED")])

    # === CARDS === #

    def test_lost_is_effective_at_once(self):
        """The other till that has the member open hears of it and can hold nothing."""
        answer = self.here.member_card_act(self.card.id, "lost")
        self.assertEqual(answer["status"], "ok")
        self.assertEqual([each["state"] for each in answer["cards"]], ["lost"])
        self.assertEqual(self.told(), 1)
        self.assertEqual(self.hold(card_id=self.card.id)["status"], "lost")
        self.assertEqual(self.here.member_lookup(ANN_CARD)["status"], "lost")
        self.assertEqual(answer["available"], 120)
        self.assertEqual(self.log("card_lost").user_id, self.cashier)

    def test_lost_twice_is_lost_once(self):
        for _answer_was_lost in range(2):
            answer = self.here.member_card_act(self.card.id, "lost")
            self.assertEqual(answer["status"], "ok")
        self.assertEqual(
            self.env["member.operator.log"].search_count(
                [("action", "=", "card_lost")]
            ),
            1,
        )

    def test_freeze_and_unfreeze(self):
        self.assertEqual(
            self.chief.member_card_act(self.card.id, "freeze")["status"], "ok"
        )
        self.assertEqual(self.here.member_lookup(ANN_CARD)["status"], "frozen")
        answer = self.chief.member_card_act(self.card.id, "unfreeze")
        self.assertEqual(answer["cards"][0]["state"], "issued")
        self.assertEqual(self.hold(card_id=self.card.id)["status"], "ok")

    def test_acts_take_their_rights(self):
        """A1: a loss is urgent, the rest is a supervisor's."""
        self.assertEqual(
            [
                self.here.member_card_act(self.card.id, "freeze")["status"],
                self.here.member_card_act(self.card.id, "unfreeze")["status"],
                self.here.member_card_issue(self.ann.id, NEW_CARD, self.card.id)[
                    "status"
                ],
                self.till.with_user(self.seller).member_card_act(self.card.id, "lost")[
                    "status"
                ],
                self.till.with_user(self.seller).member_card_issue(
                    self.ann.id, NEW_CARD
                )["status"],
            ],
            ["forbidden"] * 5,
        )
        self.assertEqual(self.card.state, "issued")

    def test_what_the_till_must_not_ask(self):
        for card_id, act, status in (
            (self.card.id, "cancel", "bad_request"),
            (0, "lost", "not_found"),
            ("1", "lost", "not_found"),
            (None, "lost", "not_found"),
        ):
            with self.subTest(act=act, card_id=card_id):
                answer = self.chief.member_card_act(card_id, act)
                self.assertEqual(answer["status"], status)

    def test_an_act_that_the_card_does_not_allow(self):
        self.chief.member_card_issue(self.ann.id, NEW_CARD, self.card.id)
        answer = self.here.member_card_act(self.card.id, "lost")
        self.assertEqual(answer["status"], "bad_card")
        self.assertEqual(self.card.state, "replaced")

    def test_cards_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        theirs = self.env["res.partner"].create({"name": "Theirs"})
        theirs._member_register({"member_company_id": other.id})
        card = self.env["member.card"]._issue(theirs)
        answer = self.chief.member_card_act(card.id, "lost")
        self.assertEqual(answer["status"], "other_company")
        self.assertEqual(card.state, "issued")

    # === A NEW CARD === #

    def test_lost_and_replaced_in_one_go(self):
        """Value and history follow the member; the old number names the new card."""
        answer = self.chief.member_card_issue(
            self.ann.id, NEW_CARD, self.card.id, is_lost=True
        )
        self.assertEqual(answer["status"], "ok")
        self.assertEqual([each["masked"] for each in answer["cards"]], ["•••• 0039"])
        self.assertEqual((self.card.state, answer["available"]), ("replaced", 120))
        old = self.here.member_lookup(ANN_CARD)
        self.assertEqual(old["status"], "replaced")
        self.assertIn("•••• 0039", old["message"])
        self.assertNotIn(NEW_CARD, old["message"])
        [match] = self.here.member_lookup(NEW_CARD)["matches"]
        self.assertEqual(match["partner_id"], self.ann.id)

    def test_old_numbers_name_the_card_that_is_good_now(self):
        for number in (NEW_CARD, "8800000000000047"):
            usable = self.ann.member_card_ids.filtered(lambda c: c.state == "issued")
            self.chief.member_card_issue(self.ann.id, number, usable.id)
            self.ann.invalidate_recordset(["member_card_ids"])
        self.assertIn("•••• 0047", self.here.member_lookup(ANN_CARD)["message"])

    def test_a_cashier_gives_a_second_card_for_a_lost_one(self):
        """Replacing is a supervisor's; the member does not leave without a card."""
        answer = self.here.member_card_issue(
            self.ann.id, NEW_CARD, self.card.id, is_lost=True
        )
        self.assertEqual(answer["status"], "ok")
        self.assertEqual(self.card.state, "lost")
        self.assertEqual(self.here.member_lookup(NEW_CARD)["status"], "ok")

    def test_asked_again_it_is_the_same_card(self):
        for _answer_was_lost in range(2):
            answer = self.chief.member_card_issue(
                self.ann.id, NEW_CARD, self.card.id, is_lost=True
            )
            self.assertEqual(answer["status"], "ok")
        self.assertEqual(self.ann.member_card_count, 2)

    def test_a_wrong_number_changes_nothing(self):
        taken = self.env["member.card"]._issue(self.bob)
        for number in ("", "8800000000000038", "abc", taken.number, ANN_CARD, None):
            with self.subTest(number=number):
                answer = self.chief.member_card_issue(
                    self.ann.id, number, self.card.id, is_lost=True
                )
                self.assertEqual(answer["status"], "bad_card")
                self.assertEqual(self.card.state, "issued")

    def test_another_members_card_is_not_replaced(self):
        theirs = self.env["member.card"]._issue(self.bob)
        answer = self.chief.member_card_issue(self.ann.id, NEW_CARD, theirs.id)
        self.assertEqual((answer["status"], theirs.state), ("not_found", "issued"))

    # === PIN === #

    def test_the_first_pin(self):
        answer = self.here.member_pin_set(self.bob.id, NEW_PIN)
        self.assertEqual((answer["status"], answer["has_pin"]), ("ok", True))
        self.env["member.pin"]._verify(self.bob, NEW_PIN)
        seller = self.till.with_user(self.seller)
        other = self.make_member("Other")
        self.assertEqual(
            seller.member_pin_set(other.id, NEW_PIN)["status"], "forbidden"
        )

    def test_who_knows_the_pin_changes_it(self):
        answer = self.here.member_pin_set(self.ann.id, NEW_PIN, PIN)
        self.assertEqual(answer["status"], "ok")
        self.assertEqual(self.hold(pin=NEW_PIN)["status"], "ok")
        self.assertEqual(self.hold()["status"], "wrong_pin")

    def test_the_answer_to_a_new_pin_is_lost(self):
        """Sent again it is the same request: no try is counted; done for Ann only."""
        key = str(uuid4())
        for _answer_was_lost in range(2):
            answer = self.here.member_pin_set(self.ann.id, NEW_PIN, PIN, False, key)
            self.assertEqual(answer["status"], "ok")
        self.assertFalse(self.log("wrong_pin"))
        self.env["member.pin"]._set(self.bob, PIN)
        for forged in (key, "no key"):
            again = self.here.member_pin_set(self.bob.id, NEW_PIN, PIN, False, forged)
            self.assertEqual(again["status"], "bad_request")
        self.assertEqual(self.hold(pin=NEW_PIN)["status"], "ok")

    def test_a_wrong_old_pin_counts(self):
        answer = self.here.member_pin_set(self.ann.id, NEW_PIN, "9173")
        self.assertEqual((answer["status"], answer["attempts_left"]), ("wrong_pin", 4))
        self.assertEqual(self.log("wrong_pin").user_id, self.cashier)
        self.assertEqual(self.hold()["status"], "ok")

    def test_a_bad_new_pin_costs_no_try(self):
        for pin, status in (
            ("1234", "trivial"),
            ("25", "bad_format"),
            (2580, "bad_format"),
        ):
            with self.subTest(pin=pin):
                answer = self.here.member_pin_set(self.ann.id, pin, "9173")
                self.assertEqual(answer["status"], status)
        self.assertEqual(self.hold(pin="9173")["attempts_left"], 4)

    def test_a_forgotten_pin_is_a_supervisors(self):
        """A1: the cashier is told whom to ask; the log says who did it."""
        answer = self.here.member_pin_set(self.ann.id, NEW_PIN)
        self.assertEqual(answer["status"], "approval_needed")
        self.assertEqual(self.hold()["status"], "ok")
        answer = self.chief.member_pin_set(self.ann.id, NEW_PIN)
        self.assertEqual(answer["status"], "ok")
        self.assertEqual(self.hold(pin=NEW_PIN)["status"], "ok")
        self.assertEqual(self.log("pin_set").user_id, self.supervisor)
        self.assertNotIn(NEW_PIN, self.log("pin_set").detail)

    def test_an_approval_resets_once(self):
        """A supervisor's PIN at the cashier's till; the log names both."""
        pins = self.env["member.approval.pin"].sudo()
        pins._set(self.supervisor.partner_id, "7391")
        about = {"partner_id": self.ann.id}
        asked = (self.supervisor.id, "7391", "pin_reset", 0, False, about)
        token = self.here.member_approve(*asked)["token"]
        self.assertEqual(self.log("approval").partner_id, self.ann)
        answer = self.here.member_pin_set(self.ann.id, NEW_PIN, False, token)
        self.assertEqual(answer["status"], "ok")
        self.assertEqual(self.hold(pin=NEW_PIN)["status"], "ok")
        self.assertEqual(self.log("pin_set").user_id, self.cashier)
        self.assertIn(self.supervisor.name, self.log("pin_set").detail)
        again = self.here.member_pin_set(self.ann.id, PIN, False, token)
        self.assertEqual(again["status"], "approval_invalid")
        forged = self.here.member_pin_unlock(self.ann.id, "forged")
        self.assertEqual(forged["status"], "approval_invalid")

    def test_an_approval_resets_the_pin_of_one_member(self):
        """Neither a new PIN nor an unlocked one for somebody else."""
        pins = self.env["member.approval.pin"].sudo()
        pins._set(self.supervisor.partner_id, "7391")
        self.env["member.pin"]._set(self.bob, PIN)
        asked = (self.supervisor.id, "7391", "pin_reset", 0, False)
        question = self.here.member_approve(
            False, "", "pin_reset", 0, False, {"partner_id": self.ann.id}
        )
        self.assertIn(self.ann.member_number, question["text"])
        token = self.here.member_approve(*asked, {"partner_id": self.ann.id})["token"]
        for answer in (
            self.here.member_pin_set(self.bob.id, NEW_PIN, False, token),
            self.here.member_pin_unlock(self.bob.id, token),
        ):
            self.assertEqual(answer["status"], "approval_invalid")
        answer = self.here.member_pin_unlock(self.ann.id, token)
        self.assertEqual(answer["status"], "ok")
        for about in ({}, False, {"partner_id": self.cashier.partner_id.id}):
            answer = self.here.member_approve(*asked, about)
            self.assertEqual(answer["status"], "not_member")

    def test_lock_out_is_shown_and_ended(self):
        """D9: its time, whom to ask; the PIN stays as it was."""
        for _try in range(5):
            self.hold(pin="9173")
        self.env.invalidate_all()
        info = self.here.member_info(self.ann.id)
        until = fields.Datetime.to_datetime(info["pin_locked_until"])
        self.assertGreater(until, fields.Datetime.now())
        self.assertTrue(any("locked until" in each for each in info["warnings"]))
        self.assertEqual(
            self.here.member_pin_set(self.ann.id, NEW_PIN, PIN)["status"], "locked"
        )
        answer = self.here.member_pin_unlock(self.ann.id)
        self.assertEqual(answer["status"], "approval_needed")
        answer = self.chief.member_pin_unlock(self.ann.id)
        self.assertEqual((answer["status"], answer["pin_locked_until"]), ("ok", False))
        self.assertEqual(self.log("pin_unlock").user_id, self.supervisor)
        self.assertEqual(self.hold()["status"], "ok")

    # === SMALL AMOUNTS === #

    def pinless(self, amount, **more):
        return self.hold(amount, pin=False, card_id=self.card.id, **more)

    def small_amounts(self, amount=30, daily=50):
        self.company.write(
            {"member_pinless_amount": amount, "member_pinless_daily": daily}
        )

    def test_always_a_pin_until_the_company_says_otherwise(self):
        self.assertEqual(self.here.member_info(self.ann.id)["pinless"], 0)
        self.assertEqual(self.pinless(1)["status"], "pin_needed")

    def test_a_small_amount_needs_the_card_and_no_pin(self):
        self.small_amounts()
        self.assertEqual(self.here.member_info(self.ann.id)["pinless"], 30)
        self.assertEqual(self.pinless(30)["status"], "ok")
        self.assertEqual(self.pinless(30.01)["status"], "pin_needed")
        self.assertEqual(self.hold(10, pin=False)["status"], "pin_needed")
        other = self.env["member.card"]._issue(self.bob)
        answer = self.hold(10, pin=False, card_id=other.id)
        self.assertEqual(answer["status"], "pin_needed")

    def test_a_stolen_card_is_not_drained(self):
        self.small_amounts()
        self.assertEqual(self.pinless(30)["status"], "ok")
        self.assertEqual(self.here.member_info(self.ann.id)["pinless"], 20)
        self.assertEqual(self.pinless(20.01)["status"], "pin_needed")
        self.assertEqual(self.pinless(20)["status"], "ok")
        self.assertEqual(self.pinless(0.01)["status"], "pin_needed")
        self.assertEqual(self.hold(30)["status"], "ok")

    def test_asked_again_it_counts_once(self):
        self.small_amounts()
        key = str(uuid4())
        first = self.pinless(30, key=key)
        self.assertEqual(self.pinless(30, key=key)["lines"], first["lines"])
        self.assertEqual(self.here.member_info(self.ann.id)["pinless"], 20)

    def test_what_was_given_back_does_not_count(self):
        self.small_amounts()
        key = str(uuid4())
        self.pinless(30, key=key)
        self.here.member_release(key)
        self.assertEqual(self.here.member_info(self.ann.id)["pinless"], 30)
        self.assertEqual(self.pinless(30)["status"], "ok")

    def test_a_request_with_another_amount_does_not_count_less(self):
        """By direct RPC: the answer is no, and what was held stays counted."""
        self.small_amounts()
        key = str(uuid4())
        self.pinless(30, key=key)
        self.assertEqual(self.pinless(0.01, key=key)["status"], "key_reused")
        self.assertEqual(self.here.member_info(self.ann.id)["pinless"], 20)

    def test_of_two_pockets_one_given_back_leaves_the_other_counted(self):
        self.small_amounts()
        key = str(uuid4())
        bonus, principal = self.pinless(30, key=key)["lines"]
        self.assertEqual((bonus["amount"], principal["amount"]), (20, 10))
        data = self.order_data(
            [(self.book, 1, 20, {})],
            [(self.wallet_bonus, 20, bonus["key"])],
            self.ann,
        )
        self.assertEqual(self.send(data).state, "paid")
        self.here.member_release(key)
        self.assertEqual(self.pinless(30)["status"], "ok")
        self.assertEqual(self.here.member_info(self.ann.id)["pinless"], 0)

    def test_what_ran_out_counts_since_an_order_may_still_take_it(self):
        self.small_amounts()
        self.credit(self.ann, money=100)
        orders = []
        for _try in range(2):
            answer = self.pinless(25)
            keys = [line["key"] for line in answer.get("lines", ())]
            self.assertEqual(answer["status"], "ok")
            ledger.lapse(self.env, keys)
            orders.append(answer["lines"])
        self.assertEqual(self.pinless(25)["status"], "pin_needed")
        for lines in orders:
            methods = {line["payment_method_id"]: line for line in lines}
            pay = [
                (method, methods[method.id]["amount"], methods[method.id]["key"])
                for method in self.wallet_bonus | self.wallet
                if method.id in methods
            ]
            self.send(self.order_data([(self.book, 1, 25, {})], pay, self.ann))
        self.assertEqual(self.pinless(0.01)["status"], "pin_needed")

    def test_what_the_wallet_refused_is_not_counted(self):
        self.small_amounts(amount=200, daily=200)
        self.assertEqual(self.pinless(120.01)["status"], "insufficient")
        self.assertEqual(self.pinless(120)["status"], "ok")

    def test_a_refused_day_holds_nothing(self):
        self.small_amounts()
        self.pinless(30)
        self.assertEqual(self.pinless(30)["status"], "pin_needed")
        self.assertEqual(self.here.member_info(self.ann.id)["available"], 90)

    def test_a_locked_pin_is_asked_for_whatever_the_amount(self):
        self.small_amounts()
        for _try in range(5):
            self.hold(pin="9173")
        self.env.invalidate_all()
        self.assertEqual(self.pinless(10)["status"], "pin_needed")

    # === LAST ENTRIES === #

    def test_last_entries(self):
        """D11: public figures only, the newest first."""
        answer = self.here.member_history(self.ann.id)
        self.assertEqual(answer["status"], "ok")
        self.assertEqual(
            {(e["pocket"], e["amount"], e["balance_after"]) for e in answer["entries"]},
            {(self.principal.name, 100, 100), (self.bonus.name, 20, 20)},
        )
        self.assertEqual(
            set(answer["entries"][0]),
            {
                *("id", "date", "store", "kind", "asset_kind"),
                *("pocket", "amount", "balance_after"),
            },
        )

    def test_last_entries_of_strangers(self):
        self.assertEqual(
            self.here.member_history(self.cashier.partner_id.id)["status"], "not_member"
        )
