from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.member_card import ledger
from odoo.addons.member_card.models.pos_order import PAID_STATES

from ..points import compute, discounted
from .member_point_rule_facts import exact

SERVER_FIELDS = (
    "member_points_after",
    "member_points_earned",
    "member_points_spent",
    "member_points_id",
)
"""Set by the server alone; what a till sends in them is dropped."""

POINTS = (16, 2)


class PosOrder(models.Model):
    """What an order earns, and what giving goods back takes away again.

    Computed when the order is paid, as an intent in its own transaction: the points
    exist if and only if the order does.
    """

    _inherit = "pos.order"

    member_points_id = fields.Many2one(
        "res.partner",
        "Member with the Points",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="Whose points the receipt tells: the customer's, or the first payer's.",
    )
    member_points_earned = fields.Float(
        "Points Earned",
        readonly=True,
        copy=False,
        digits=POINTS,
        help="Less what was taken back for goods that were given back.",
    )
    member_points_spent = fields.Float(
        "Points Spent",
        readonly=True,
        copy=False,
        digits=POINTS,
        help="Less what was given back with a gift.",
    )
    member_points_after = fields.Float(
        "Points After", readonly=True, copy=False, digits=POINTS
    )
    member_point_earning_ids = fields.One2many(
        "member.point.earning",
        "pos_order_id",
        "Points Earned, Explained",
        groups="member_card.group_member_read_ledger",
    )

    @api.model
    def _drop_server_fields(self, vals):
        result = super()._drop_server_fields(vals)
        for name in SERVER_FIELDS:
            vals.pop(name, None)
        return result

    # === PAYING === #

    def _member_paid(self, wallet, claims):
        super()._member_paid(wallet, claims)
        asset = self.company_id._member_asset("points")
        if not asset:
            return
        self._member_claw_back(asset, claims)
        if member := self._member_earner(wallet):
            self._member_earn(member, asset, claims)
            self._member_claw_back_without_receipt(member, asset, claims)

    def _member_earner(self, wallet):
        """Return the member whose points this order moves (in sudo mode), or empty.

        The customer when that is a member; else who paid first from a wallet.
        """
        # sudo: whether somebody earns points is no secret to the till that serves them
        root = self.company_id._member_root()
        payers = wallet.sorted("id").member_id.sudo()
        return self._member_buyer() or payers[:1].filtered(
            lambda payer: payer.is_member and payer.member_company_id == root
        )

    # === EARNING === #

    def _member_earn(self, member, asset, claims):
        """Insert what the goods sold by this order earn."""
        earnings = self.env["member.point.earning"]
        kind = "topup" if self.is_member_topup else "sale"
        rules = earnings._rules(self.company_id, kind)
        if not rules or not earnings._may_earn(member, self.company_id):
            return
        goods = self._member_point_goods()
        if not goods:
            return
        total, paid_wallet = self._member_point_payment()
        basket = self._member_point_basket(
            rules,
            goods,
            kind=kind,
            discount=self._member_point_discount(),
            total=total,
            paid_wallet=paid_wallet,
        )
        points = earnings._earn(
            member,
            self,
            basket,
            rules,
            request_key=f"pos:{self.uuid}",
            context=self._member_context(),
        )
        claims.changes[member.id, asset.id] += points
        if points and member in self._member_operators():
            self.env["member.operator.log"]._log(
                "own_card",
                partner=member,
                till=self.config_id,
                reference=self.pos_reference,
                detail=asset._format(points),
            )

    def _member_point_basket(
        self, rules, goods, discount=0, total=0, paid_wallet=0, **values
    ):
        """Return what was sold for the engine, in the company's currency.

        :param goods: as `member.point.rule._basket` takes them.
        :param discount: positive; what takes money off the order lowers all goods.
        :param total: what the goods came to; of it wallets paid `paid_wallet`.
        """
        when = self._member_point_moment()
        root = self.company_id._member_root()

        def convert(amount):
            if self.currency_id == root.currency_id:
                return amount
            return self.currency_id._convert(
                amount, root.currency_id, self.company_id, when
            )

        basket = self.env["member.point.rule"]._basket(
            rules,
            self.company_id,
            # sudo: where the till stands is no secret to who sells at it
            self.config_id.sudo().member_store_id,
            [
                (key, product, convert(amount), *more)
                for key, product, amount, *more in goods
            ],
            when=when,
            total=convert(total),
            paid_wallet=convert(paid_wallet),
            **values,
        )
        taken_off = Decimal(str(root.currency_id.round(convert(discount))))
        return replace(basket, lines=discounted(basket.lines, taken_off))

    def _member_point_moment(self):
        """Return when the order was paid (UTC), as far as the till can be believed.

        An order may have waited for the network: its own time counts then, though never
        one before the session or in the future.
        """
        now, opened = fields.Datetime.now(), self.session_id.start_at
        then = self.date_order
        return then if opened and opened <= then <= now else now

    def _member_point_goods(self):
        """Return what was sold, as `member.point.rule._basket` takes it."""
        return [
            (
                line.id,
                line.product_id,
                line._member_point_amount(),
                line.qty,
                line._member_earns_points(),
            )
            for line in self.lines.sorted("id")
            if line.qty > 0
            and not line.refunded_orderline_id
            and line._member_point_amount() >= 0
        ]

    def _member_point_discount(self):
        """Return how much less than the goods cost was paid for them; positive.

        Lines below zero that give no goods back are discounts, rewards and coupons. So
        is what the lines come to beyond the total, which is what was paid.
        """
        amounts = {line: line._member_point_amount() for line in self.lines}
        back = self._member_lines_without_receipt()
        lowering = sum(
            amount
            for line, amount in amounts.items()
            if amount < 0 and not line.refunded_orderline_id and line not in back
        )
        beyond = sum(amounts.values()) - self.amount_total
        return max(beyond, 0) - lowering

    # === TAKING BACK === #

    def _member_claw_back(self, asset, claims):
        """Take back what the goods that come back have earned, order by order."""
        # sudo: the sale may be another till's, and cashiers read no earnings
        refunded = self.sudo().lines.refunded_orderline_id
        if not refunded:
            return
        earnings = self.env["member.point.earning"].sudo()
        earnings = earnings.search([("pos_order_id", "in", refunded.order_id.ids)])
        if not earnings:
            return
        earnings._lock()
        context = self._member_context()
        for earning in earnings:
            taken = earning._follow(
                self._member_left_of(earning.pos_order_id),
                request_key=f"pos:{self.uuid}",
                context=context,
            )
            claims.changes[earning.partner_id.id, asset.id] -= taken

    def _member_left_of(self, order):
        """Return which part of each line of a paid order is left after this refund.

        An undone top-up says how much by its price, everything else by its quantity.
        """
        left = {}
        for line in order.lines.filtered(lambda line: line.qty > 0):
            back = line.refund_orderline_ids.filtered(
                lambda each: (
                    each._member_takes_back()
                    and (each.order_id == self or each.order_id.state in PAID_STATES)
                )
            )
            if not back:
                continue
            if line._is_member_topup():
                whole, gone = line.price_unit, sum(back.mapped("price_unit"))
            else:
                whole, gone = line.qty, -sum(back.mapped("qty"))
            part = Decimal(str(whole)) - Decimal(str(gone))
            left[str(line.id)] = max(part / Decimal(str(whole)), Decimal(0))
        return left

    def _member_claw_back_without_receipt(self, member, asset, claims):
        """Take back what goods that come back without a receipt would earn now."""
        lines = self._member_lines_without_receipt()
        earnings = self.env["member.point.earning"]
        rules = lines and earnings._rules(self.company_id, "sale")
        if not rules or not earnings._may_earn(member, self.company_id):
            return
        goods = [
            (
                line.id,
                line.product_id,
                -line._member_point_amount(),
                -line.qty,
                line._member_earns_points(),
            )
            for line in lines
        ]
        basket = self._member_point_basket(rules, goods)
        facts = self.env["member.point.rule"]._for_member(
            member, rules, basket.when_local
        )
        # what a cap would keep back of them now was earned then
        facts = replace(facts, earned_today={}, earned_this_month={})
        points = compute(rules, basket, facts).points
        if not points:
            return
        ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=member.id,
                    asset_id=asset.id,
                    amount=-points,
                    kind="clawback",
                    request_key=f"pos:{self.uuid}:back",
                    allow_owed=True,
                    context=self._member_context(
                        note=self.env._("Goods back without a receipt")
                    ),
                )
            ],
        )
        claims.changes[member.id, asset.id] -= points

    # === RECEIPT === #

    @api.model
    def _member_snapshot_assets(self, root):
        return super()._member_snapshot_assets(root) | root._member_asset("points")

    def _member_snapshot_vals(self, member, figures, wallet, claims):
        return {
            **super()._member_snapshot_vals(member, figures, wallet, claims),
            **self._member_snapshot_points(member, figures, wallet, claims),
        }

    def _member_snapshot_points(self, member, figures, wallet, claims):
        """Return what the receipt tells of points: of `member`, or of who earned."""
        asset = self.company_id._member_asset("points")
        owner = self._member_earner(wallet) or member
        if not asset:
            return {}
        if owner == member:
            found = figures[asset.id]
        else:
            found = ledger.figures(self.env, owner.id, asset.ids)[asset.id]
        earned = claims.changes[owner.id, asset.id]
        spent, given_back = self._member_points_redeemed(owner)
        change = earned + given_back
        # what is owed is settled from what comes in
        after = found.available + change - min(found.owed, max(change, 0))
        return {
            "member_points_id": owner.id,
            "member_points_earned": float(earned),
            "member_points_spent": float(spent - given_back),
            "member_points_after": float(max(after, 0)),
        }

    def _member_points_redeemed(self, member):
        """Return what this order redeemed of points, and gave back of redemptions."""
        if not any(line._member_is_redeemed() for line in self.lines):
            return Decimal(0), Decimal(0)
        # sudo: cashiers cannot read postings
        postings = (
            self.env["member.posting"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("partner_id", "=", member.id),
                    ("asset_id.kind", "=", "points"),
                    ("kind", "in", ("redeem", "refund")),
                ]
            )
        )
        amounts = [exact(posting.amount) for posting in postings]
        return -sum(min(each, 0) for each in amounts), sum(
            max(each, 0) for each in amounts
        )
