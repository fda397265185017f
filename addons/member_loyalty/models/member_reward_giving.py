from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.member_card import ledger
from odoo.addons.member_card.topup_bonus import bonus_key

from .. import redemption_outcome
from ..redemptions import Wanted
from ..rewards import number


class MemberReward(models.Model):
    """What happens when a reward is given."""

    _inherit = "member.reward"

    def _line_product(self):
        """Return the product of the lines that bring this into an order."""
        if self.kind == "gift":
            return self.product_id
        if self.kind == "discount":
            return self._discount_product()
        return self.env["product.product"]

    @api.model
    def _discount_product(self):
        """Return the product of the lines with which points take money off."""
        # not `ref`, which asks each time whether the product is still there
        product_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "member_loyalty.product_points_discount"
        )
        return self.env["product.product"].browse(product_id or ())

    def _wanted(self, partner, quote, key, *, warehouse, order_uuid=None, context):
        """Return what is to be reserved for a member."""
        is_gift = self.kind == "gift"
        return Wanted(
            key=key,
            reward=self,
            partner_id=partner.id,
            quantity=quote.quantity,
            points=quote.points,
            value=quote.value,
            product_id=self.product_id.id if is_gift else None,
            product_qty=number(self.product_qty) * quote.quantity
            if is_gift
            else Decimal(0),
            warehouse_id=(is_gift and warehouse.id) or None,
            is_from_stock=self._needs_stock(),
            is_for_expiring=bool(self.expiring_within_days),
            order_uuid=order_uuid,
            context=context,
        )

    def _give(self, wanted) -> dict:
        """Spend what was reserved, and give bonus money or a coupon at once.

        In the caller's transaction; asked again, it is given once.
        """
        ledger.capture(self.env, wanted.key, kind="redeem", context=wanted.context)
        redemption_outcome.follow_after_commit(self.env, [wanted.key])
        if self.kind == "bonus":
            return self._give_bonus(wanted)
        if self.kind == "coupon":
            return self._give_coupon(wanted)
        return self._give_gift(wanted)

    def _give_bonus(self, wanted):
        """Credit bonus money: a promise that costs nothing until it is spent."""
        asset = self.company_id._member_asset("bonus")
        ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=wanted.partner_id,
                    asset_id=asset.id,
                    amount=wanted.value,
                    kind="bonus",
                    request_key=bonus_key(wanted.key),
                    context=wanted.context,
                )
            ],
        )
        return {"bonus": float(wanted.value)}

    def _give_coupon(self, wanted):
        """Make the member's coupons, once."""
        coupons = self._coupons_of(wanted.key)
        if not coupons:
            program = self.sudo().program_id
            # enough for what it is good for
            points = min(program.reward_ids.mapped("required_points"), default=1)
            day = self.company_id._member_today()
            coupons = coupons.create(
                [
                    {
                        "program_id": program.id,
                        "partner_id": wanted.partner_id,
                        "points": points,
                        "expiration_date": self.coupon_days
                        and day + timedelta(days=self.coupon_days),
                        "member_redemption_key": wanted.key,
                    }
                    for _time in range(wanted.quantity)
                ]
            )
        return {
            "coupons": [
                {
                    "code": coupon.code,
                    "program": coupon.program_id.name,
                    "expires": coupon.expiration_date
                    and fields.Date.to_string(coupon.expiration_date),
                }
                for coupon in coupons
            ]
        }

    @api.model
    def _coupons_of(self, key):
        """Return the coupons that a redemption made."""
        # sudo: whoever redeems need not be able to read coupons
        cards = self.env["loyalty.card"].sudo()
        return cards.search([("member_redemption_key", "=", key)])
