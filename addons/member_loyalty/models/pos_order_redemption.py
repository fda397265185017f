from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.member_card import ledger
from odoo.addons.member_card.errors import (
    HoldExpired,
    HoldMissing,
    HoldReleased,
    LedgerError,
)
from odoo.addons.member_card.refusals import MemberRefusal, attempts_logged

from .. import redemption_outcome, redemptions
from ..redemptions import Wanted

LATE_TRIES = 5
"""How often a late order may find that what was reserved again ran out, too."""


class PosOrder(models.Model):
    """What points pay for in an order: each line's redemption is checked and claimed.

    The till is believed in nothing: a line that gives something away for points must be
    backed by a redemption of this order's member, for just this product, number and
    money. What ran out before the order arrived is reserved again; when that fails, the
    goods are gone and a supervisor settles it with the member.
    """

    _inherit = "pos.order"

    def action_pos_order_paid(self):
        keys = self._member_claim_redemptions() + self._member_return_redemptions()
        result = super().action_pos_order_paid()
        redemption_outcome.follow_after_commit(self.env, keys)
        return result

    def _member_redeemed_lines(self):
        """Return the lines that say that points pay for them, without refunds."""
        return self.lines.filtered(
            lambda line: (
                not line._member_takes_back()
                and (line.member_redemption_key or line._is_member_points_discount())
            )
        )

    @api.model
    def _needs_claim(self, vals):
        lines = [
            command[2]
            for command in vals.get("lines") or ()
            if len(command) > 2 and isinstance(command[2], dict)
        ]
        if any(line.get("member_redemption_key") for line in lines):
            return True
        refunded = {line.get("refunded_orderline_id") for line in lines} - {None, False}
        # sudo: the sale may be another till's
        sold = self.env["pos.order.line"].sudo().browse(refunded)
        return any(sold.mapped("member_redemption_key")) or super()._needs_claim(vals)

    @attempts_logged
    def _check_member_claimed(self):
        result = super()._check_member_claimed()
        for order in self:
            keys = set(order._member_redeemed_lines().mapped("member_redemption_key"))
            if not keys:
                continue
            # sudo: cashiers can read neither postings nor exceptions
            order_sudo = order.sudo()
            keys -= set(order_sudo._member_postings().mapped("request_key"))
            excused = order_sudo.member_exception_ids.order_line_id
            if keys - set(excused.mapped("member_redemption_key")):
                raise UserError(
                    self.env._("Points pay for this order. Pay it at the till.")
                )
        return result

    def _get_invoice_lines_values(self, line_values, pos_line, move_type):
        values = super()._get_invoice_lines_values(line_values, pos_line, move_type)
        if pos_line._is_member_points_discount():
            values["account_id"] = pos_line._member_discount_account().id
        return values

    # === CLAIMING === #

    @attempts_logged
    def _member_claim_redemptions(self):
        """Claim what the lines of this order use; return the keys."""
        lines = self._member_redeemed_lines()
        if not lines:
            return []
        by_key = lines.grouped("member_redemption_key")
        found = redemptions.find(self.env, [key for key in by_key if key])
        for key, used in by_key.items():
            self._check_member_redemption(used, found.get(key))
        if self.currency_id.compare_amounts(self.amount_total, 0) < 0:
            raise UserError(
                self.env._(
                    "Points take off more than the order comes to. Remove the line of "
                    "the points, then redeem again."
                )
            )
        for key, used in by_key.items():
            self._member_claim_redemption(used, found[key])
        return list(by_key)

    def _check_member_redemption(self, lines, redemption):
        """Refuse lines that a redemption does not back, as they stand."""
        root = self.company_id._member_root()
        # what is worth so much money is worth it in the company's own currency
        if (
            not redemption
            or redemption["company_id"] != root.id
            or self.currency_id != root.currency_id
        ):
            raise UserError(
                self.env._(
                    "%(product)s was not reserved for points. Remove the line, then "
                    "redeem again.",
                    product=lines[0].product_id.display_name,
                )
            )
        if redemption["partner_id"] != self.partner_id.id:
            raise UserError(
                self.env._(
                    "The points are of %(member)s. Choose this member again, or remove "
                    "the line of the points.",
                    # sudo: the till chose this member before
                    member=self.env["res.partner"]
                    .sudo()
                    .browse(redemption["partner_id"])
                    .name,
                )
            )
        if redemption["kind"] == "gift":
            is_right = self._is_member_gift(lines, redemption)
        else:
            is_right = redemption["kind"] == "discount" and (
                self._is_member_money_off(lines, redemption)
            )
        if not is_right:
            raise UserError(
                self.env._(
                    "%(product)s is not what was reserved for points. Remove the line, "
                    "then redeem again.",
                    product=lines[0].product_id.display_name,
                )
            )

    def _is_member_gift(self, lines, redemption):
        quantity = Decimal(str(sum(lines.mapped("qty"))))
        return (
            lines.product_id.ids == [redemption["product_id"]]
            and all(line.qty > 0 for line in lines)
            and quantity == redemption["product_qty"]
            and not any(lines.mapped("price_unit"))
            and not any(lines.mapped("price_subtotal_incl"))
        )

    def _is_member_money_off(self, lines, redemption):
        """Whether lines take off just what was reserved, from what the order sells."""
        currency = self.currency_id
        if not all(line._is_member_points_discount() for line in lines):
            return False
        taken = -sum(lines.mapped("price_subtotal_incl"))
        if currency.compare_amounts(taken, float(redemption["value"])):
            return False
        sold = (self.lines - self._member_redeemed_lines()).grouped("tax_ids")
        # a tax per piece stays as it is
        taxes = set(sold) | {
            own.filtered(lambda tax: tax._can_be_discounted()) for own in sold
        }
        return all(
            currency.compare_amounts(line.price_subtotal_incl, 0) <= 0
            and not line.discount
            and line.tax_ids in taxes
            for line in lines
        )

    def _member_claim_redemption(self, lines, redemption):
        """Spend the points of one redemption, in the order's transaction."""
        key = redemption["key"]
        context = self._member_context()
        try:
            ledger.capture(
                self.env,
                redemption["hold_key"],
                kind="redeem",
                request_key=key,
                context=context,
            )
        except HoldExpired:
            self._member_claim_redemption_late(lines, redemption, context)
        except (HoldMissing, HoldReleased) as error:
            raise UserError(
                self.env._(
                    "%(product)s: these points were given back. Remove the line, then "
                    "redeem again.",
                    product=lines[0].product_id.display_name,
                )
            ) from error

    def _member_claim_redemption_late(self, lines, redemption, context):
        """Reserve again what ran out before the order arrived, or list an exception."""
        names = (
            "key",
            "partner_id",
            "order_uuid",
            "points",
            "product_id",
            "product_qty",
            "quantity",
            "value",
            "warehouse_id",
        )
        # the goods are gone: what is in stock now says nothing
        wanted = Wanted(
            # sudo: cashiers do not set rewards up
            reward=self.env["member.reward"].sudo().browse(redemption["reward_id"]),
            context=context,
            **{name: redemption[name] for name in names},
        )
        for attempt in range(1, LATE_TRIES + 1):
            hold_key = f"{wanted.key}:late{attempt}"
            try:
                redemptions.reserve_again(self.env, wanted, hold_key)
                ledger.capture(
                    self.env,
                    hold_key,
                    kind="redeem",
                    request_key=wanted.key,
                    context=context,
                )
            except HoldExpired:
                continue
            except (LedgerError, MemberRefusal) as error:
                reason = str(error)
            else:
                return
            break
        else:
            reason = self.env._("The order arrived too late, several times.")
        self.env["member.exception"]._record(
            self,
            self.partner_id,
            float(redemption["value"]),
            "points",
            reason,
            order_line_id=lines[0].id,
        )
