from odoo import api, models

from odoo.addons.member_card import ledger
from odoo.addons.member_card.till import TillRefusal, till_verb, to_json

from .. import redemption_outcome, redemptions
from ..errors import RewardRefusal
from ..rewards import number

REDEEM = "member_loyalty.group_member_redeem"


class PosConfig(models.Model):
    """The till's verbs that spend points: what there is, reserve, give up."""

    _inherit = "pos.config"

    @till_verb
    def member_rewards(self, partner_id, total=None, lines=()):
        """Tell what this member may take now for points; what cannot be had comes last.

        :param total: what the order comes to with taxes, less what points took off.
        :param lines: `[{product_id, quantity, amount}]` of the order.
        :return: `available` points and their `name`, `pin_from` (0 = never), and
            `rewards`: id, name, kind, points (the fewest it can be had for), min_points
            and max_points (what the member may choose), points_per_unit (of money off),
            value (money off at most, bonus, worth of the gift), image_url,
            left (None = no limit), and reason_not (False, or why it cannot be had).
        """
        self._member_require(REDEEM)
        partner = self._member_active(partner_id)
        self._member_check_no_topup(lines)
        rewards = self._member_offered()
        if any(rewards.mapped("held")):
            redemption_outcome.free_overdue(self.env, reward_ids=rewards.ids)
        taker = self._member_taker(partner, rewards)
        if total is not None:
            total = number(self._member_figure(total))
        offers = [reward._offer(taker, total) for reward in rewards]
        return {
            "status": "ok",
            **self._member_points_known(taker.available),
            "rewards": sorted(offers, key=lambda offer: bool(offer["reason_not"])),
        }

    @till_verb
    def member_redeem(
        self, partner_id, reward_id, points, request_key, order_uuid=False, pin=False
    ):
        """Reserve a reward for an order of this till, or give it at once.

        `request_key` is a new UUID: the lines of the order carry it, and asking again
        with it gives the first answer. `points` may be 0 for a reward whose price is
        fixed; several of it are a multiple. Bonus money and coupons are given at once.

        :return: key, kind, name, quantity, points, value (money, tax included),
            product_id and product_qty (of a gift; of money off the product of the lines
            whose total with taxes must be exactly `-value`), points_left, expires_at,
            is_done; of coupons `coupons`, each with its code, program and expires (a
            day, or False).
        """
        self._member_require(REDEEM)
        partner = self._member_active(partner_id)
        self.env.user._member_check_own(partner)
        self._member_request_key(request_key)
        reward = self._member_offered().filtered(lambda each: each.id == reward_id)
        if not reward:
            raise TillRefusal(
                "not_found",
                self.env._("This gift is no longer offered. Choose another one."),
            )
        quote = reward._quote(self._member_figure(points))
        self._member_check_points_pin(partner, quote.points, pin)
        known = redemptions.find(self.env, [request_key]).get(request_key)
        if not known:
            taker = self._member_taker(partner, reward)
            reward._check_for(taker)
            reward._check_expiring(taker, quote.points)
        wanted = reward._wanted(
            partner,
            quote,
            request_key,
            warehouse=self._member_gift_warehouse(),
            order_uuid=order_uuid or None,
            context=self._member_context(),
        )
        held = redemptions.reserve(self.env, wanted)
        given = {}
        if is_done := reward.kind in ("bonus", "coupon"):
            given = reward._give(wanted)
        return {
            "status": "ok",
            "key": request_key,
            "kind": reward.kind,
            "name": reward.name,
            "quantity": quote.quantity,
            "points": to_json(quote.points),
            "value": to_json(quote.value),
            "product_id": reward._line_product().id,
            "product_qty": to_json(wanted.product_qty),
            "points_left": to_json(held.available),
            "expires_at": to_json(held.expires_at),
            "is_done": is_done,
            **given,
        }

    @till_verb
    def member_redeem_cancel(self, request_key):
        """Give back what was reserved under this key, unless it was used.

        :return: "ok", also when nothing is reserved any more; "claimed" when a document
            was faster.
        """
        key = str(request_key)
        known = redemptions.find(self.env, [key]).get(key)
        tills = self | self.trusted_config_ids
        if not known or known["pos_config_id"] not in tills.ids:
            return {"status": "ok"}
        redemptions.release(self.env, [key])
        if ledger.claimed(self.env, {known["hold_key"]}):
            raise TillRefusal(
                "claimed",
                self.env._(
                    "These points were spent already. Refund that order instead."
                ),
            )
        return {"status": "ok"}

    # === LOADING === #

    @api.model
    def _load_pos_data_read(self, records, config):
        read_records = super()._load_pos_data_read(records, config)
        if read_records:
            read_records[0]["_member_may_redeem"] = config._member_may(REDEEM)
            read_records[0]["_member_points_discount_product_id"] = (
                self.env["member.reward"]._discount_product().id
            )
        return read_records

    def _get_special_products(self):
        discount = self.env["member.reward"]._discount_product()
        return super()._get_special_products() | discount

    # === WHAT THE TILL ASKS FOR === #

    def _member_offered(self):
        """Return the rewards of this till's legal entity, in its currency."""
        company = self.company_id._member_root()
        if company.currency_id != self.currency_id:
            return self.env["member.reward"]
        return self.env["member.reward"]._offered_at(company)

    def _member_taker(self, partner, rewards):
        # sudo: what a member has decides, whoever serves them
        return rewards.sudo()._taker(
            partner,
            self.company_id,
            self.member_store_id,
            self._member_gift_warehouse(),
        )

    def _member_gift_warehouse(self):
        """Return the warehouse that this till's goods leave."""
        return self.sudo().picking_type_id.warehouse_id

    def _member_points_known(self, available):
        asset = self.company_id._member_asset("points")
        # sudo: a setting of the head office, which the cashier may not read
        root = self.company_id._member_root().sudo()
        return {
            "available": to_json(available),
            "name": asset.name,
            "pin_from": root.member_points_pin_from,
        }

    def _member_check_points_pin(self, partner, points, pin):
        """Verify the PIN, which so many points need or which was typed anyway."""
        # sudo: a setting of the head office, which the cashier may not read
        limit = self.company_id._member_root().sudo().member_points_pin_from
        if pin:
            self._member_check_pin(partner, pin)
        elif limit and points >= number(limit):
            raise TillRefusal(
                "pin_needed",
                self.env._("Spending so many points needs the member's PIN."),
            )

    def _member_check_no_topup(self, lines):
        self._member_check_lines(lines)
        topup = self._member_topup_product().id
        if any(topup == line.get("product_id") for line in lines):
            raise RewardRefusal(
                "not_now",
                self.env._("A top-up is paid for with money. Finish it first."),
            )
