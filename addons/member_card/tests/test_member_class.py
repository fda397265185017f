from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberClass(MemberCase):
    """A2: classes, their prices and their history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stored_value = cls.env.ref("member_card.member_class_stored_value")
        cls.discount = cls.env.ref("member_card.member_class_discount")
        cls.ordinary = cls.env.ref("member_card.member_class_ordinary")
        cls.ming = cls.member("Li Ming")
        cls.history = cls.env["member.class.assignment"]

    def price_list(self, partner, company=None):
        partner = partner.with_company(company or self.company)
        partner.invalidate_recordset(["property_product_pricelist"])
        return partner.property_product_pricelist

    # === PRICES === #

    def test_standard_classes_have_pricelists(self):
        for member_class in (self.discount, self.stored_value):
            pricelist = member_class._pricelist_for(self.company)
            self.assertEqual(pricelist.currency_id, self.company.currency_id)
            self.assertEqual(pricelist.company_id, self.company)
            self.assertTrue(pricelist.is_member_pricelist)

    def test_set_up_again_keeps_what_was_changed(self):
        before = self.env["product.pricelist"].search_count([])
        self.discount.with_company(self.company).pricelist_id = False
        self.env["member.class"]._ensure_pricelists(self.company)
        self.assertFalse(self.discount._pricelist_for(self.company))
        self.assertEqual(self.env["product.pricelist"].search_count([]), before)

    def test_another_company_gets_its_own(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        self.env["member.class"]._ensure_pricelists(other)
        theirs = self.stored_value._pricelist_for(other)
        self.assertEqual(theirs.company_id, other)
        self.assertNotEqual(theirs, self.stored_value._pricelist_for(self.company))

    def test_member_pays_the_price_of_the_class(self):
        product = self.env["product.product"].create(
            {"name": "Poster", "list_price": 100}
        )
        pricelist = self.price_list(self.ming)
        self.assertEqual(pricelist, self.stored_value._pricelist_for(self.company))
        self.assertEqual(pricelist._get_product_price(product, 1), 85)

    def test_strangers_never_pay_a_members_price(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.assertFalse(self.price_list(stranger).is_member_pricelist)
        other = self.env["res.company"].create({"name": "Other Theatre"})
        self.env["member.class"]._ensure_pricelists(other)
        pricelist = self.price_list(stranger, other)
        self.assertFalse(pricelist.with_company(other).is_member_pricelist)

    def test_price_follows_the_class(self):
        self.ming.member_class_id = self.discount
        self.assertEqual(
            self.price_list(self.ming), self.discount._pricelist_for(self.company)
        )
        self.ming.member_class_id = self.ordinary
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.assertEqual(self.price_list(self.ming), self.price_list(stranger))

    def test_a_pricelist_of_ones_own_goes_first(self):
        own = self.env["product.pricelist"].create({"name": "Own"})
        self.ming.property_product_pricelist = own
        self.assertEqual(self.price_list(self.ming), own)

    def test_saving_the_class_price_does_not_pin_it(self):
        self.ming.property_product_pricelist = self.price_list(self.ming)
        self.assertFalse(self.ming.specific_property_product_pricelist)
        self.ming.member_class_id = self.discount
        self.assertEqual(
            self.price_list(self.ming), self.discount._pricelist_for(self.company)
        )

    def test_frozen_cancelled_and_foreign_members_pay_as_everybody(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        usual = self.price_list(stranger)
        self.ming.action_member_freeze()
        self.assertEqual(self.price_list(self.ming), usual)
        self.ming.action_member_unfreeze()
        self.assertNotEqual(self.price_list(self.ming), usual)
        other = self.env["res.company"].create({"name": "Other Theatre"})
        self.env["member.class"]._ensure_pricelists(other)
        self.assertEqual(
            self.price_list(self.ming, other), self.price_list(stranger, other)
        )

    def test_branch_sells_at_the_head_offices_member_price(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.assertEqual(
            self.price_list(self.ming, branch),
            self.stored_value._pricelist_for(self.company),
        )

    def test_archived_pricelist_is_not_used(self):
        self.stored_value._pricelist_for(self.company).active = False
        self.assertNotIn(
            self.stored_value.with_company(self.company).pricelist_id,
            self.price_list(self.ming),
        )

    # === HISTORY === #

    def test_every_change_is_history(self):
        self.ming.member_class_id = self.discount
        self.ming.with_context(
            member_class_reason="rule"
        ).member_class_id = self.ordinary
        rows = self.history.search([("partner_id", "=", self.ming.id)], order="id")
        self.assertEqual(
            rows.mapped(lambda row: (row.class_id, row.reason)),
            [
                (self.stored_value, "registration"),
                (self.discount, "manual"),
                (self.ordinary, "rule"),
            ],
        )
        self.assertEqual(
            rows.mapped(lambda row: bool(row.date_to)), [True, True, False]
        )

    def test_writing_the_same_class_is_no_change(self):
        self.ming.member_class_id = self.stored_value
        rows = self.history.search([("partner_id", "=", self.ming.id)])
        self.assertEqual(len(rows), 1)

    def test_class_takes_the_right_to_edit(self):
        cashier = new_test_user(
            self.env, "class_cashier", groups="member_card.group_member_cashier"
        )
        boss = new_test_user(
            self.env, "class_boss", groups="member_card.group_member_supervisor"
        )
        partner_manager = new_test_user(
            self.env, "class_contacts", groups="base.group_partner_manager"
        )
        for user in (cashier, partner_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.ming.with_user(user).member_class_id = self.discount
        self.ming.with_user(boss).member_class_id = self.discount
        row = self.history.search(
            [("partner_id", "=", self.ming.id), ("date_to", "=", False)]
        )
        self.assertEqual((row.class_id, row.user_id), (self.discount, boss))

    def test_a_used_class_cannot_be_deleted(self):
        with self.assertRaises(UserError):
            self.stored_value.unlink()

    def test_counts(self):
        before = self.discount.member_count
        self.ming.member_class_id = self.discount
        self.discount.invalidate_recordset(["member_count"])
        self.assertEqual(self.discount.member_count, before + 1)
