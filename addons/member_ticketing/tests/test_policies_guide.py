"""The worked examples of docs/manager.md are what the policies give."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from odoo.tests import BaseCase, tagged

from odoo.addons.member_card.tests.test_accountant_guide import number, tables
from odoo.addons.member_ticketing.policies import Rule, Wanted, choose, price

DOCS = Path(__file__).resolve().parents[3] / "docs"
CHAPTERS = {
    "manager.md": "## Policies by example",
    "manager.zh_CN.md": "## 销售政策举例",
}
BEGINS = datetime(2026, 12, 31, 11, 30)
DISCOUNT, STORED, ORDINARY = 1, 2, 3
STALLS, CIRCLE = 10, 20
PRICES = {STALLS: Decimal(280), CIRCLE: Decimal(180)}
ANNA = 7

RULES = (
    Rule(id=1, opens_days=14),
    Rule(id=2, class_id=DISCOUNT, price_kind="percent", amount=Decimal(10)),
    Rule(
        id=3,
        class_id=STORED,
        ticket_id=STALLS,
        price_kind="fixed",
        amount=Decimal(240),
        quota=30,
    ),
    Rule(id=4, class_id=STORED, price_kind="percent", amount=Decimal(10)),
    Rule(
        id=5, ticket_id=CIRCLE, channel="web", price_kind="fixed", amount=Decimal(170)
    ),
    Rule(
        id=6,
        ticket_id=STALLS,
        channel="pos",
        user_ids=frozenset({ANNA}),
        price_kind="fixed",
        amount=Decimal(100),
    ),
)

#: What each row of the table says: of whom, what, and what is sold already.
EXAMPLES = (
    {"days": 10},
    {"days": 20},
    {"class_id": DISCOUNT, "days": 20},
    {"class_id": STORED, "days": 20},
    {"class_id": STORED, "left": {3: 0}},
    {"class_id": STORED, "ticket_id": CIRCLE, "channel": "web"},
    {"ticket_id": CIRCLE, "channel": "web", "days": 20},
    {"class_id": ORDINARY, "ticket_id": CIRCLE},
    {"user_id": ANNA},
    {"class_id": STORED, "user_id": ANNA},
)


def offered(days=10, left=None, **wish):
    """Return the price and the number of the policy that gives it, or None."""
    wish = {"ticket_id": STALLS, "channel": "pos", **wish}
    wanted = Wanted(
        event_id=1, now=BEGINS - timedelta(days=days), begins=BEGINS, **wish
    )
    choice = choose(RULES, wanted, left)
    if not choice.is_for_sale:
        return None, None
    return price(choice.rule, PRICES[wanted.ticket_id]), choice.rule.id


@tagged("post_install", "-at_install")
class TestPoliciesGuide(BaseCase):
    """A10: what the guide promises of policies is so."""

    def test_worked_examples(self):
        for name, title in CHAPTERS.items():
            guide = DOCS / name
            if not guide.exists():
                self.skipTest("the guides are not installed with the add-on")
            text = guide.read_text(encoding="utf-8").partition(title)[2]
            (rows, *_others) = tables(text.partition("\n## ")[0])
            self.assertEqual(len(rows), len(EXAMPLES))
            for (who, promised, by), example in zip(rows, EXAMPLES, strict=True):
                with self.subTest(guide=name, who=who):
                    amount, rule_id = offered(**example)
                    if promised == "–":
                        self.assertIsNone(amount)
                        continue
                    self.assertEqual(amount, number(promised))
                    self.assertTrue(by.startswith(str(rule_id)))
