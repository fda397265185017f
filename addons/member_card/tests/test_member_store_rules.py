from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .. import ledger
from .common import MemberCase

BY_STORE = ("member.entry", "member.hold", "member.posting", "member.operator.log")


@tagged("post_install", "-at_install")
class TestMemberStoreRules(MemberCase):
    """D1: people of a store see what happened there, below it, and in no store."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stores = cls.env["member.store"]
        cls.region = stores.create({"name": "South", "code": "S"})
        cls.shop = stores.create(
            {"name": "Shop", "code": "SH", "parent_id": cls.region.id}
        )
        cls.bar = stores.create(
            {"name": "Bar", "code": "BA", "parent_id": cls.region.id}
        )
        cls.ming = cls.member("Li Ming")
        cls.by_store = {
            store: cls.happen(store) for store in (cls.shop, cls.bar, cls.region)
        }
        cls.nowhere = cls.happen(stores)

    @classmethod
    def happen(cls, store):
        """Top up, hold and log in a store; return one record of each model."""
        context = ledger.Context(store_id=store.id)
        posting = cls.top_up(cls.ming, 100, context=context)
        held = cls.hold(cls.ming, 10, context=context)
        log = cls.env["member.operator.log"]._log("topup", store=store)
        return {
            "member.entry": posting.entry_ids,
            "member.hold": cls.env["member.hold"].search([("key", "=", held.key)]),
            "member.posting": posting,
            "member.operator.log": log,
        }

    def operator(self, login, stores, role="supervisor"):
        return new_test_user(
            self.env,
            f"store_{login}",
            groups=f"member_card.group_member_{role}",
            member_store_ids=[Command.set(stores.ids)],
        )

    def assert_sees(self, user, seen, hidden):
        for model in BY_STORE:
            records = self.env[model].with_user(user)
            for each in seen:
                with self.subTest(model=model, sees=True):
                    self.assertIn(each[model], records.search([]))
                    each[model].with_user(user).check_access("read")
            for each in hidden:
                with self.subTest(model=model, sees=False):
                    self.assertNotIn(each[model], records.search([]))
                    with self.assertRaises(AccessError):
                        each[model].with_user(user).check_access("read")

    def test_a_store_sees_itself_and_what_has_no_store(self):
        self.assert_sees(
            self.operator("shop", self.shop),
            [self.by_store[self.shop], self.nowhere],
            [self.by_store[self.bar], self.by_store[self.region]],
        )

    def test_a_region_sees_the_stores_below(self):
        self.assert_sees(
            self.operator("region", self.region), self.by_store.values(), []
        )

    def test_without_a_store_everything_is_seen(self):
        nobody = self.env["member.store"]
        everything = [*self.by_store.values(), self.nowhere]
        self.assert_sees(self.operator("head", nobody), everything, [])

    def test_the_right_to_see_every_store(self):
        """Accountants reconcile the whole company, wherever they sit."""
        user = self.operator("accountant", self.shop, "accountant")
        self.assert_sees(user, self.by_store.values(), [])

    def test_an_archived_store_opens_no_door(self):
        user = self.operator("old", self.bar)
        self.bar.active = False
        self.assert_sees(user, [self.nowhere], [self.by_store[self.shop]])

    def test_moving_somebody_counts_at_once(self):
        user = self.operator("mover", self.shop)
        hidden = self.by_store[self.bar]
        self.assert_sees(user, [], [hidden])
        self.bar.user_ids = [Command.link(user.id)]
        self.assert_sees(user, [hidden], [])
        user.member_store_ids = [Command.set(self.bar.ids)]
        self.assert_sees(user, [hidden], [self.by_store[self.shop]])

    def test_the_balance_is_the_members(self):
        """C4: whoever serves the member sees all of what is on the card."""
        user = self.operator("any", self.shop)
        self.assertEqual(self.balance(self.ming).with_user(user).amount, 400)
