from dataclasses import replace

from odoo import fields, models

from odoo.addons.member_card.models.pos_config_refund import MAX_ID
from odoo.addons.member_card.till import TillRefusal, till_verb, to_json

from ..points import compute, discounted, mismatch
from .member_point_rule_facts import exact

MAX_LINES = 2000
MAX_FIGURE = 10**11


class PosConfig(models.Model):
    """What a sale would earn, said before it is paid."""

    _inherit = "pos.config"

    @till_verb
    def member_points_preview(self, partner_id, lines, total, paid_wallet=0.0):
        """Say what a sale to this member would earn if it were paid now.

        :param lines: list of {product_id, quantity, amount}: money with taxes, after
            the line's discount; below zero with a positive quantity it is a discount
            of the whole order, with a negative quantity goods come back, those of
            `refunded_orderline_id` if the till knows what sold them.
        :return: `points`, `multiplier` (the highest that any line gets) and `notes`,
            short sentences: what multiplies, or why nothing is earned.
        """
        partner = self._member_of_till(partner_id)
        goods, discount = self._member_preview_goods(lines)
        total, paid_wallet = self._member_preview_payment(
            lines, *map(self._member_figure, (total, paid_wallet))
        )
        if note := self._member_no_points(partner):
            return {"status": "ok", "points": 0, "multiplier": 1, "notes": [note]}
        point_rules = self.env["member.point.rule"]
        rules = point_rules._active_rules(self.company_id)
        basket = point_rules._basket(
            rules,
            self.company_id,
            self.sudo().member_store_id,  # sudo: where this till stands is no secret
            goods,
            total=total,
            paid_wallet=paid_wallet,
        )
        basket = replace(basket, lines=discounted(basket.lines, exact(discount)))
        member = point_rules._for_member(partner, rules, basket.when_local)
        earned = compute(rules, basket, member)
        counting = {each.rule_id for each in earned.fired}
        return {
            "status": "ok",
            "points": to_json(earned.points),
            "multiplier": to_json(earned.multiplier),
            "notes": self._member_multiplier_notes(partner, member, counting),
        }

    def _member_points_today(self, partner):
        """Return short sentences about what multiplies this member's points now.

        Whatever is bought: a multiplier for some goods or from an amount on says so.
        """
        if note := self._member_no_points(partner):
            return [note]
        point_rules = self.env["member.point.rule"]
        rules = point_rules._active_rules(self.company_id)
        store = self.sudo().member_store_id  # sudo: where this till stands is no secret
        basket = point_rules._basket(rules, self.company_id, store, [])
        member = point_rules._for_member(partner, rules, basket.when_local)
        looking = {
            rule.id
            for rule in rules
            if rule.earn_on == "sale" and not mismatch(rule, basket, member)
        }
        return self._member_multiplier_notes(partner, member, looking)

    # === WORDS === #

    def _member_no_points(self, partner):
        """Return why this member earns no points, or nothing."""
        if not self.env["member.point.rule"]._may_earn(partner.member_class_id.id):
            return self.env._(
                "Members of the class %(class)s earn no points.",
                **{"class": partner.member_class_id.name},
            )
        if partner.member_state != "active":
            return self.env._("Only active members earn points.")
        return ""

    def _member_multiplier_notes(self, partner, member, rule_ids):
        """Say what multiplies: the class, and of these rules the multipliers."""
        notes = []
        if member.class_multiplier != 1:
            notes.append((partner.member_class_id.name, member.class_multiplier, ""))
        for rule in self.env["member.point.rule"]._active_rules(self.company_id):
            if rule.id in rule_ids and rule.effect == "multiplier":
                # sudo: what multiplies points is told to everybody
                shown = self.env["member.point.rule"].sudo().browse(rule.id)
                notes.append((rule.name, rule.factor, shown._say_condition()))
        return [
            self.env._(
                "%(name)s: ×%(factor)s %(condition)s",
                name=name,
                factor=f"{factor.normalize():f}",
                condition=condition,
            ).strip()
            for name, factor, condition in notes
        ]

    # === WHAT THE TILL SENDS === #

    def _member_preview_goods(self, lines):
        """Return goods for the engine, and the discount on all of them together."""
        self._member_check_lines(lines)
        products = {}
        for line in lines:
            product_id = line.get("product_id")
            is_id = isinstance(product_id, int) and not isinstance(product_id, bool)
            if not is_id or not 0 < product_id <= MAX_ID:
                raise self._member_bad_preview()
            products[product_id] = None
        # sudo: only what rules ask of goods is read, and nothing of it is told
        known = self.env["product.product"].sudo().browse(products).exists()
        products = {product.id: product for product in known}
        goods, discount = [], 0.0
        for key, line in enumerate(lines):
            quantity = self._member_figure(line.get("quantity"))
            amount = self._member_in_root_currency(
                self._member_figure(line.get("amount"))
            )
            product = products.get(line["product_id"])
            if quantity > 0 > amount:
                discount -= amount
            elif quantity > 0 and product:
                goods.append((key, product, amount, quantity, True))
        return goods, discount

    def _member_preview_payment(self, lines, total, paid_wallet):
        """Return what the goods come to, and what of it wallets pay.

        As `_member_point_payment` of the order will: goods that come back pay too.
        """
        shares = {}
        for line in lines:
            if line["quantity"] >= 0:
                continue
            total -= line["amount"]
            sold = line.get("refunded_orderline_id") or 0
            if sold not in shares:
                sale = self._member_sale_of(sold)
                shares[sold] = sale._member_wallet_share() if sale else 0.0
            paid_wallet -= line["amount"] * shares[sold]
        return total, paid_wallet

    def _member_sale_of(self, line_id):
        """Return the order with the line that a till names; empty if there is none."""
        is_id = isinstance(line_id, int) and 0 <= line_id <= MAX_ID
        if not is_id:
            raise self._member_bad_preview()
        # sudo: the sale may be another till's; only what would be earned is told
        lines = self.env["pos.order.line"].sudo()
        line = lines.search(
            [("id", "=", line_id), ("company_id", "=", self.company_id.id)]
        )
        return line.order_id

    def _member_check_lines(self, lines):
        if (
            not isinstance(lines, (list, tuple))
            or len(lines) > MAX_LINES
            or not all(isinstance(line, dict) for line in lines)
        ):
            raise self._member_bad_preview()

    def _member_figure(self, value):
        """Return a number that a till sends, and refuse what is none."""
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not -MAX_FIGURE < value < MAX_FIGURE:
            raise self._member_bad_preview()
        return value

    def _member_in_root_currency(self, amount):
        """Return money of this till in the currency that rules speak of."""
        currency = self.company_id._member_root().currency_id
        if currency == self.currency_id:
            return amount
        return self.currency_id._convert(
            amount, currency, self.company_id, fields.Date.context_today(self)
        )

    def _member_bad_preview(self):
        return TillRefusal(
            "bad_request", self.env._("The till sent malformed order lines. Reload it.")
        )
