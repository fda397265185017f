from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from .. import ledger
from ..refusals import attempts_logged
from .pos_order_refund import PAID_STATES


class PosOrder(models.Model):
    """Goods that come back, or money that does, while no sale of them is named.

    Core lets every cashier type a negative quantity or price, and name any sale. Each
    time it is noted in the operator log; a company may have it take a right or an
    approval. Into a wallet it always takes one, since that makes value without a
    payment: it is a credit of principal for the order's customer, never of bonus.
    """

    _inherit = "pos.order"

    @attempts_logged
    def _check_member_refund(self):
        super()._check_member_refund()
        lines = self._member_lines_without_receipt()
        value = self._member_value_without_receipt(lines)
        if not lines and not value:
            return
        given = self.payment_ids._member_wallet().filtered(lambda p: p.amount < 0)
        if given and self.lines.refunded_orderline_id:
            raise UserError(
                self.env._(
                    "Take back goods without a receipt in an order of their own: a "
                    "wallet gets them credited apart from the others."
                )
            )
        # sudo: a setting of the head office, which the cashier may not read
        root = self.company_id._member_root().sudo()
        if given or root.member_refund_needs_right:
            self._member_authorise(
                "refund_no_receipt",
                value,
                self.env._(
                    "Taking goods back without a receipt takes a supervisor, or the "
                    "approval of one. With the receipt, look the sale up under Orders "
                    "and refund it."
                ),
            )
        self._member_log("refund_no_receipt", value)

    def _member_value_without_receipt(self, lines):
        """Return what comes back, or is given back, that no receipt covers; positive.

        What the till says its lines come to counts, unless it is too little.
        """
        # a till sends the lines of a refund without their sign
        value = sum(abs(line.price_subtotal_incl) for line in lines)
        dust = self._member_total_dust() + self.currency_id.rounding / 2
        for figure in (
            -sum(lines.mapped("member_own_amount")),
            self._member_given_without_receipt(),
        ):
            if figure - value > dust:
                value = figure
        return value

    def _member_given_without_receipt(self):
        """Return how much more is given back than refunded goods were sold for."""
        if self.is_member_topup or self.amount_total >= 0:
            return 0
        given = -self.amount_total
        for line in self.lines.filtered(lambda line: line._member_has_receipt()):
            origin = line.sudo().refunded_orderline_id  # sudo: as the receipt itself
            if origin.price_unit > 0:  # discounts need not come back whole
                given += line._member_amount(
                    origin.price_unit, origin.discount, origin.tax_ids
                )
        return max(given, 0)

    def _member_lines_without_receipt(self):
        return self.lines.filtered(
            lambda line: (
                line.qty < 0
                and line.price_unit > 0
                and not line._is_member_topup()
                and not line._member_has_receipt()
            )
        )

    def _member_lines_below_zero(self):
        """Return the lines that give money back by their price."""
        return self.lines.filtered(
            lambda line: (
                line.qty * line.price_unit < 0 and not line._member_takes_back()
            )
        )

    def _member_claim_refund(self, payment, claims):
        lines = self._member_lines_without_receipt()
        if not lines or self.lines.refunded_orderline_id:
            return super()._member_claim_refund(payment, claims)
        member = self.partner_id
        asset = payment.payment_method_id.member_asset_id
        root = self.company_id._member_root()
        # sudo: the company of a member is no secret to the till that serves them
        if not member.is_member or member.sudo().member_company_id != root:
            raise UserError(
                self.env._("Choose the member whose wallet is credited, then refund.")
            )
        if asset != root._member_asset("principal"):
            raise UserError(
                self.env._(
                    "Without a receipt nobody knows that a bonus has paid: give the "
                    "money back to the wallet itself."
                )
            )
        payment._member_name_payer(member)
        amount = Decimal(str(self.currency_id.round(-payment.amount)))
        ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=member.id,
                    asset_id=asset.id,
                    amount=amount,
                    kind="refund",
                    request_key=payment.uuid,
                    context=self._member_context(),
                )
            ],
        )
        claims.changes[member.id, asset.id] += amount
        return None


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _member_has_receipt(self):
        """Tell whether this takes back goods that were sold and did not come back yet.

        Core believes the browser that a line refunds another one.
        """
        # sudo: the sale, and refunds of it, may be another till's
        origin = self.sudo()._member_refunded()
        return (
            origin.order_id.state in PAID_STATES
            and not origin._member_is_refunded_twice(self.order_id)
        )
