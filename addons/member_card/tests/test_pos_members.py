from uuid import uuid4

from odoo import Command
from odoo.tests import new_test_user, tagged

from .common_books import BooksCase

PHONE = "+1 650-253-0000"
NEW_CARD = "8800000000000039"
PIN = "2580"


@tagged("post_install", "-at_install")
class TestPosMembers(BooksCase):
    """B4: joining at the till, asked by a cashier at an open till."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["member.class"].search([]).with_company(
            cls.company
        ).pricelist_id.action_unarchive()
        cls.stored_value = cls.env.ref("member_card.member_class_stored_value")
        cls.here = cls.till.with_user(cls.cashier)

    def join(self, key=None, till=None, **values):
        values = {"name": "Cao Fei", "phone": PHONE, **values}
        answer = (till or self.here).member_join(values, key or str(uuid4()))
        self.env.flush_all()
        return answer

    def joined(self, answer):
        self.assertEqual(answer["status"], "ok", answer)
        return self.env["res.partner"].browse(answer["matches"][0]["partner_id"])

    def assertRefusedAt(self, field, answer):
        self.assertEqual(
            (answer["status"], list(answer["fields"])), ("invalid", [field])
        )
        self.assertEqual(answer["message"], answer["fields"][field])
        self.assertFalse(self.env["res.partner"].search([("name", "=", "Cao Fei")]))

    # === JOIN === #

    def test_all_at_once(self):
        """Member, card and PIN in one go; what the till sells with comes along."""
        answer = self.join(
            class_id=self.stored_value.id, card_number=NEW_CARD, pin=PIN, topup=500
        )
        member = self.joined(answer)
        self.assertEqual(
            (member.name, member.member_class_id, member.member_state),
            ("Cao Fei", self.stored_value, "active"),
        )
        self.assertEqual(member.member_phone, "+16502530000")
        self.assertEqual(member.member_card_ids.number, NEW_CARD)
        self.assertEqual(answer["matches"][0]["card_id"], member.member_card_ids.id)
        self.env["member.pin"]._verify(member, PIN)
        self.assertEqual(answer["records"]["res.partner"][0]["id"], member.id)
        log = self.env["member.operator.log"].search([("partner_id", "=", member.id)])
        self.assertEqual(
            set(log.mapped("action")), {"member_register", "card_issue", "pin_set"}
        )
        self.assertEqual(log.user_id, self.cashier)

    def test_a_name_is_enough(self):
        member = self.joined(self.join(phone=""))
        self.assertEqual(
            member.member_class_id, self.env.ref("member_card.member_class_ordinary")
        )
        self.assertFalse(member.member_card_ids)
        self.assertFalse(member.member_has_pin)

    def test_the_company_chooses_the_usual_class(self):
        self.company.member_class_id = self.stored_value
        self.assertEqual(self.joined(self.join()).member_class_id, self.stored_value)
        [usual] = [
            each for each in self.here._member_offers()["classes"] if each["is_default"]
        ]
        self.assertEqual(usual["id"], self.stored_value.id)

    def test_asked_again_it_is_the_same_member(self):
        """The answer was lost: nobody joins twice, no card is issued twice."""
        key = str(uuid4())
        first = self.join(key, card_number=NEW_CARD)
        second = self.join(key, card_number=NEW_CARD)
        self.assertEqual(first["matches"], second["matches"])
        self.assertEqual(
            self.env["res.partner"].search_count([("name", "=", "Cao Fei")]), 1
        )

    def test_a_blank_card_of_the_stock(self):
        blank = (
            self.env["member.card"]
            .sudo()
            .create({"number": NEW_CARD, "company_id": self.company.id})
        )
        member = self.joined(self.join(card_number="8800 0000 0000 0039"))
        self.assertEqual((blank.partner_id, blank.state), (member, "issued"))

    def test_an_existing_customer_becomes_a_member(self):
        """What the contact has stays as it is; what is missing is added."""
        contact = self.env["res.partner"].create({"name": "Old Customer"})
        answer = self.join(name="Somebody else", partner_id=contact.id)
        self.assertEqual(self.joined(answer), contact)
        self.assertEqual(
            (contact.name, contact.member_phone), ("Old Customer", "+16502530000")
        )

    # === REFUSALS === #

    def test_each_field_has_its_sentence(self):
        """Bad input: nothing is made, nothing is lost."""
        taken = self.env["member.card"]._issue(self.bob)
        for field, value in (
            ("name", "  "),
            ("phone", "12"),
            ("phone", "no phone"),
            ("class_id", -1),
            ("card_number", "8800000000000038"),
            ("card_number", "4006381333931"),
            ("card_number", taken.number),
            ("pin", "1234"),
            ("pin", "25"),
            ("pin", 2580),
            ("topup", -5),
            ("topup", "many"),
        ):
            with self.subTest(field=field, value=value):
                values = {"class_id": self.stored_value.id, field: value}
                self.assertRefusedAt(field, self.join(**values))

    def test_wrong_fields_are_told_together(self):
        answer = self.join(name="", pin="1111", card_number="1")
        self.assertEqual(set(answer["fields"]), {"name", "pin", "card_number"})

    def test_a_first_top_up_needs_a_class_that_holds_money(self):
        self.assertRefusedAt("topup", self.join(topup=500))

    def test_a_first_top_up_stays_under_the_cap(self):
        self.company.member_cap_named = 400
        answer = self.join(class_id=self.stored_value.id, topup=500)
        self.assertRefusedAt("topup", answer)
        self.assertIn("400", answer["message"])

    def test_who_is_a_member_cannot_join_again(self):
        answer = self.join(partner_id=self.bob.id)
        self.assertEqual(answer["status"], "invalid")
        self.assertIn(self.bob.member_number, answer["message"])

    def test_a_contact_of_another_company_cannot_join(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        contact = self.env["res.partner"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        self.assertEqual(self.join(partner_id=contact.id)["status"], "invalid")
        self.assertFalse(contact.is_member)

    def test_joining_takes_the_right_to_register(self):
        """A1: each thing that the popup does has its right."""
        seller = self.till_of("seller", "point_of_sale.group_pos_user")
        self.assertEqual(self.join(till=seller)["status"], "forbidden")
        self.assertEqual(seller.member_known(PHONE)["status"], "forbidden")
        clerk = self.till_of("registrar", "member_card.group_member_register")
        self.assertRefusedAt("card_number", self.join(till=clerk, card_number=NEW_CARD))
        answer = self.join(till=clerk, class_id=self.stored_value.id, topup=5)
        self.assertRefusedAt("topup", answer)
        self.joined(self.join(till=clerk))

    def till_of(self, login, group):
        user = new_test_user(
            self.env,
            login,
            groups=f"point_of_sale.group_pos_user,{group}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        return self.till.with_user(user)

    def test_a_malformed_request_is_refused(self):
        self.assertEqual(self.join("1")["status"], "bad_request")
        answer = self.here.member_join("Cao Fei", str(uuid4()))
        self.assertEqual(answer["status"], "invalid")

    # === WHO IS KNOWN === #

    def test_who_has_this_phone_already(self):
        """Members and plain contacts, in whatever way the number is typed."""
        member = self.joined(self.join())
        contact = self.env["res.partner"].create({"name": "Plain", "phone": PHONE})
        answer = self.here.member_known("650 253 0000")
        self.assertEqual(
            [(match["partner_id"], match["is_member"]) for match in answer["matches"]],
            [(member.id, True), (contact.id, False)],
        )
        loaded = {record["id"] for record in answer["records"]["res.partner"]}
        self.assertEqual(loaded, {member.id, contact.id})

    def test_nobody_has_this_phone(self):
        self.assertEqual(self.here.member_known("+1 650-253-0001")["matches"], [])
        self.assertEqual(self.here.member_known("")["matches"], [])
        self.assertEqual(self.here.member_known("12")["status"], "bad_phone")

    def test_members_of_another_company_are_not_known_here(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        theirs = self.env["res.partner"].create(
            {"name": "Theirs", "phone": PHONE, "company_id": other.id}
        )
        theirs._member_register({"member_company_id": other.id})
        self.assertEqual(self.here.member_known(PHONE)["matches"], [])
