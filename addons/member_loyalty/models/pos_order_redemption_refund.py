from decimal import ROUND_HALF_UP, Decimal

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.member_card import ledger
from odoo.addons.member_card.models.pos_order import PAID_STATES
from odoo.addons.member_card.refusals import attempts_logged


class PosOrder(models.Model):
    """Points that come back with what they paid for.

    A gift that is returned gives back its points, in proportion to how many pieces come
    back; so does money off that goes back with the goods it was for. All refunds of one
    sale count together, so that in whatever order they come nobody gets a point more
    than was spent. The points go back to the lots that they were taken from.
    """

    _inherit = "pos.order"

    @attempts_logged
    def _member_return_redemptions(self):
        """Give points back for the lines of this refund; return the redemptions' keys.

        :raise UserError: more comes back than was given, money for a gift, or goods
            without the share of the money that points took off them.
        """
        # sudo: the sale may be another till's
        sold = self.sudo().lines.refunded_orderline_id.order_id.lines
        redeemed = sold.filtered(lambda line: line._member_is_redeemed())
        redeemed -= redeemed.filtered("refunded_orderline_id")
        if not redeemed:
            return []
        self._check_member_redeemed_returned()
        redeemed.order_id._member_lock_refunds()
        for order in redeemed.order_id:
            self._check_member_money_off_returned(order)
        by_key = redeemed.grouped("member_redemption_key")
        context = self._member_context()
        asset = self.company_id._member_asset("points")
        postings = self._member_redeeming_postings(asset, by_key)
        for key, posting in postings.items():
            part = self._member_part_returned(by_key[key])
            points = Decimal(str(-posting.amount))
            due = (points * part).quantize(asset._unit(), rounding=ROUND_HALF_UP)
            given_before = points - posting._left()
            if due > given_before:
                ledger.reverse(
                    self.env,
                    posting,
                    amount=due - given_before,
                    request_key=f"{self.uuid}:{key}",
                    context=context,
                )
        return list(postings)

    def _check_member_redeemed_returned(self):
        """Refuse to give money back for what points paid for."""
        for line in self.lines:
            if not line._member_takes_back() or not line._member_is_redeemed():
                continue
            is_free = line._is_member_points_discount() or self.currency_id.is_zero(
                line.price_subtotal_incl
            )
            if line.price_unit > 0 or not is_free:
                raise UserError(
                    self.env._(
                        "Points paid for %(product)s: they go back, and no money. "
                        "Give it back at the price of the sale.",
                        product=line.full_product_name or line.product_id.name,
                    )
                )

    def _member_redeeming_postings(self, asset, keys):
        """Return what took the points, by key; none where they could not be taken."""
        # sudo: cashiers cannot read the ledger
        postings = (
            self.env["member.posting"]
            .sudo()
            .search(
                [
                    ("asset_id", "=", asset.id),
                    ("kind", "=", "redeem"),
                    ("request_key", "in", list(keys)),
                    ("state", "in", ("pending", "applied")),
                ],
                order="id",
            )
        )
        return {posting.request_key: posting for posting in postings}

    def _member_part_returned(self, lines):
        """Return which part of these lines has come back, with this refund, 0 to 1."""
        # a till may send the amounts of a refund without their sign
        is_money = lines[0]._is_member_points_discount()
        field = "price_subtotal_incl" if is_money else "qty"
        # other goods that name these lines come back for their money
        back = self._member_lines_back(lines).filtered(
            lambda line: line._member_refunded()
        )
        whole = abs(sum(lines.mapped(field)))
        gone = sum(abs(value) for value in back.mapped(field))
        # each part of the money is rounded to cents
        dust = len(back) * self.currency_id.rounding if is_money else 0
        if self.currency_id.compare_amounts(gone - dust, whole) > 0:
            raise UserError(
                self.env._(
                    "%(product)s was given back already. Look at the order again.",
                    product=lines[0].full_product_name or lines[0].product_id.name,
                )
            )
        if not whole:
            return Decimal(0)
        return min(Decimal(str(gone)) / Decimal(str(whole)), Decimal(1))

    def _member_lines_back(self, lines):
        """Return the lines that gave these back, of this refund and of paid ones."""
        return lines.refund_orderline_ids.filtered(
            lambda back: (
                back._member_takes_back()
                and (back.order_id == self or back.order_id.state in PAID_STATES)
            )
        )

    def _check_member_money_off_returned(self, order):
        """Refuse goods back at their full price that points had paid for in part."""
        money_off = order.lines.filtered(
            lambda line: (
                line._is_member_points_discount() and not line.refunded_orderline_id
            )
        )
        goods = (order.lines - money_off).filtered(
            lambda line: line.price_subtotal_incl > 0 and not line.refunded_orderline_id
        )
        if not money_off or not goods:
            return

        def amount(lines):
            return sum(abs(each) for each in lines.mapped("price_subtotal_incl"))

        taken_off = -sum(money_off.mapped("price_subtotal_incl"))
        back = amount(self._member_lines_back(goods))
        due = taken_off * back / sum(goods.mapped("price_subtotal_incl"))
        off_back = self._member_lines_back(money_off).filtered(
            lambda line: line._member_refunded()
        )
        # tills divide into hundredths
        dust = taken_off / 100 + len(order.lines) * self.currency_id.rounding
        if due - amount(off_back) > dust:
            raise UserError(
                self.env._(
                    "Points took %(money)s off this sale: %(due)s of it come off what "
                    "is given back. Add the line “%(product)s” of the sale to the "
                    "refund.",
                    money=self.currency_id.format(taken_off),
                    due=self.currency_id.format(due),
                    product=money_off[0].product_id.display_name,
                )
            )

    def _check_member_refunded_quantity(self, refunded):
        # money off goes back by its amount
        return super()._check_member_refunded_quantity(
            refunded.filtered(lambda line: not line._is_member_points_discount())
        )
