from odoo import models

from ..till import TillRefusal, till_verb, to_json


class PosConfig(models.Model):
    """The till's verbs about giving money back."""

    _inherit = "pos.config"

    @till_verb
    def member_refund_plan(self, refunded_line_ids, amount):
        """Say how `amount` of these sold lines goes back: each means by its share.

        :return: `parts`, the payment lines that the till proposes; empty when no wallet
            has paid, and the till does as it always did.
        """
        amount = self._member_amount(amount)
        orders = self._member_refunded_orders(refunded_line_ids)
        plan = orders._member_refund_plan(float(amount), self)
        return {
            "status": "ok",
            "parts": [
                {
                    "payment_method_id": part.method.id,
                    "amount": to_json(part.amount),
                    "partner_id": part.member.id,
                    # sudo: the till shows of a member what this verb chooses to tell
                    "name": part.member.sudo().name or "",
                }
                for part in plan
            ],
        }

    def _member_refunded_orders(self, line_ids):
        """Return the paid orders of these lines, which this till may refund."""
        if not isinstance(line_ids, list) or not all(
            isinstance(line_id, int) for line_id in line_ids
        ):
            raise TillRefusal(
                "bad_request", self.env._("The till sent no order lines. Reload it.")
            )
        orders = self.env["pos.order.line"].browse(line_ids).exists().order_id
        root = self.company_id._member_root()
        if not orders or any(
            not order.has_access("read")
            or order.state not in ("paid", "done")
            or order.company_id._member_root() != root
            for order in orders
        ):
            raise TillRefusal(
                "not_found",
                self.env._(
                    "This sale is not known at this till. Look it up in the orders."
                ),
            )
        return orders
