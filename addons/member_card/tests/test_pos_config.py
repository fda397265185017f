from uuid import uuid4

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .. import ledger
from .common_books import BooksCase

PIN = "2580"


@tagged("post_install", "-at_install")
class TestPosConfig(BooksCase):
    """The verbs of the till, asked by a cashier at an open till.

    Ann has 100, a bonus of 20 and a PIN. One class: setting a company up takes longer
    than all of these tests.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the accounting tests archive all pricelists
        for_ann = cls.ann.member_class_id.with_company(cls.company)
        for_ann.pricelist_id.action_unarchive()
        cls.env["member.pin"]._set(cls.ann, PIN)
        cls.card = cls.env["member.card"]._issue(cls.ann)
        cls.credit(cls.ann, money=100, bonus=20)

    def setUp(self):
        super().setUp()
        self.here = self.till.with_user(self.cashier)

    def ask(self, amount, pin=PIN, key=None, partner=None, **more):
        return self.here.member_hold(
            (partner or self.ann).id, amount, pin, key or str(uuid4()), **more
        )

    def money(self, partner=None):
        partner = partner or self.ann
        assets = self.principal | self.bonus
        figures = ledger.figures(self.env, partner.id, assets.ids)
        return sum(float(each.available) for each in figures.values())

    # === HOLD === #

    def test_hold_takes_the_pockets_in_order(self):
        """D2, A12: bonus first; each line carries its key and its payment method."""
        answer = self.ask(88.4)
        self.assertEqual(answer["status"], "ok")
        self.assertEqual(
            [(line["payment_method_id"], line["amount"]) for line in answer["lines"]],
            [(self.wallet_bonus.id, 20.0), (self.wallet.id, 68.4)],
        )
        self.assertEqual(answer["available"], 31.6)
        self.assertEqual(self.money(), 31.6)

    def test_hold_asked_again_holds_nothing_twice(self):
        """The answer was lost: the same request gets the same lines."""
        key = str(uuid4())
        first = self.ask(110, key=key)
        second = self.ask(110, key=key)
        self.assertEqual(first["lines"], second["lines"])
        self.assertEqual(second["status"], "ok")
        self.assertEqual(self.money(), 10)

    def test_hold_refuses_a_key_with_another_amount(self):
        key = str(uuid4())
        self.ask(10, key=key)
        self.assertEqual(self.ask(11, key=key)["status"], "key_reused")
        self.assertEqual(self.money(), 110)

    def test_hold_needs_a_key_that_nobody_guesses(self):
        self.assertEqual(self.ask(10, key="1")["status"], "bad_request")
        self.assertEqual(self.ask(10, key=str(uuid4()))["status"], "ok")

    def test_hold_refuses_more_than_there_is(self):
        """A12: nothing is taken, and the answer says what there is."""
        answer = self.ask(120.01)
        self.assertEqual((answer["status"], answer["available"]), ("insufficient", 120))
        self.assertEqual(self.money(), 120)

    def test_hold_refuses_bad_amounts(self):
        for amount in (0, -5, 0.001, 10.005, "10", None, True, float("nan")):
            with self.subTest(amount=amount):
                self.assertEqual(self.ask(amount)["status"], "invalid_amount")
        self.assertEqual(self.money(), 120)

    def test_hold_refuses_a_wrong_pin_and_logs_it(self):
        """D9: the answer counts down, the operator log names till and member."""
        answer = self.ask(10, pin="9999")
        self.assertEqual((answer["status"], answer["attempts_left"]), ("wrong_pin", 4))
        log = self.env["member.operator.log"].search([("action", "=", "wrong_pin")])
        self.assertEqual((log.partner_id, log.user_id), (self.ann, self.cashier))
        self.assertEqual(self.money(), 120)

    def test_hold_by_the_right_pin_clears_the_count(self):
        """D9: also where there is too little money."""
        self.ask(10, pin="9999")
        self.assertEqual(self.ask(500)["status"], "insufficient")
        self.assertEqual(self.ask(10, pin="9999")["attempts_left"], 4)
        self.assertEqual(self.ask(10)["status"], "ok")
        self.assertEqual(self.ask(10, pin="9999")["attempts_left"], 4)

    def test_hold_locks_the_pin_after_five_tries(self):
        """D9: the right PIN does not help while it is locked."""
        answers = [self.ask(10, pin="9999") for _try in range(5)]
        self.assertEqual(answers[-1]["status"], "locked")
        self.assertIn("locked_until", answers[-1])
        self.assertEqual(self.ask(10)["status"], "locked")

    def test_hold_refuses_what_is_no_pin(self):
        for pin in (self.card.number, "", None, 2580):
            with self.subTest(pin=pin):
                self.assertEqual(self.ask(10, pin=pin)["status"], "bad_format")

    def test_hold_needs_a_pin_that_was_set(self):
        self.credit(self.bob, money=50)
        answer = self.ask(10, partner=self.bob)
        self.assertEqual(answer["status"], "no_pin")
        self.assertTrue(answer["message"])

    def test_hold_refuses_a_frozen_member(self):
        self.ann.action_member_freeze()
        self.assertEqual(self.ask(10)["status"], "frozen")
        self.ann.action_member_unfreeze()
        self.assertEqual(self.ask(10)["status"], "ok")

    def test_hold_counts_no_wrong_pin_of_who_may_not_spend(self):
        """The reason is the member, and the PIN is not locked by trying."""
        self.ann.action_member_freeze()
        for _try in range(6):
            self.assertEqual(self.ask(10, pin="9753")["status"], "frozen")
        self.ann.action_member_unfreeze()
        self.assertEqual(self.ask(10)["status"], "ok")

    def test_hold_asked_again_is_answered_although_frozen_since(self):
        """What was held once is told again; nothing more is held."""
        key = str(uuid4())
        first = self.ask(10, key=key)
        self.ann.action_member_freeze()
        self.assertEqual(self.ask(10, key=key)["lines"], first["lines"])
        self.assertEqual(self.ask(10)["status"], "frozen")
        self.assertEqual(self.money(), 110)

    def test_hold_names_the_card_that_was_read(self):
        """B8: the history of one card; a card reported lost meanwhile is refused."""
        card_id = self.here.member_lookup(self.card.number)["matches"][0]["card_id"]
        self.assertEqual(card_id, self.card.id)
        (line,) = self.ask(10, card_id=card_id)["lines"]
        hold = self.env["member.hold"].search([("key", "=", line["key"])])
        self.assertEqual(hold.card_id, self.card)
        self.card.action_report_lost()
        self.assertEqual(self.ask(10, card_id=card_id)["status"], "lost")

    def test_hold_takes_no_card_of_another_member(self):
        card = self.env["member.card"]._issue(self.bob)
        (line,) = self.ask(10, card_id=card.id)["lines"]
        hold = self.env["member.hold"].search([("key", "=", line["key"])])
        self.assertFalse(hold.card_id)

    def test_hold_leaves_out_a_pocket_without_a_method(self):
        """A till that does not take the bonus never spends it."""
        self.session.close_session_from_ui()
        self.till.payment_method_ids = [Command.unlink(self.wallet_bonus.id)]
        self.open_session(self.till)
        answer = self.ask(100.01)
        self.assertEqual((answer["status"], answer["available"]), ("insufficient", 100))
        self.assertEqual(self.ask(100)["status"], "ok")

    # === RELEASE === #

    def test_release_by_any_line_gives_back_the_whole_attempt(self):
        answer = self.ask(110)
        keys = {line["key"] for line in answer["lines"]}
        released = self.here.member_release(answer["lines"][1]["key"])
        self.assertEqual(set(released["keys"]), keys)
        self.assertEqual(self.money(), 120)

    def test_release_by_the_request(self):
        """The answer was lost: the till knows the request and no line."""
        key = str(uuid4())
        self.ask(110, key=key)
        self.assertEqual(self.here.member_release(key)["status"], "ok")
        self.assertEqual(self.money(), 120)

    def test_release_of_nothing_is_no_error(self):
        answer = self.here.member_release(str(uuid4()))
        self.assertEqual((answer["status"], answer["keys"]), ("ok", []))

    def test_release_loses_against_the_order(self):
        """Guarantee 5: what an order has claimed is not given back."""
        (line,) = self.ask(20)["lines"]
        ledger.capture(self.env, line["key"])
        self.env.flush_all()
        self.assertEqual(self.here.member_release(line["key"])["status"], "claimed")
        self.post_commit()
        self.assertEqual(self.money(), 100)

    def test_release_leaves_other_tills_alone(self):
        other, *_methods = self.make_till_beside()
        self.open_session(other)
        (line,) = self.ask(20)["lines"]
        answer = other.with_user(self.cashier).member_release(line["key"])
        self.assertEqual(answer["keys"], [])
        self.assertEqual(self.money(), 100)

    def make_till_beside(self):
        wallets = self.wallet | self.wallet_bonus
        till = self.till.copy(
            {
                "name": "Till two",
                "payment_method_ids": [Command.set((self.bank | wallets).ids)],
            }
        )
        return (till,)

    # === TOP-UP === #

    def reserve(self, amount, key=None, partner=None):
        return self.here.member_topup_reserve(
            (partner or self.ann).id, amount, key or str(uuid4())
        )

    def test_topup_under_no_cap_needs_no_room(self):
        self.company.member_cap_named = 0
        self.assertEqual(self.reserve(5000)["status"], "ok")

    def test_topup_reserves_room_under_the_cap(self):
        """Two tills together never pass the cap; the second hears what is left."""
        self.company.member_cap_named = 500
        self.assertEqual(self.reserve(300)["status"], "ok")
        answer = self.reserve(200)
        self.assertEqual((answer["status"], answer["room"]), ("over_cap", 100))
        self.assertEqual(self.reserve(100)["status"], "ok")

    def test_topup_room_is_given_back(self):
        self.company.member_cap_named = 500
        key = str(uuid4())
        self.reserve(400, key=key)
        self.assertEqual(self.here.member_release(key)["keys"], [key])
        self.assertEqual(self.reserve(400)["status"], "ok")

    def test_topup_needs_a_class_that_holds_money(self):
        self.ann.member_class_id = self.env.ref("member_card.member_class_points")
        self.assertEqual(self.reserve(10)["status"], "no_money")

    def test_topup_needs_the_right(self):
        """A1: topping up is a right of its own."""
        seller = new_test_user(
            self.env,
            "till_seller",
            groups="point_of_sale.group_pos_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        till = self.till.with_user(seller)
        answer = till.member_topup_reserve(self.ann.id, 10, str(uuid4()))
        self.assertEqual(answer["status"], "forbidden")

    def test_topup_refuses_a_frozen_member(self):
        self.ann.action_member_freeze()
        self.assertEqual(self.reserve(10)["status"], "frozen")

    # === LOOK-UP === #

    def test_lookup_by_card_loads_what_the_till_needs(self):
        """D5: the member, and the price of the class, in the till's own form."""
        answer = self.here.member_lookup(self.card.number)
        self.assertEqual(answer["status"], "ok")
        (match,) = answer["matches"]
        self.assertEqual(match["partner_id"], self.ann.id)
        (record,) = answer["records"]["res.partner"]
        self.assertTrue(record["is_member"])
        (pricelist,) = answer["records"]["product.pricelist"]
        self.assertEqual(record["property_product_pricelist"], pricelist["id"])
        self.assertTrue(pricelist["is_member_pricelist"])

    def test_lookup_tells_namesakes_apart(self):
        self.make_member("Chen Wei", phone="+8613812345678")
        self.make_member("Chen Wei", phone="+8613812340000")
        answer = self.here.member_lookup("chen wei")
        self.assertEqual(answer["status"], "several")
        self.assertEqual(
            sorted(match["phone_masked"] for match in answer["matches"]),
            ["•••• 0000", "•••• 5678"],
        )

    def test_lookup_of_nobody_says_so(self):
        for query in ("nobody at all", "", "   ", None):
            with self.subTest(query=query):
                answer = self.here.member_lookup(query)
                self.assertEqual(answer["status"], "not_found")

    def test_lookup_refuses_a_lost_card(self):
        """D10: the sentence is about the card, and nobody is found by it."""
        self.card.action_report_lost()
        answer = self.here.member_lookup(self.card.number)
        self.assertEqual(answer["status"], "lost")
        self.assertNotIn("records", answer)

    def test_lookup_answers_hold_no_full_card_number(self):
        answer = self.here.member_lookup(self.card.number)
        info = self.here.member_info(self.ann.id)
        self.assertNotIn(self.card.number, repr((answer, info)))

    # === INFO === #

    def test_info_shows_the_pockets(self):
        info = self.here.member_info(self.ann.id)
        self.assertEqual(
            [(pocket["kind"], pocket["available"]) for pocket in info["pockets"]],
            [("bonus", 20.0), ("principal", 100.0)],
        )
        self.assertEqual((info["available"], info["has_pin"]), (120.0, True))
        self.assertEqual(info["card_masked"], self.card.masked)
        self.assertEqual(info["warnings"], [])

    def test_info_leaves_out_what_is_held(self):
        self.ask(20)
        self.assertEqual(self.here.member_info(self.ann.id)["available"], 100.0)

    def test_info_warns(self):
        self.card.action_report_lost()
        self.assertEqual(len(self.here.member_info(self.ann.id)["warnings"]), 1)
        self.assertEqual(len(self.here.member_info(self.bob.id)["warnings"]), 1)

    def test_info_of_a_customer_who_is_no_member(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        for partner_id in (stranger.id, stranger.id + 10**6, False, "1", None):
            with self.subTest(partner_id=partner_id):
                answer = self.here.member_info(partner_id)
                self.assertEqual(answer["status"], "not_member")

    # === RIGHTS === #

    def other_company(self):
        return self.env["res.company"].create({"name": "Elsewhere Ltd"})

    def verbs(self, till, partner=None):
        """Ask every verb of a till for the same member."""
        partner_id = (partner or self.ann).id
        key = str(uuid4())
        return {
            "lookup": till.member_lookup(self.card.number),
            "info": till.member_info(partner_id),
            "hold": till.member_hold(partner_id, 10, PIN, key),
            "release": till.member_release(key),
            "topup": till.member_topup_reserve(partner_id, 10, key),
        }

    def assertAllRefused(self, status, till):
        answers = self.verbs(till)
        self.assertEqual(
            {verb: answer["status"] for verb, answer in answers.items()},
            dict.fromkeys(answers, status),
        )
        self.assertEqual(self.money(), 120)

    def test_verbs_refuse_who_is_no_cashier(self):
        user = new_test_user(
            self.env,
            "back_office",
            groups="base.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertAllRefused("forbidden", self.till.with_user(user))

    def test_verbs_refuse_cashiers_of_another_company(self):
        other = self.other_company()
        user = new_test_user(
            self.env,
            "other_cashier",
            groups="member_card.group_member_cashier",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        till = self.till.with_user(user).with_context(allowed_company_ids=other.ids)
        self.assertAllRefused("forbidden", till)

    def test_verbs_need_an_open_session(self):
        self.session.close_session_from_ui()
        self.assertAllRefused("no_session", self.here)

    def test_verbs_refuse_members_of_another_company(self):
        other = self.other_company()
        stranger = self.env["res.partner"].create({"name": "Elsewhere"})
        stranger.with_company(other)._member_register({"member_company_id": other.id})
        answers = self.verbs(self.here, stranger)
        for verb in ("info", "hold", "topup"):
            with self.subTest(verb=verb):
                self.assertEqual(answers[verb]["status"], "other_company")

    # === LOADING === #

    def test_wallet_cannot_be_a_fast_payment(self):
        """D9: a payment in one tap would go round the PIN."""
        self.session.close_session_from_ui()
        with self.assertRaises(ValidationError):
            self.till.write(
                {
                    "use_fast_payment": True,
                    "fast_payment_method_ids": [Command.set(self.wallet.ids)],
                }
            )
        self.till.write(
            {
                "use_fast_payment": True,
                "fast_payment_method_ids": [Command.set(self.bank.ids)],
            }
        )

    def test_loaded_till_offers_no_wallet_as_fast_payment(self):
        """Data that came in behind the constraint is filtered out all the same."""
        self.env.cr.execute(
            "INSERT INTO pos_payment_method_config_fast_validation_relation"
            " (pos_config_id, pos_payment_method_id) VALUES (%s, %s), (%s, %s)",
            [self.till.id, self.wallet.id, self.till.id, self.bank.id],
        )
        self.till.invalidate_recordset()
        (record,) = self.here._load_pos_data_read(self.here, self.here)
        self.assertEqual(record["fast_payment_method_ids"], self.bank.ids)
        self.assertEqual(
            record["_member_topup_product_id"], self.company.member_topup_product_id.id
        )

    def test_till_loads_the_prices_of_the_classes(self):
        pricelist = self.ann.with_company(self.company).property_product_pricelist
        self.assertTrue(pricelist.is_member_pricelist)
        self.assertIn(pricelist, self.here._get_available_pricelists())

    def test_topup_product_is_not_on_sale(self):
        product = self.company.member_topup_product_id
        self.assertIn(product, self.here._get_special_products())

    def test_partners_are_loaded_with_public_fields_only(self):
        """No balance, no PIN and no card number reaches the browser's cache."""
        names = set(self.env["res.partner"]._load_pos_data_fields(self.till))
        self.assertIn("is_member", names)
        self.assertFalse(
            {name for name in names if "balance" in name or "pin" in name}
            | (names & {"member_card_ids", "member_available", "member_phone"})
        )

    def test_store_of_the_till_is_on_the_hold(self):
        self.till.member_store_id = self.env["member.store"].create(
            {"name": "Foyer", "code": "FOY", "company_id": self.company.id}
        )
        (line,) = self.ask(20)["lines"]
        hold = self.env["member.hold"].search([("key", "=", line["key"])])
        self.assertEqual(hold.store_id, self.till.member_store_id)
        self.assertEqual(hold.operator_id, self.cashier)
        self.assertGreater(hold.expires_at, fields.Datetime.now())
