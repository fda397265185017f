from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models

from ..points import Basket, Member

DUST = Decimal("0.000001")
"""Finer than any price: sums of floats carry such differences, a price does not."""


def exact(value) -> Decimal:
    """Return the amount of a float field without the dust of binary fractions."""
    return Decimal(str(value)).quantize(DUST)


class MemberPointRule(models.Model):
    """Facts of Odoo as the engine needs them; hardly a query for an order."""

    _inherit = "member.point.rule"

    @api.model
    def _local_time(self, company, store, when=None):
        """Return `when` (naive UTC, by default now) by the store's clock, naive.

        Without a store it is the company's clock.
        """
        if store:
            zone = store._point_facts()[0]
        else:
            zone = company._member_root().partner_id.tz or "UTC"
        clock = self.with_context(tz=zone)
        when = when or fields.Datetime.now()
        return fields.Datetime.context_timestamp(clock, when).replace(tzinfo=None)

    @api.model
    def _basket(
        self, rules, company, store, goods, *, when=None, kind="sale",
        total=0.0, paid_wallet=0.0, paid_points=0.0,
    ):  # fmt: skip
        """Return what was sold for the engine.

        :param goods: tuples (key, product, amount, quantity, is earning), the figures
            as floats or Decimals; amounts with taxes, after the line's own discounts.
        :param store: a `member.store`, may be empty.
        :param when: naive UTC, by default now.
        """
        has_tags = any(rule.tag_ids or rule.not_tag_ids for rule in rules)
        points = company._member_asset("points")
        return Basket(
            when_local=self._local_time(company, store, when),
            lines=tuple(
                product._member_point_line(
                    key,
                    exact(amount),
                    exact(quantity),
                    has_tags=has_tags,
                    is_earning=is_earning,
                )
                for key, product, amount, quantity, is_earning in goods
            ),
            store_ids=store._point_facts()[1] if store else frozenset(),
            kind=kind,
            total=exact(total),
            paid_wallet=exact(paid_wallet),
            paid_points=exact(paid_points),
            unit=points._unit() if points else Decimal(1),
        )

    @api.model
    def _for_member(self, partner, rules, when_local):
        """Return the member for the engine, with what capped rules gave already.

        :param when_local: of the basket: day and month are the store's.
        """
        # sudo: the engine's answer tells of a member what the till shows anyway
        partner = partner.sudo()
        member = self._for_class(partner.member_class_id.id)
        has_tags = any(rule.partner_tag_ids for rule in rules)
        # sudo: nobody may read or write what is counted
        caps = self.env["member.point.cap"].sudo()
        today, month = caps._earned(partner.id, rules, when_local.date())
        return replace(
            member,
            tag_ids=frozenset(partner.category_id.ids if has_tags else ()),
            birthdate=partner.birthdate_date or None,
            earned_today=today,
            earned_this_month=month,
        )

    @api.model
    def _for_class(self, class_id):
        """Return a member of whom nothing but the class is known."""
        facts = self.env["member.class"]._point_facts().get(class_id)
        return Member(
            class_id=class_id or 0,
            class_multiplier=facts[1] if facts else Decimal(1),
        )

    @api.model
    def _may_earn(self, class_id):
        """Tell whether members of the class earn points; nobody does without one."""
        facts = self.env["member.class"]._point_facts().get(class_id)
        return bool(facts and facts[0])
