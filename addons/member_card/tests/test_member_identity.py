from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import MemberCase

NUMBER = "11010519491231002X"
"""The worked example of GB 11643-1999; nobody's."""


@tagged("post_install", "-at_install")
class TestMemberIdentity(MemberCase):
    """A11: a member is found by a document whose number is not stored."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ming = cls.member("李明")
        cls.anna = cls.member("Anna Bell")
        cls.cashier = new_test_user(
            cls.env,
            "identity_cashier",
            groups="member_card.group_member_cashier",
        )

    def identities(self, user=None):
        return self.env["member.identity"].with_user(user or self.env.user)

    def test_the_number_is_stored_nowhere(self):
        identity = self.identities()._set(self.ming, "resident", NUMBER)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(t)::text FROM member_identity t WHERE id = %s",
            [identity.id],
        )
        [row] = self.env.cr.fetchone()
        self.assertNotIn(NUMBER[:14], row)
        self.assertEqual(identity.masked, "•••• 002X")

    def test_a_resident_card_has_its_check_digit(self):
        for wrong in ("110105194912310021", "123456", "", None, "人民共和国证件号码"):
            with self.subTest(number=wrong), self.assertRaises(UserError):
                self.identities()._set(self.ming, "resident", wrong)

    def test_another_kind_needs_letters_and_digits_enough(self):
        self.identities()._set(self.ming, "passport", "e-1234 5678")
        for wrong in ("E1234", "ABCDEFGH", "E" * 30 + "1"):
            with self.subTest(number=wrong), self.assertRaises(UserError):
                self.identities()._set(self.ming, "passport", wrong)

    def test_a_document_is_one_members(self):
        first = self.identities()._set(self.ming, "resident", NUMBER)
        self.assertEqual(
            self.identities()._set(self.ming, "resident", NUMBER.lower()), first
        )
        with self.assertRaisesRegex(UserError, self.ming.member_number):
            self.identities()._set(self.anna, "resident", NUMBER)

    def test_the_first_takes_the_right_to_register_another_to_edit(self):
        mine = self.identities(self.cashier)
        mine._set(self.ming, "resident", NUMBER)
        with self.assertRaises(AccessError):
            mine._set(self.ming, "passport", "E12345678")
        with self.assertRaises(AccessError):
            mine.search([("partner_id", "=", self.ming.id)]).action_remove()

    def test_only_members_have_one(self):
        contact = self.env["res.partner"].create({"name": "Zoe Quill"})
        with self.assertRaises(UserError):
            self.identities()._set(contact, "resident", NUMBER)

    def test_each_act_is_in_the_operator_log(self):
        self.identities()._set(self.ming, "resident", NUMBER).action_remove()
        lines = self.env["member.operator.log"].search(
            [("partner_id", "=", self.ming.id), ("action", "like", "identity_%")]
        )
        self.assertEqual(
            set(lines.mapped("action")), {"identity_set", "identity_remove"}
        )
        self.assertEqual(set(lines.mapped("detail")), {"•••• 002X"})

    def test_the_registration_takes_it_down_and_forgets_the_number(self):
        wizard = (
            self.env["member.registration"]
            .with_user(self.cashier)
            .create({"name": "Bo Archer", "identity_number": NUMBER})
        )
        wizard.action_register()
        found = self.env["res.partner"]._member_lookup(NUMBER, self.company)
        self.assertEqual([partner.name for partner, *_how in found], ["Bo Archer"])
        self.assertFalse(wizard.identity_number)

    def test_the_wizard_of_the_form(self):
        wizard = self.env["member.identity.wizard"].create(
            {"partner_id": self.ming.id, "kind": "resident", "number": NUMBER}
        )
        wizard.action_done()
        self.assertFalse(wizard.number)
        self.assertEqual(self.ming.member_identity_ids.last_digits, "002X")
