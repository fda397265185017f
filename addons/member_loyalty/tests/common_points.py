"""Short ways to say a basket and a rule, for the worked examples."""

from dataclasses import fields
from datetime import datetime
from decimal import Decimal

from odoo.addons.member_loyalty.points import Basket, Line, Member, Rule, compute

NOON = datetime(2026, 5, 13, 12, 0)  # a Wednesday
ORDINARY = Member(class_id=1)
SHOES, BOOKS, TOBACCO = 10, 20, 30
AMOUNTS = {each.name for each in fields(Rule) if each.type is Decimal}


def line(amount, key=None, **vals):
    vals = {"product_id": 1, "template_id": 1, **vals}
    return Line(key=key or f"{amount}{vals}", amount=Decimal(str(amount)), **vals)


def basket(*lines, when=NOON, **vals):
    lines = tuple(each if isinstance(each, Line) else line(each) for each in lines)
    vals.setdefault("total", sum((each.amount for each in lines), Decimal(0)))
    return Basket(when_local=when, lines=lines, **vals)


def rule(rule_id=1, **vals):
    for name, value in vals.items():
        if isinstance(value, set):
            vals[name] = frozenset(value)
        elif name in AMOUNTS:
            vals[name] = Decimal(str(value))
    return Rule(id=rule_id, name=f"rule {rule_id}", **vals)


def multiplier(rule_id, factor, **vals):
    return rule(rule_id, effect="multiplier", factor=factor, **vals)


def points(rules, paid, member=ORDINARY):
    return float(compute(rules, paid, member).points)


def why_not(rules, paid, member=ORDINARY):
    """Return why rules do not count, by their ids."""
    return {each.rule_id: each.why for each in compute(rules, paid, member).skipped}
