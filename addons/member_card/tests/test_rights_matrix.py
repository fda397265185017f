from odoo import Command
from odoo.tests import new_test_user, tagged

from .common import MemberCase
from .common_rights import OPERATIONS, Expectations, place

OUTSIDERS = {
    "public": "base.group_public",
    "portal": "base.group_portal",
    "user": "base.group_user",
    "pos": "base.group_user,point_of_sale.group_pos_user",
    "system": "base.group_system",
}


@tagged("post_install", "-at_install")
class TestRightsMatrix(MemberCase):
    """A1: role × right × model × company × store, of every member add-on here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expected = Expectations(cls.env)
        found = cls.env["ir.model.data"].search(
            [
                ("module", "in", cls.expected.modules),
                ("model", "=", "res.groups"),
                ("name", "=like", "group_member_%"),
            ]
        )
        cls.xml_ids, cls.groups = {}, {}
        for each in found:
            name = each.name.removeprefix("group_member_")
            cls.xml_ids[name] = each.complete_name
            cls.groups[name] = cls.env["res.groups"].browse(each.res_id)
        # as in member.right: a role is chosen on the user's form, a right is not
        cls.roles = [name for name, group in cls.groups.items() if group.privilege_id]
        cls.rights = sorted(set(cls.groups) - set(cls.roles))
        cls.groups |= {
            name: cls.env.ref(xml_id) for name, xml_id in cls.expected.groups.items()
        }

    @classmethod
    def person(cls, name, groups, **values):
        return new_test_user(cls.env, f"matrix_{name}", groups=groups, **values)

    def everybody(self):
        """Give somebody of each role, and one with each right and no other.

        Yields (name, user, what the user holds).
        """
        for name, groups in OUTSIDERS.items():
            yield self.held(name, self.person(name, groups))
        for role in self.roles:
            yield self.held(role, self.person(role, self.xml_ids[role]))
        for right in self.rights:
            groups = f"base.group_user,{self.xml_ids[right]}"
            yield self.held(f"only {right}", self.person(right, groups))

    def held(self, name, user):
        held = {
            each for each, group in self.groups.items() if group in user.all_group_ids
        }
        return name, user, held | ({"user"} if user._is_internal() else set())

    def models(self):
        """Return `{model: add-on}` of all there is to decide about."""
        found = self.env["ir.model.data"].search(
            [("module", "in", self.expected.modules), ("model", "=", "ir.model")]
        )
        models = self.env["ir.model"].browse(found.mapped("res_id")).exists()
        modules = {each.res_id: each.module for each in found}
        return {
            model.model: modules[model.id]
            for model in models.sorted("model")
            if model.model.startswith("member.") and not self.env[model.model]._abstract
        }

    # === THAT NOTHING IS LEFT OUT === #

    def test_every_model_is_decided_about(self):
        for model, module in self.models().items():
            with self.subTest(model=model):
                if model not in self.expected.access:
                    self.fail(f"who may do what with {model}? {place(module)}")

    def test_every_right_is_decided_about(self):
        for right in self.rights:
            with self.subTest(right=right):
                if right not in self.expected.roles:
                    module = self.xml_ids[right].partition(".")[0]
                    self.fail(f"which roles bring the right {right}? {place(module)}")

    def test_every_company_and_store_is_decided_about(self):
        for model, access in self.expected.access.items():
            if self.env[model]._transient or access.anywhere:
                continue
            for field, path in (
                ("company_id", access.company),
                ("store_id", access.store),
            ):
                with self.subTest(model=model, field=field):
                    if field in self.env[model]._fields and not path:
                        self.fail(
                            f"{model} has {field}: say by which path its rule goes, or "
                            "in `anywhere` why everybody sees all of them"
                        )

    # === ROLE × RIGHT × MODEL === #

    def test_roles_bring_their_rights(self):
        for role in self.roles:
            with self.subTest(role=role):
                brings = self.groups[role].all_implied_ids
                self.assertEqual(
                    {right for right in self.rights if self.groups[right] in brings},
                    {right for right, to in self.expected.roles.items() if role in to},
                )

    def test_models_open_by_right(self):
        for name, user, held in self.everybody():
            wrong = [
                (model, operation, "granted" if granted else "refused")
                for model, access in self.expected.access.items()
                for operation in OPERATIONS
                if (granted := self.env[model].with_user(user).has_access(operation))
                != bool(access.allowed(operation) & held)
            ]
            with self.subTest(who=name):
                self.assertEqual(wrong, [])

    # === COMPANY AND STORE === #

    def test_companies_are_apart(self):
        """A person of the head office, of a branch, and of another company."""
        companies = self.env["res.company"]
        branch = companies.create({"name": "Branch", "parent_id": self.company.id})
        other = companies.create({"name": "Other Theatre"})
        for company, name in (
            (self.company, "head office"),
            (branch, "branch"),
            (other, "other"),
        ):
            user = self.all_rights(name, company)
            for model, access in self.expected.access.items():
                if not access.company:
                    continue
                own = company == self.company
                if company == branch:
                    own = not access.is_of_one
                with self.subTest(model=model, who=name):
                    self.assertEqual(self.sees(user, model, self.company), own)
                    self.assertEqual(
                        self.sees(user, model, companies), access.is_shared
                    )

    def test_stores_are_apart(self):
        """An operator of a store sees it, the stores below, and what has no store."""
        stores = self.env["member.store"]
        region = stores.create({"name": "South", "code": "S"})
        shop = stores.create({"name": "Shop", "code": "SH", "parent_id": region.id})
        counter = stores.create({"name": "Counter", "code": "C", "parent_id": shop.id})
        bar = stores.create({"name": "Bar", "code": "B", "parent_id": region.id})
        rights = set(self.rights) - {"all_stores"}
        operator = self.all_rights("operator", self.company, rights)
        operator.member_store_ids = [Command.set(shop.ids)]
        accountant = self.all_rights("accountant", self.company)
        accountant.member_store_ids = [Command.set(shop.ids)]
        for model, access in self.expected.access.items():
            if not access.store:
                continue
            for store, seen in (
                (shop, True),
                (counter, True),
                (stores, True),
                (region, False),
                (bar, False),
            ):
                with self.subTest(model=model, store=store.name):
                    there = (model, self.company, store)
                    self.assertEqual(self.sees(operator, *there), seen)
                    self.assertTrue(self.sees(accountant, *there))

    def all_rights(self, name, company, rights=None):
        """Return a user with every right but no role, in one company."""
        groups = [self.xml_ids[right] for right in rights or self.rights]
        return self.person(
            f"all_{name}",
            ",".join(["base.group_user", *groups]),
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def sees(self, user, model, company=None, store=None):
        """Tell whether the record rules show a user what belongs there.

        They are asked about a record that is only thought of: so nothing has to be made
        of all these models.
        """
        access = self.expected.access[model]
        values = {}
        for path, value in ((access.company, company), (access.store, store)):
            if path:
                *fields, last = path.split(".")
                inner = values
                for field in fields:
                    inner = inner.setdefault(field, {})
                inner[last] = value
        env = self.env(user=user, context={"allowed_company_ids": user.company_id.ids})
        rules = env["ir.rule"]._compute_domain(model, "read")
        return bool(self.thought_of(model, values).filtered_domain(rules))

    def thought_of(self, model, values):
        fields = self.env[model]._fields
        return self.env[model].new(
            {
                field: self.thought_of(fields[field].comodel_name, value)
                if isinstance(value, dict)
                else value
                for field, value in values.items()
            }
        )
