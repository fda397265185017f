from decimal import Decimal

from odoo import models

from .. import approvals, ledger
from ..errors import Insufficient
from ..till import TillRefusal, till_verb, to_json

MAX_ID = 2**31 - 1
"""The highest id that a column can hold: beyond it a query fails."""


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

    @till_verb
    def member_topup_left(self, line_id):
        """Say how much of a top-up can be undone, and what happens to its bonus."""
        posting = self._member_topup_credit(line_id)
        left = self._member_undoable(posting)
        if not left:
            raise TillRefusal(
                "nothing_left",
                self.env._(
                    "Nothing of this top-up is left to be paid out: it is spent, set "
                    "aside for a payment or was undone before."
                ),
            )
        return {
            "status": "ok",
            "partner_id": posting.partner_id.id,
            "amount": posting.amount,
            "left": to_json(left),
            "bonus": posting._bonus().amount,
        }

    @till_verb
    def member_topup_undo(self, line_id, amount, line_uuid, order_uuid):
        """Set aside what will be paid out of a top-up by the line with this uuid.

        `order_uuid` names the order that an approval, if one is needed, is for.
        """
        posting = self._member_topup_credit(line_id)
        amount = self._member_amount(amount)
        self._member_request_key(line_uuid)
        order_uuid = str(self._member_request_key(order_uuid))
        granted = self.env["member.approval"]
        product = self.env["pos.order.line"].browse(line_id).product_id
        subject = approvals.of_goods(posting.partner_id, [(product.id, -1, line_id)])
        if not self._member_may(granted._right("refund_limit")) and not (
            granted._is_granted(
                "refund_limit", self, subject, float(amount), order_uuid
            )
        ):
            raise TillRefusal(
                "approval_needed",
                self.env._("This needs a supervisor's approval."),
            )
        left = self._member_undoable(posting)
        if amount > left and not self._member_is_held(line_uuid):
            raise Insufficient(
                self.env._(
                    "At most %(left)s of this top-up can be paid out: the rest is "
                    "spent or set aside.",
                    left=self.currency_id.format(float(left)),
                ),
                left,
            )
        ledger.hold(
            self.env,
            [(posting.partner_id.id, posting.asset_id.id, amount, line_uuid)],
            line_uuid,
            context=self._member_context(),
        )
        return {"status": "ok", "amount": to_json(amount)}

    def _member_topup_credit(self, line_id):
        """Return what a paid top-up of this company has credited."""
        orders = self._member_refunded_orders([line_id])
        line = self.env["pos.order.line"].browse(line_id)
        posting = line._member_topup_posting() if orders.is_member_topup else None
        if not posting:
            raise TillRefusal("not_found", self.env._("This order is no top-up."))
        return posting

    def _member_undoable(self, posting):
        """Return what is unspent of a top-up and not set aside either."""
        found = ledger.figures(self.env, posting.partner_id.id, posting.asset_id.ids)
        available = found[posting.asset_id.id].available
        return max(min(posting._unspent(), available), Decimal(0))

    def _member_is_held(self, key):
        """Whether this was asked before and its answer got lost."""
        # sudo: holds are the ledger's own; only those of this till are looked at
        holds = self.env["member.hold"].sudo()
        return bool(
            holds.search_count(
                [("key", "=", key), ("pos_config_id", "=", self.id)], limit=1
            )
        )

    def _member_refunded_orders(self, line_ids):
        """Return the paid orders of these lines, which this till may refund."""
        if not isinstance(line_ids, list) or not all(
            isinstance(line_id, int) and 0 < line_id <= MAX_ID for line_id in line_ids
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
