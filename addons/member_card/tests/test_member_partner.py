from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .. import ledger
from .common import MemberCase


@tagged("post_install", "-at_install")
class TestMemberPartner(MemberCase):
    """The contact as a member: joining, states, value, direct writes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cashier = new_test_user(
            cls.env, "partner_cashier", groups="member_card.group_member_cashier"
        )
        cls.boss = new_test_user(
            cls.env, "partner_boss", groups="member_card.group_member_supervisor"
        )

    # === JOINING === #

    def test_register_fills_what_is_missing(self):
        partner = self.env["res.partner"].create({"name": "Wang Wei"})
        partner.with_user(self.cashier)._member_register()
        self.assertTrue(partner.is_member)
        self.assertEqual(partner.member_state, "active")
        self.assertEqual(partner.member_company_id, self.company)
        self.assertEqual(
            partner.member_class_id, self.env.ref("member_card.member_class_ordinary")
        )
        self.assertTrue(partner.member_since)

    def test_numbers_are_unique(self):
        numbers = {self.member(f"Member {n}").member_number for n in range(5)}
        self.assertEqual(len(numbers), 5)

    def test_nobody_joins_twice(self):
        with self.assertRaises(UserError):
            self.member("Wang Wei")._member_register()

    def test_contact_of_another_company_cannot_join(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        partner = self.env["res.partner"].create(
            {"name": "Wang Wei", "company_id": other.id}
        )
        with self.assertRaises(UserError):
            partner._member_register()

    def test_member_of_a_branch_belongs_to_the_head_office(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        partner = self.env["res.partner"].create({"name": "Wang Wei"})
        partner._member_register({"member_company_id": branch.id})
        self.assertEqual(partner.member_company_id, self.company)

    def test_register_takes_its_right(self):
        clerk = new_test_user(self.env, "partner_clerk", groups="base.group_user")
        partner = self.env["res.partner"].create({"name": "Wang Wei"})
        with self.assertRaises(AccessError):
            partner.with_user(clerk)._member_register()

    def test_wizard_registers_a_new_contact(self):
        with Form(self.env["member.registration"].with_user(self.cashier)) as wizard:
            wizard.name = "Zhao Min"
            wizard.phone = "+86 138 0013 8000"
        wizard.record.action_register()
        partner = self.env["res.partner"].search([("name", "=", "Zhao Min")])
        self.assertTrue(partner.is_member)
        self.assertEqual(partner.member_phone, "+8613800138000")

    def test_wizard_registers_a_known_contact(self):
        partner = self.env["res.partner"].create({"name": "Zhao Min"})
        action = partner.with_user(self.cashier).action_member_register()
        with Form(
            self.env["member.registration"]
            .with_user(self.cashier)
            .with_context(**action["context"])
        ) as wizard:
            self.assertEqual(wizard.name, "Zhao Min")
            wizard.issue_card = False
        result = wizard.record.action_register()
        self.assertTrue(partner.is_member)
        self.assertEqual(result["res_id"], partner.id)

    def test_wizard_shows_who_has_the_same_phone(self):
        known = self.member("Zhao Min", phone="+86 138 0013 8000")
        contact = self.env["res.partner"].create(
            {"name": "Zhao Qiang", "phone": "+86 138 0013 8000"}
        )
        wizard = Form(self.env["member.registration"].with_user(self.cashier))
        wizard.phone = "+86 13800138000"
        self.assertEqual(set(wizard.duplicate_ids.ids), {known.id, contact.id})
        wizard.phone = "+86 139 0000 0000"
        self.assertFalse(wizard.duplicate_ids.ids)

    # === DIRECT WRITES === #

    def test_membership_cannot_be_written_directly(self):
        member = self.member("Wang Wei").with_user(self.boss)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        for values in (
            {"is_member": False},
            {"member_number": "M1"},
            {"member_state": "frozen"},
            {"member_since": "2001-01-01"},
            {"member_company_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                member.write(values)
        with self.assertRaises(AccessError):
            stranger.with_user(self.boss).is_member = True
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.boss).create(
                {"name": "Forged", "is_member": True}
            )

    def test_writing_what_is_there_already_is_harmless(self):
        member = self.member("Wang Wei").with_user(self.boss)
        member.write({"member_state": "active", "name": "Wang Weiwei"})
        self.assertEqual(member.name, "Wang Weiwei")

    def test_copy_is_no_member(self):
        copy = self.member("Wang Wei").copy()
        self.assertFalse(copy.is_member)
        self.assertFalse(copy.member_number)

    # === STATES === #

    def test_states(self):
        member = self.member("Wang Wei").with_user(self.boss)
        member.action_member_freeze()
        self.assertEqual(member.member_state, "frozen")
        with self.assertRaises(UserError):
            member.action_member_freeze()
        member.action_member_unfreeze()
        member.action_member_cancel()
        self.assertEqual(member.member_state, "cancelled")
        with self.assertRaises(UserError):
            member.action_member_unfreeze()
        member.action_member_reactivate()
        self.assertEqual(member.member_state, "active")

    def test_states_take_the_right_to_edit(self):
        member = self.member("Wang Wei").with_user(self.cashier)
        for act in ("freeze", "unfreeze", "cancel", "reactivate"):
            with self.subTest(act=act), self.assertRaises(AccessError):
                getattr(member, f"action_member_{act}")()

    def test_cancelling_takes_the_cards_back(self):
        member = self.member("Wang Wei")
        card = self.env["member.card"]._issue(member)
        member.with_user(self.boss).action_member_cancel()
        self.assertEqual(card.state, "cancelled")

    # === VALUE === #

    def test_value_keeps_a_member(self):
        member = self.member("Wang Wei")
        self.top_up(member, 20)
        for act in (
            member.action_member_cancel,
            lambda: member.write({"active": False}),
            member.unlink,
        ):
            with self.assertRaises(UserError):
                act()
        self.assertTrue(member.active)

    def test_an_empty_wallet_lets_go_but_keeps_its_history(self):
        member = self.member("Wang Wei")
        self.top_up(member, 20)
        self.spend(member, 20)
        with self.assertRaises(UserError):
            member.unlink()
        member.active = False
        self.assertFalse(member.active)

    def test_a_posting_on_its_way_keeps_a_member(self):
        member = self.member("Wang Wei")
        self.env.cr.postcommit.clear()
        ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=member.id,
                    asset_id=self.principal.id,
                    amount=10,
                    kind="topup",
                    request_key="on its way",
                )
            ],
        )
        with self.assertRaises(UserError):
            member.active = False

    def test_figures_add_up_the_pockets(self):
        member, other = self.member("Wang Wei"), self.member("Zhao Min")
        self.top_up(member, 100)
        self.top_up(member, 20, asset=self.bonus, kind="bonus")
        self.hold(member, 30)
        self.env.invalidate_all()
        members = member | other
        self.assertEqual(members.mapped("member_available"), [90, 0])
        self.assertEqual(member.member_entry_count, 2)
        self.assertEqual(len(member.member_last_entry_ids), 2)

    def test_figures_of_many_members_take_one_query(self):
        members = self.env["res.partner"]
        for number in range(5):
            members |= self.member(f"Member {number}")
        self.top_up(members[0], 10)

        def queries(records):
            self.env.invalidate_all()
            records.mapped("is_member")
            start = self.env.cr.sql_log_count
            records.mapped("member_available")
            records.mapped("member_has_pin")
            records.mapped("member_card_count")
            records.mapped("member_last_entry_ids")
            return self.env.cr.sql_log_count - start

        queries(members)
        self.assertEqual(queries(members), queries(members[:1]))

    # === PHONE === #

    def test_phone_is_normalised_for_members_only(self):
        partner = self.env["res.partner"].create(
            {
                "name": "Wang Wei",
                "phone": "138 0013 8000",
                "country_id": self.env.ref("base.cn").id,
            }
        )
        self.assertFalse(partner.member_phone)
        partner._member_register()
        self.assertEqual(partner.member_phone, "+8613800138000")
        partner.phone = "139-1111-2222"
        self.assertEqual(partner.member_phone, "+8613911112222")
        partner.phone = False
        self.assertFalse(partner.member_phone)
