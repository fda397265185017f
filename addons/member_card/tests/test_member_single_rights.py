from uuid import uuid4

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_books import BooksCase

RIGHTS = (
    *("register", "edit", "cancel"),
    *("card_issue", "card_freeze", "card_replace", "card_manage"),
    *("topup", "cashout", "discount", "refund", "adjust", "award"),
    *("read_ledger", "hold_release", "all_stores", "reports", "export"),
)


@tagged("post_install", "-at_install")
class TestMemberSingleRights(BooksCase):
    """A1: each right is its own. It is enough, and all the others are not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alone = {right: cls.person([right], f"alone_{right}") for right in RIGHTS}
        cls.without = {}
        for right in RIGHTS:
            group = cls.group(right)
            others = [
                other
                for other in RIGHTS
                if group not in cls.group(other).all_implied_ids | cls.group(other)
            ]
            cls.without[right] = cls.person(others, f"without_{right}")
        cls.other_company = cls.env["res.company"].create({"name": "Other Theatre"})
        cls.card = cls.env["member.card"]._issue(cls.ann)
        cls.credit(cls.ann, money=100)

    @classmethod
    def group(cls, right):
        return cls.env.ref(f"member_card.group_member_{right}")

    @classmethod
    def person(cls, rights, login, company=None):
        company = company or cls.company
        groups = ",".join(f"member_card.group_member_{right}" for right in rights)
        return new_test_user(
            cls.env,
            f"single_{login}",
            groups=f"base.group_user,{groups}",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def verbs(self):
        """Right → what only it allows, as a function of the user's environment."""

        def new_contact():
            return self.env["res.partner"].create({"name": "Zoe"})

        def held(env):
            key = self.hold(self.ann, 1)
            hold = self.env["member.hold"].search([("key", "=", key)])
            env["member.hold.release"].create(
                {"hold_id": hold.id, "reason": "nobody is there"}
            ).action_release()

        def take_back(env):
            wizard = self.env["member.topup"].create(
                {"partner_id": self.bob.id, "amount": 10, "company_id": self.company.id}
            )
            wizard.action_confirm()
            self.post_commit()
            payment = self.env["account.payment"].search(
                [("partner_id", "=", self.bob.id)], limit=1
            )
            payment.with_env(env).sudo(False).action_member_take_back()

        def top_up(env, **values):
            journal = self.company_data["default_journal_cash"]
            env["member.topup"].create(
                {
                    "partner_id": self.ann.id,
                    "amount": 10,
                    "company_id": self.company.id,
                    "journal_id": journal.id,
                    **values,
                }
            ).action_confirm()

        return {
            "register": lambda env: new_contact().with_env(env)._member_register(),
            "edit": lambda env: self.ann.with_env(env).action_member_freeze(),
            "cancel": lambda env: self.bob.with_env(env).action_member_cancel(),
            "card_issue": lambda env: env["member.card"]._issue(self.ann.with_env(env)),
            "card_freeze": lambda env: self.card.with_env(env).action_freeze(),
            "card_replace": lambda env: self.card.with_env(env)._replace(),
            "card_manage": lambda env: self.card.with_env(env).action_cancel(),
            "topup": top_up,
            "cashout": take_back,
            "read_ledger": lambda env: env["member.entry"].search([]).mapped("amount"),
            "hold_release": held,
            "reports": lambda env: env["member.wallet.report"].search([]),
            "export": lambda env: env["member.operator.log"]._log_export(self.ann),
        }

    def env_of(self, user):
        return self.env(
            user=user, su=False, context={"allowed_company_ids": user.company_id.ids}
        )

    def test_the_right_alone_is_enough(self):
        for right, verb in self.verbs().items():
            with self.subTest(right=right), self.cr.savepoint(flush=False) as point:
                verb(self.env_of(self.alone[right]))
                self.env.flush_all()
                point.rollback()
            self.env.invalidate_all()
            self.env.cr.postcommit.clear()

    def test_all_other_rights_are_not_enough(self):
        for right, verb in self.verbs().items():
            with self.subTest(right=right):
                with self.assertRaises(AccessError):
                    verb(self.env_of(self.without[right]))
            self.env.invalidate_all()

    def test_rights_of_another_company_do_nothing_here(self):
        """Company by company: every right there opens no record here."""
        user = self.person(RIGHTS, "elsewhere", self.other_company)
        env = self.env_of(user)
        for model in (
            *("member.balance", "member.card", "member.class.assignment"),
            *("member.entry", "member.exception", "member.hold", "member.lot"),
            *("member.operator.log", "member.posting", "member.price.exception"),
            *("member.timeline", "member.wallet.report"),
        ):
            with self.subTest(model=model):
                domain = [("company_id", "=", self.company.id)]
                self.assertFalse(env[model].search(domain))
                hidden = self.env[model].search(domain, limit=1)
                if hidden:
                    with self.assertRaises(AccessError):
                        hidden.with_env(env).check_access("read")

    def test_nobody_outside(self):
        """Portal and public: no model of ours, whatever is asked."""
        outsiders = [
            new_test_user(self.env, "single_portal", groups="base.group_portal"),
            self.env.ref("base.public_user").sudo(),
        ]
        models = self.env["ir.model"].search([("model", "=like", "member.%")])
        checked = 0
        for model in models.mapped("model"):
            if model not in self.env or self.env[model]._abstract:
                continue
            for user in outsiders:
                with self.subTest(model=model, user=user.login):
                    records = self.env[model].with_user(user)
                    for operation in ("read", "create", "write", "unlink"):
                        self.assertFalse(records.has_access(operation))
                        checked += 1
        self.assertGreater(checked, 100)

    def test_who_was_refused_is_in_the_log(self):
        user = self.without["card_freeze"]
        refused = False
        try:  # not assertRaises, which rolls back in a test what stays in a server
            self.card.with_env(self.env_of(user)).action_freeze()
        except AccessError:
            refused = True
        self.assertTrue(refused)
        line = self.env["member.operator.log"].search([("user_id", "=", user.id)])
        self.assertEqual(line.outcome, "refused")
        self.assertIn("freeze cards", line.detail)

    def test_a_wrong_key_opens_nothing(self):
        """A hold's key is no secret to the office; the right decides."""
        with self.assertRaises(AccessError):
            self.env_of(self.without["hold_release"])["member.hold.release"].create(
                {"hold_id": 1, "reason": str(uuid4())}
            )


@tagged("post_install", "-at_install")
class TestMemberRightScreen(BooksCase):
    """A manager sees which role brings which right, and who has it."""

    def rights(self, role):
        user = new_test_user(
            self.env,
            f"screen_{role}",
            groups=f"member_card.group_member_{role}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        return (
            self.env["member.right"]
            .with_user(user)
            .with_context(allowed_company_ids=self.company.ids)
        )

    def test_every_right_is_a_line(self):
        lines = self.rights("manager").search([])
        codes = {
            xml_id.rpartition("group_member_")[2]
            for xml_id in lines.group_id.sudo().get_external_id().values()
        }
        self.assertEqual(codes & set(RIGHTS), set(RIGHTS))
        for line in lines:
            with self.subTest(right=line.name):
                self.assertTrue(line.description)
                self.assertTrue(line.is_manager)
                self.assertNotIn(":", line.name)

    def test_ticks_are_what_the_roles_hold(self):
        lines = {line.group_id: line for line in self.rights("manager").search([])}
        for role in ("cashier", "supervisor", "accountant", "manager"):
            held = self.env.ref(f"member_card.group_member_{role}").all_implied_ids
            for group, line in lines.items():
                with self.subTest(role=role, right=line.name):
                    self.assertEqual(line[f"is_{role}"], group in held)

    def test_people(self):
        """By a role or given alone, of the user's companies."""
        line = self.rights("manager").search(
            [("group_id", "=", self.env.ref("member_card.group_member_topup").id)]
        )
        action = line.action_view_people()
        people = self.env[action["res_model"]].search(action["domain"])
        self.assertIn(self.cashier, people)
        self.assertEqual(len(people), line.user_count)
        found = people.with_user(line.env.user)
        roles = dict(
            zip(found.mapped("login"), found.mapped("member_role"), strict=True)
        )
        self.assertEqual(roles[self.cashier.login], "Cashier")

    def test_only_managers(self):
        with self.assertRaises(AccessError):
            self.rights("supervisor").search([])
