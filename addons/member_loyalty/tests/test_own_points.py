from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common_rewards import RewardCase


@tagged("post_install", "-at_install")
class TestOwnPoints(RewardCase):
    """Operators who are members: taking the own reward back, changing the own class."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = new_test_user(
            cls.env,
            "own_supervisor",
            groups="member_card.group_member_supervisor",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.colleague = cls.supervisor.copy({"login": "own_colleague"})
        cls.supervisor.partner_id = cls.ann

    def lines(self):
        return self.env["member.operator.log"].search(
            [("action", "=", "own_card"), ("user_id", "=", self.supervisor.id)]
        )

    def redeemed(self):
        wizards = self.env["member.redeem"].with_user(self.colleague)
        wizard = wizards.with_company(self.company).create(
            {
                "partner_id": self.ann.id,
                "reward_id": self.gift.id,
                "company_id": self.company.id,
            }
        )
        wizard.action_confirm()
        self.post_commit()
        return self.redemption(wizard.request_key)

    def take_back(self, redemption, user):
        wizards = self.env["member.redemption.return"].with_user(user)
        wizards.with_company(self.company).create(
            {"redemption_id": redemption.id, "reason": "changed mind"}
        ).action_confirm()
        self.post_commit()

    def test_own_reward_taken_back_is_listed(self):
        redemption = self.redeemed()
        self.take_back(redemption, self.supervisor)
        self.assertEqual(redemption.state, "returned")
        self.assertEqual(self.lines().partner_id, self.ann)

    def test_a_company_refuses_it(self):
        redemption = self.redeemed()
        points = self.free_points()
        self.company.member_refuse_own_card = True
        with self.assertRaisesRegex(UserError, "own wallet"), self.env.cr.savepoint():
            self.take_back(redemption, self.supervisor)
        self.assertEqual((redemption.state, self.free_points()), ("done", points))
        self.take_back(redemption, self.colleague)
        self.assertEqual(redemption.state, "returned")

    def change_class(self, user, members):
        gold = self.env["member.class"].search([("code", "=", "own_gold")])
        gold = gold or gold.create({"name": "Gold", "code": "own_gold"})
        self.env["member.class.change"].with_user(user).create(
            {
                "partner_ids": [Command.set(members.ids)],
                "class_id": gold.id,
                "keep": "rules",
                "reason": "Deserved",
            }
        ).action_change()
        return gold

    def test_own_class_is_listed(self):
        gold = self.change_class(self.supervisor, self.ann | self.bob)
        self.assertEqual((self.ann | self.bob).member_class_id, gold)
        self.assertEqual(self.lines().partner_id, self.ann)

    def test_a_company_refuses_the_own_class(self):
        """Nor hidden among others."""
        self.company.member_refuse_own_card = True
        before = self.bob.member_class_id
        with self.assertRaisesRegex(UserError, "own wallet"), self.env.cr.savepoint():
            self.change_class(self.supervisor, self.ann | self.bob)
        self.assertEqual((self.ann | self.bob).member_class_id, before)
        gold = self.change_class(self.colleague, self.ann)
        self.assertEqual(self.ann.member_class_id, gold)
