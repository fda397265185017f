from odoo.addons.member_card.tests.common import MemberCase
from odoo.addons.member_loyalty.points import compute


class PointRuleCase(MemberCase):
    """Only the rules that a test makes; a store far from UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rules = cls.env["member.point.rule"]
        cls.rules.search([]).active = False
        cls.store = cls.env["member.store"].create(
            {"name": "Shanghai", "code": "SH", "tz": "Asia/Shanghai"}
        )
        cls.goods = cls.env["product.product"].create(
            {"name": "Tea", "list_price": 30, "taxes_id": []}
        )
        cls.tester = cls.member("Wang Fang")

    @classmethod
    def rule(cls, **vals):
        return cls.rules.create({"name": "Rule", **vals})

    def earn(self, amount=100, *, partner=None, store=None, count=False, **vals):
        """Return what the tester earns now for one line of goods."""
        partner = partner or self.tester
        rules = self.rules._active_rules(self.company)
        store = self.store if store is None else store
        basket = self.rules._basket(
            rules,
            self.company,
            store,
            [("a", self.goods, amount, 1.0, True)],
            **{"total": amount, **vals},
        )
        member = self.rules._for_member(partner, rules, basket.when_local)
        earned = compute(rules, basket, member)
        if count:
            self.env["member.point.cap"]._count(
                partner.id, rules, earned.by_rule, basket.when_local.date()
            )
        return earned
