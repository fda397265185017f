from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberMerge(MemberCase):
    """Merging contacts merges wallets and leaves one membership."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.target = cls.member("Wang Wei")
        cls.source = cls.member("Wang W.")

    def merge(self, sources, target, user=None):
        user = user or self.env.user
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
        wizard._merge(
            (sources | target).ids, target.with_user(user), extra_checks=False
        )
        self.post_commit()

    def test_value_cards_and_history_arrive(self):
        self.top_up(self.target, 100)
        self.top_up(self.source, 40)
        self.spend(self.source, 15)
        card = self.env["member.card"]._issue(self.source)
        number = self.target.member_number
        self.merge(self.source, self.target)
        self.assertFalse(self.source.exists())
        self.assertFigures(self.target, 125)
        self.assertEqual(card.partner_id, self.target)
        self.assertEqual(card.state, "issued")
        self.assertEqual(self.target.member_number, number)
        entries = self.env["member.entry"].search(
            [("balance_id.partner_id", "=", self.target.id)]
        )
        self.assertIn("spend", entries.mapped("kind"))

    def test_a_contact_takes_over_the_membership(self):
        contact = self.env["res.partner"].create({"name": "Wang Wei"})
        self.top_up(self.source, 40)
        number = self.source.member_number
        self.env["member.pin"]._set(self.source, "2468")
        self.merge(self.source, contact)
        self.assertTrue(contact.is_member)
        self.assertEqual(contact.member_number, number)
        self.assertFigures(contact, 40)
        self.env["member.pin"]._verify(contact, "2468")

    def test_an_ordinary_contact_adds_nothing(self):
        contact = self.env["res.partner"].create({"name": "Wang Wei"})
        number = self.target.member_number
        self.merge(contact, self.target)
        self.assertEqual(self.target.member_number, number)
        self.assertEqual(self.target.member_state, "active")

    def test_one_pin_stays(self):
        self.env["member.pin"]._set(self.target, "2468")
        self.env["member.pin"]._set(self.source, "1357")
        self.merge(self.source, self.target)
        self.env["member.pin"]._verify(self.target, "2468")

    def test_one_open_class_stays(self):
        self.merge(self.source, self.target)
        rows = self.env["member.class.assignment"].search(
            [("partner_id", "=", self.target.id)]
        )
        self.assertEqual(len(rows.filtered(lambda row: not row.date_to)), 1)
        self.assertEqual(len(rows), 3)

    def test_a_freeze_survives(self):
        self.source.action_member_freeze()
        self.merge(self.source, self.target)
        self.assertEqual(self.target.member_state, "frozen")

    def test_members_of_different_companies_stay_apart(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        foreign = self.env["res.partner"].create({"name": "Wang Wei"})
        foreign._member_register({"member_company_id": other.id})
        with self.assertRaises(UserError):
            self.merge(foreign, self.target)
        self.assertTrue(foreign.exists())

    def test_a_payment_in_progress_stops_the_merge(self):
        self.top_up(self.source, 40)
        self.hold(self.source, 10)
        with self.assertRaises(UserError):
            self.merge(self.source, self.target)

    def test_merging_members_takes_the_right_to_edit(self):
        admin = new_test_user(self.env, "merge_admin", groups="base.group_system")
        with self.assertRaises(AccessError):
            self.merge(self.source, self.target, admin)
        boss = new_test_user(
            self.env,
            "merge_boss",
            groups="base.group_system,member_card.group_member_supervisor",
        )
        self.merge(self.source, self.target, boss)
        self.assertFalse(self.source.exists())

    def test_merge_is_logged(self):
        self.merge(self.source, self.target)
        log = self.env["member.operator.log"].search(
            [("partner_id", "=", self.target.id), ("action", "=", "member_merge")]
        )
        self.assertEqual(len(log), 1)
