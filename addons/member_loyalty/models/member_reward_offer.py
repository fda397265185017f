from decimal import ROUND_DOWN, Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.member_card import ledger
from odoo.addons.member_card.ledger.cursor import ExactCursor, run

from ..errors import RewardRefusal
from ..redemptions import FREE_STOCK, TAKEN_BY_MEMBER, lots_of
from ..rewards import Quote, Taker, number, up
from ..words import listed


class MemberReward(models.Model):
    """Who may take which reward, here and now, and for how many points."""

    _inherit = "member.reward"

    # === WHO MAY TAKE WHAT === #

    @api.model
    def _offered_at(self, company):
        """Return the rewards of a legal entity, whatever their campaign."""
        return self.search([("company_id", "=", company._member_root().id)])

    def _taker(self, partner, company, store, warehouse):
        """Look up once what decides which of these rewards a member may take.

        :param store: where they stand, may be empty.
        :param warehouse: what gifts leave, may be empty.
        """
        asset = company._member_asset("points")
        products = self.filtered(lambda reward: reward._needs_stock()).product_id
        figures, lots = self._points_of(partner, asset)
        asked = [partner.id or 0, self.ids]
        taken = run(self.env, TAKEN_BY_MEMBER, asked).fetchall()
        stock = dict.fromkeys(products.ids, Decimal(0))
        if products and warehouse:
            query = [warehouse.ids, products.ids]
            stock |= dict(run(self.env, FREE_STOCK, query).fetchall())
        return Taker(
            partner=partner,
            class_id=partner.member_class_id.id,
            store_ids=frozenset(map(int, (store.parent_path or "").split("/")[:-1])),
            today=company._member_today(),
            available=figures.available,
            held=figures.held,
            lots=lots,
            taken=dict(taken),
            stock=stock,
        )

    def _points_of(self, partner, asset):
        """Return the figures of a member's points, and the lots that will expire."""
        if not asset or not partner:
            return ledger.Figures(), ()
        lots = lots_of(ExactCursor(self.env.cr.connection), partner.id, asset)
        figures = ledger.figures(self.env, partner.id, asset.ids)[asset.id]
        return figures, lots

    def _check_for(self, taker):
        """Refuse a member who may not take this here and now, whatever is left of it.

        :raise RewardRefusal: the sentence says why.
        """
        self.ensure_one()
        # sudo: whether an account is set is no secret to who sells
        if self.kind == "discount" and not (
            self.sudo().company_id.member_discount_account_id
        ):
            raise RewardRefusal(
                "not_now",
                self.env._(
                    "No account is set for member discounts. A manager can choose one "
                    "in the membership settings."
                ),
            )
        # sudo: who gives rewards need not read products
        if (
            taker.is_without_goods
            and self.kind == "gift"
            and self.sudo().product_id.type == "consu"
        ):
            raise RewardRefusal(
                "no_warehouse",
                self.env._(
                    "There is no warehouse here that this could leave. Choose another "
                    "gift, or ask a manager to set up a warehouse."
                ),
            )
        if self.class_ids and taker.class_id not in self.class_ids.ids:
            raise RewardRefusal(
                "not_for_member",
                self.env._(
                    "For %(classes)s only.",
                    classes=listed(self.env, self.class_ids.mapped("name")),
                ),
            )
        if self.store_ids and not taker.store_ids & set(self.store_ids.ids):
            raise RewardRefusal(
                "not_here",
                self.env._(
                    "Given in %(stores)s only.",
                    stores=listed(self.env, self.store_ids.mapped("name")),
                ),
            )
        if not self.active or (self.date_to and self.date_to < taker.today):
            raise RewardRefusal("not_now", self.env._("This offer is over."))
        if self.date_from and self.date_from > taker.today:
            date = format_date(self.env, self.date_from)
            raise RewardRefusal("not_now", self.env._("From %(date)s on.", date=date))

    def _check_left(self, taker):
        """Refuse what nothing is left of, as far as this transaction sees.

        Reserving counts again, as it stands then.
        """
        if self.total_quantity and self.left <= 0:
            raise RewardRefusal("sold_out", self.env._("None is left."))
        taken = int(taker.taken.get(self.id, 0))
        if self.limit_per_member and taken >= self.limit_per_member:
            raise RewardRefusal(
                "limit_reached",
                self.env._("This member has had it %(taken)s times.", taken=taken),
            )
        if self._needs_stock() and (
            taker.stock.get(self.product_id.id, 0) < self.product_qty
        ):
            raise RewardRefusal("out_of_stock", self.env._("Not in stock here."))

    def _check_points(self, taker, points):
        """Refuse when the member has too few points."""
        if taker.available < points:
            raise RewardRefusal(
                "too_few_points",
                self.env._(
                    "%(missing)s more are needed.",
                    missing=self._format_points(points - taker.available),
                ),
            )

    def _check_expiring(self, expiring, points):
        """Refuse when fewer points expire soon than this is meant for.

        :param expiring: `rewards.Expiring` of the member.
        """
        days = self.expiring_within_days
        if days and expiring.expiring(days) < points:
            raise RewardRefusal(
                "not_expiring",
                self.env._(
                    "Only for points that expire within %(days)s days.", days=days
                ),
            )

    def _least(self) -> Decimal:
        """Return the fewest points that this can be had for."""
        if self.kind != "discount":
            return number(self.points_cost)
        asset = self.company_id._member_asset("points")
        cent = number(self.points_per_unit) * number(self.currency_id.rounding)
        return max(number(self.min_points), up(cent, asset._unit()))

    def _most(self, available, total=None) -> Decimal:
        """Return the most points that can be spent on this at once.

        :param total: what the order comes to; None when there is no order.
        """
        if self.kind != "discount":
            return number(self.points_cost)
        most = available
        if self.max_points:
            most = min(most, number(self.max_points))
        if total is not None:
            unit = self.company_id._member_asset("points")._unit()
            whole = up(max(total, Decimal(0)) * number(self.points_per_unit), unit)
            if self._money_off(whole) > total:
                whole -= unit
            most = min(most, whole)
        return max(most, Decimal(0))

    def _money_off(self, points) -> Decimal:
        """Return the money that so many points take off, rounded down."""
        cent = number(self.currency_id.rounding)
        steps = points / number(self.points_per_unit) / cent
        return steps.to_integral_value(rounding=ROUND_DOWN) * cent

    def _quote(self, points) -> Quote:
        """Return what spending `points` on this comes to; 0 means once.

        :raise RewardRefusal: bad_points; it cannot be had for just so many.
        """
        points = number(points)
        if self.kind == "discount":
            value = self._money_off(points)
            most = number(self.max_points)
            if points < self._least() or (most and points > most) or value <= 0:
                raise RewardRefusal(
                    "bad_points",
                    self.env._(
                        "Choose at least %(least)s, and at most %(most)s.",
                        least=self._format_points(self._least()),
                        most=self._format_points(most)
                        if most
                        else self.env._("all there are"),
                    ),
                )
            return Quote(1, points, value)
        cost = number(self.points_cost)
        times = points / cost if points else Decimal(1)
        if times < 1 or times % 1:
            raise RewardRefusal(
                "bad_points",
                self.env._(
                    "%(reward)s costs %(points)s.",
                    reward=self.name,
                    points=self._format_points(cost),
                ),
            )
        return Quote(int(times), cost * times, self._worth() * times)

    def _format_points(self, points) -> str:
        asset = self.company_id._member_asset("points")
        return asset._format(points.quantize(asset._unit()))

    def _worth(self) -> Decimal:
        """Return what one of these is worth in money, for reports."""
        if self.kind == "bonus":
            return number(self.bonus_amount)
        if self.kind == "gift":
            product = self.sudo().product_id  # sudo: a till need not read products
            price = product.currency_id._convert(
                product.lst_price * self.product_qty, self.currency_id, self.company_id
            )
            return number(self.currency_id.round(price))
        return Decimal(0)

    def _objection(self, taker, points=None):
        """Say why a member may not take this here and now, False when they may.

        :param points: what it would cost; None for the fewest it can be had for.
        """
        points = self._least() if points is None else points
        try:
            self._check_for(taker)
            self._check_left(taker)
            self._check_points(taker, points)
            self._check_expiring(taker, points)
        except RewardRefusal as refusal:
            return str(refusal)
        return False

    def _what(self, times) -> str:
        """Say what taking this so many times gives."""
        self.ensure_one()
        if self.kind == "bonus":
            amount = self.currency_id.format(self.bonus_amount * times)
            return self.env._("%(amount)s bonus money", amount=amount)
        return f"{times} × {self.name}" if times > 1 else self.name

    # === WHAT A TILL SHOWS === #

    def _offer(self, taker, total=None) -> dict:
        """Describe this for a till, with the reason why it cannot be had, if any."""
        least, is_chosen = self._least(), self.kind == "discount"
        most = max(self._most(taker.available, total), least)
        reason = self._objection(taker)
        if not reason and is_chosen and not self._fits(total):
            reason = self.env._("There is too little to pay for points to take off.")
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "points": float(least),
            "points_per_unit": self.points_per_unit if is_chosen else 0,
            "min_points": float(least),
            "max_points": float(most),
            "value": float(self._money_off(most) if is_chosen else self._worth()),
            "image_url": self._image_url(),
            "left": self._left_for(taker),
            "reason_not": reason,
        }

    def _fits(self, total):
        """Whether the least that points take off is not more than the order."""
        return total is None or self._money_off(self._least()) <= total

    def _left_for(self, taker):
        """Return how many this member can still have, None for no limit."""
        limits = []
        if self.total_quantity:
            limits.append(self.left)
        if self.limit_per_member:
            limits.append(self.limit_per_member - int(taker.taken.get(self.id, 0)))
        if self._needs_stock():
            free = taker.stock.get(self.product_id.id, Decimal(0))
            limits.append(int(free // number(self.product_qty)))
        return max(min(limits), 0) if limits else None

    def _image_url(self):
        """Return the address of the picture: its own, else that of the gift."""
        if self.with_context(bin_size=True).image_128:
            stamp = fields.Datetime.to_string(self.write_date).replace(" ", "T")
            return f"/web/image/member.reward/{self.id}/image_128?unique={stamp}"
        product = self.product_id
        return f"/web/image/product.product/{product.id}/image_128" if product else ""

    def _needs_stock(self):
        # sudo: a till need not read products
        return self.kind == "gift" and self.only_in_stock and self.sudo().is_storable
