from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import MemberCase

LEDGER = (
    "member.balance",
    "member.entry",
    "member.entry.link",
    "member.hold",
    "member.lot",
    "member.lot.use",
    "member.posting",
)
ROLES = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "clerk": "base.group_user",
    "pos": "base.group_user,point_of_sale.group_pos_user",
    "cashier": "member_card.group_member_cashier",
    "supervisor": "member_card.group_member_supervisor",
    "accountant": "member_card.group_member_accountant",
    "manager": "member_card.group_member_manager",
    "system": "base.group_system",
}


@tagged("post_install", "-at_install")
class TestMemberRights(MemberCase):
    """A1: what nobody may do, whatever the matrix (test_rights_matrix.py) grants."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(cls.env, f"rights_{role}", groups=groups)
            for role, groups in ROLES.items()
        }
        cls.ming = cls.member("Li Ming")
        cls.env["member.pin"]._set(cls.ming, "2468")
        cls.card = cls.env["member.card"]._issue(cls.ming)
        cls.top_up(cls.ming, 100)
        cls.spend(cls.ming, 10)

    def test_ledger_rows_are_written_by_nobody(self):
        """Direct RPC by any role, the superuser's ORM included for entries."""
        for model in LEDGER:
            for role, user in self.users.items():
                records = self.env[model].with_user(user)
                row = self.env[model].search([], limit=1).with_user(user)
                with self.subTest(model=model, role=role):
                    with self.assertRaises(AccessError):
                        records.create({})
                    if row:
                        with self.assertRaises(AccessError):
                            row.write({"id": row.id})
                        with self.assertRaises(AccessError):
                            row.unlink()

    def test_operator_log_is_append_only(self):
        line = self.env["member.operator.log"].search([], limit=1)
        with self.assertRaises(UserError):
            line.write({"detail": "nothing happened"})
        with self.assertRaises(UserError):
            line.unlink()

    def test_operator_log_is_append_only_in_the_database(self):
        """Only a merge of contacts or a deletion elsewhere touches a line."""
        line = self.env["member.operator.log"].search(
            [("partner_id", "=", self.ming.id)], limit=1
        )
        for statement in (
            "UPDATE member_operator_log SET detail = 'x' WHERE id = %s",
            "UPDATE member_operator_log SET user_id = 1, date = now() WHERE id = %s",
            "DELETE FROM member_operator_log WHERE id = %s",
        ):
            with (
                self.subTest(statement=statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [line.id])
        self.env.cr.execute(
            "UPDATE member_operator_log SET partner_id = NULL WHERE id = %s", [line.id]
        )

    def test_chip_hash_is_read_by_nobody(self):
        for role in ("cashier", "manager", "system"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.card.with_user(self.users[role]).read(["uid_hash"])

    def test_portal_reads_nothing_of_membership(self):
        portal = self.users["portal"]
        own = portal.partner_id.with_user(portal)
        for field in ("member_number", "member_has_pin", "member_available"):
            with self.subTest(field=field), self.assertRaises(AccessError):
                own.read([field])

    def test_other_companies_see_nothing(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        stranger = new_test_user(
            self.env,
            "rights_other",
            groups="member_card.group_member_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in ("member.card", "member.operator.log", *LEDGER):
            with self.subTest(model=model):
                own = self.env[model].search([])
                seen = self.env[model].with_user(stranger).search([])
                self.assertFalse(own & seen)

    def test_a_branch_sees_its_head_office(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        user = new_test_user(
            self.env,
            "rights_branch",
            groups="member_card.group_member_supervisor",
            company_id=branch.id,
            company_ids=[(6, 0, branch.ids)],
        )
        self.assertTrue(self.card.with_user(user).masked)
        self.assertTrue(self.balance(self.ming).with_user(user).amount)
        new = self.env["member.card"].with_user(user)._issue(self.ming)
        self.assertEqual(new.company_id, self.company)
