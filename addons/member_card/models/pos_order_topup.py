from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from .. import ledger
from ..errors import HoldExpired, HoldReleased, LedgerError, OverCap

TOPUP_METHODS = ("bank", "cash", "online")
"""Types of payment methods that bring new money in."""


class PosOrder(models.Model):
    """An order that tops up a wallet: new money for one member, and nothing else."""

    _inherit = "pos.order"

    def _check_member_topup(self, topups):
        """Refuse a top-up that is not new money for one member, and nothing else."""
        if topups != self.lines:
            raise UserError(
                self.env._("A top-up is an order of its own: sell the rest separately.")
            )
        self._check_member_topup_means()
        currency, total = self.currency_id, 0
        for line in topups:
            amount = currency.round(line.price_unit * line.qty)
            if currency.compare_amounts(amount, 0) <= 0:
                raise UserError(
                    self.env._(
                        "Enter an amount greater than zero: a top-up is undone from "
                        "its own order."
                    )
                )
            if (
                line.discount
                or line.tax_ids
                or line.refunded_orderline_id
                or currency.compare_amounts(amount, line.price_subtotal_incl)
            ):
                raise UserError(
                    self.env._(
                        "A top-up carries no tax, no discount and no other price."
                    )
                )
            total += amount
        if currency.compare_amounts(total, self.amount_total):
            raise UserError(
                self.env._(
                    "The lines of this top-up come to %(lines)s, its total is "
                    "%(total)s. Cancel it and top up again.",
                    lines=currency.format(total),
                    total=currency.format(self.amount_total),
                )
            )

    def _check_member_topup_means(self):
        """Refuse who is no member, an invoice, and what is no new money."""
        member = self.partner_id
        root = self.company_id._member_root()
        # sudo: the company of a member is no secret to the till that serves them
        if not member.is_member or member.sudo().member_company_id != root:
            raise UserError(
                self.env._("Choose the member whose wallet is topped up, then pay.")
            )
        if self.to_invoice:
            raise UserError(
                self.env._(
                    "A top-up has no invoice: one is made when the money is spent. "
                    "Switch the invoice off and pay again."
                )
            )
        for payment in self.payment_ids:
            if payment.payment_method_id.type not in TOPUP_METHODS:
                raise UserError(
                    self.env._(
                        "A top-up is paid in cash, by bank card or online, not with "
                        "%(method)s.",
                        method=payment.payment_method_id.name,
                    )
                )

    def _member_claim_topup(self, line, claims):
        """Credit a paid top-up; a broken rule is listed, never the money refused."""
        member = self.partner_id
        asset = self.company_id._member_asset("principal")
        amount = Decimal(str(self.currency_id.round(line.price_unit * line.qty)))
        context = self._member_context()
        # sudo: cashiers cannot read holds
        hold = (
            self.env["member.hold"]
            .sudo()
            .search([("key", "=", line.uuid), ("direction", "=", "in")], limit=1)
        )
        claimed = (
            hold.state in ("pending", "captured")
            and hold.partner_id == member
            and self.currency_id.compare_amounts(hold.amount, float(amount)) == 0
            and self._member_capture_topup(line.uuid, line, amount, context)
        )
        if not claimed:
            claimed = self._member_claim_room(line, member, asset, amount, context)
        if not claimed:
            ledger.post(
                self.env,
                [
                    ledger.Intent(
                        partner_id=member.id,
                        asset_id=asset.id,
                        amount=amount,
                        kind="topup",
                        request_key=line.uuid,
                        context=context,
                    )
                ],
            )
        claims.changes[member.id, asset.id] += amount
        # sudo: the class of a member is no secret to the till that serves them
        if (
            not member.sudo().member_class_id.can_hold_money
            or member.sudo().member_state == "cancelled"
        ):
            self.env["member.exception"]._record(
                self,
                member,
                float(amount),
                "not_allowed",
                self.env._("Pay the money out, or change the member's class."),
                order_line_id=line.id,
            )

    def _member_claim_room(self, line, member, asset, amount, context):
        """Reserve the room that nobody reserved before; list what passes the cap."""
        cap = self.company_id._member_cap(member)
        if cap is None:
            return False
        key = f"{line.uuid}:room"
        try:
            ledger.hold(
                self.env,
                [(member.id, asset.id, amount, key)],
                key,
                direction="in",
                cap=cap,
                context=context,
            )
        except OverCap as error:
            self.env["member.exception"]._record(
                self,
                member,
                float(amount),
                "over_cap",
                str(error),
                order_line_id=line.id,
            )
            return False
        except LedgerError:
            return False  # the money is in the drawer: it is credited without room
        return self._member_capture_topup(key, line, amount, context)

    def _member_capture_topup(self, key, line, amount, context):
        try:
            ledger.capture(
                self.env,
                key,
                direction="in",
                amount=amount,
                kind="topup",
                request_key=line.uuid,
                context=context,
            )
        except (HoldExpired, HoldReleased):
            return False
        return True

    def _generate_pos_order_invoice(self):
        if any(order.is_member_topup for order in self):
            raise UserError(
                self.env._(
                    "A top-up has no invoice: one is made when the money is spent."
                )
            )
        return super()._generate_pos_order_invoice()
