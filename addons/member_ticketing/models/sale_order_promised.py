from datetime import timedelta

from odoo import api, fields, models

UNDER_WAY = ("pending", "authorized")
"""Payments that may still come in: their seats are kept."""


class SaleOrder(models.Model):
    """Money that was promised for a reservation, such as a transfer, and is awaited."""

    _inherit = "sale.order"

    member_is_promised = fields.Boolean(
        "Payment Promised",
        compute="_compute_member_promised",
        search="_search_member_is_promised",
        compute_sudo=True,
    )
    member_promised_until = fields.Datetime(
        "Payment Awaited Until",
        compute="_compute_member_promised",
        compute_sudo=True,
        help="A payment was promised, such as a bank transfer, and has not come yet. "
        "Until then the seats are kept for it.",
    )

    # === COMPUTE === #

    @api.depends(
        "member_reservation_state",
        "member_reserved_until",
        "transaction_ids.state",
        "transaction_ids.last_state_change",
    )
    def _compute_member_promised(self):
        for order in self:
            is_open = order.member_reservation_state == "open"
            awaited = is_open and order._member_awaited_until()
            order.member_is_promised = bool(awaited)
            order.member_promised_until = awaited and max(
                awaited, order.member_reserved_until
            )

    def _search_member_is_promised(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: clerks see no payments, only that one was promised
        promised = self.sudo()._search(
            [
                ("member_reservation_state", "=", "open"),
                ("transaction_ids.state", "in", UNDER_WAY),
            ]
        )
        return [("id", "in" if True in value else "not in", promised)]

    # === BUSINESS === #

    def _member_promises(self):
        """Return the payments of this order that were promised and have not come."""
        return self.transaction_ids.filtered(lambda each: each.state in UNDER_WAY)

    def _member_awaited_until(self):
        """Return until when promised money keeps the seats; None where none was.

        For as long as the company waits for a transfer, and never past the moment until
        which seats may be kept at all.
        """
        self.ensure_one()
        promises = self._member_promises()
        if not promises:
            return None
        hours = self._member_root().member_transfer_hold_hours
        until = max(promises.mapped("last_state_change")) + timedelta(hours=hours)
        latest = self._member_latest_reservation()
        return min(until, latest) if latest else until

    def _member_is_promised_in_full(self):
        """Tell whether one of the promised payments is enough: a part goes back."""
        return any(
            self.currency_id.compare_amounts(each.amount, self.amount_total) >= 0
            for each in self._member_promises()
        )
