"""The worked examples of docs/manager.md are what the rules give."""

import datetime
from decimal import Decimal
from pathlib import Path

from odoo.tests import BaseCase, tagged

from odoo.addons.member_card.tests.test_accountant_guide import number, tables

from ..points import Member
from .common_points import BOOKS, TOBACCO, basket, line, multiplier, points, rule

DOCS = Path(__file__).resolve().parents[3] / "docs"
CHAPTERS = {
    "manager.md": ("## Worked examples", "## What points will cost"),
    "manager.zh_CN.md": ("## 算给您看", "## 积分要花多少钱"),
}
FRIDAY = datetime.datetime(2026, 5, 15, 18, 0)
SATURDAY_NIGHT = datetime.datetime(2026, 5, 16, 0, 30)
FRIDAYS = {"weekdays": {4}}
BORN = Member(class_id=1, birthdate=datetime.date(1990, 5, 12))
BETTER_CLASS = Member(class_id=2, class_multiplier=Decimal("1.5"))


def examples():
    """Return what each row of the table says, as rules, a basket and a member."""
    sales = rule(1)
    hundred = {"rate_points": 5, "rate_amount": 100}
    from_200 = rule(2, mode="order", rate_points=50, minimum=200)
    member_day = multiplier(3, 2, **FRIDAYS)
    birthday_week = multiplier(4, 3, birthday="week")
    programmes = [line(60, template_id=BOOKS, quantity=Decimal(2)), line(104)]
    late = {"minute_from": 22 * 60, "minute_to": 2 * 60, **FRIDAYS}
    return (
        ([sales], basket(88.4)),
        ([rule(rate_amount=10)], basket(19.99, 9)),
        ([rule(**hundred)], basket(190)),
        ([rule(**hundred, is_stepwise=True)], basket(190)),
        (
            [sales, rule(2, mode="unit", rate_points=10, template_ids={BOOKS})],
            basket(*programmes),
        ),
        ([sales, from_200], basket(199)),
        ([sales, from_200], basket(200)),
        ([sales, member_day], basket(60, when=FRIDAY)),
        ([sales, member_day, birthday_week], basket(60, when=FRIDAY), BORN),
        ([sales, member_day], basket(60, when=FRIDAY), BETTER_CLASS),
        ([rule(paid_part="without_wallet")], basket(100, paid_wallet=Decimal(70))),
        ([rule(cap_order=100)], basket(250)),
        (
            [
                rule(2, sequence=1, rate_points=0, template_ids={TOBACCO},
                     stops_others=True),
                sales,
            ],
            basket(line(80, template_id=TOBACCO), 26),
        ),
        ([rule(**late)], basket(40, when=SATURDAY_NIGHT)),
        ([sales], basket(45.5)),
    )  # fmt: skip


@tagged("post_install", "-at_install")
class TestManagerGuide(BaseCase):
    """B3, F2: what the guide promises of rules and of the provision is so."""

    def chapter(self, name, which):
        guide = DOCS / name
        if not guide.exists():
            self.skipTest("the guides are not installed with the add-on")
        text = guide.read_text(encoding="utf-8").partition(CHAPTERS[name][which])[2]
        return tables(text.partition("\n## ")[0])[0]

    def test_worked_examples(self):
        for name in CHAPTERS:
            rows = self.chapter(name, 0)
            self.assertEqual(len(rows), len(examples()))
            for (rules, bought, promised), example in zip(
                rows, examples(), strict=True
            ):
                with self.subTest(guide=name, rules=rules, bought=bought):
                    self.assertEqual(points(*example), number(promised))

    def test_provision(self):
        for name in CHAPTERS:
            for held, value, redeemed, promised in self.chapter(name, 1):
                with self.subTest(guide=name, held=held):
                    rate = number(redeemed.removesuffix(" %")) / 100
                    self.assertAlmostEqual(
                        number(held) * number(value) * rate, number(promised)
                    )
