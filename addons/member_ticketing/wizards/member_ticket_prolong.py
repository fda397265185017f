from datetime import timedelta

from odoo import api, fields, models


class MemberTicketProlong(models.TransientModel):
    """Keeps reserved seats longer, or takes them again when they were given back."""

    _name = "member.ticket.prolong"
    _description = "Keep a Reservation Longer"

    order_id = fields.Many2one("sale.order", "Reservation", required=True)
    summary = fields.Char(related="order_id.member_ticket_summary")
    state = fields.Selection(related="order_id.member_reservation_state")
    until_before = fields.Datetime(
        "Kept Until Now", related="order_id.member_reserved_until"
    )
    latest = fields.Datetime(
        "At the Latest",
        compute="_compute_until",
        store=True,
        precompute=True,
        compute_sudo=True,
    )
    until = fields.Datetime(
        "Keep Until",
        compute="_compute_until",
        store=True,
        precompute=True,
        readonly=False,
        compute_sudo=True,
        required=True,
    )

    @api.depends("order_id")
    def _compute_until(self):
        for wizard in self:
            order = wizard.order_id
            latest = order._member_latest_reservation()
            now = fields.Datetime.now()
            begins = max(order.member_reserved_until or now, now)
            hours = order._member_root().member_reservation_hours
            until = begins + timedelta(hours=hours)
            wizard.latest = latest
            wizard.until = min(until, latest) if latest else until

    def action_confirm(self):
        """Keep the seats, and say until when."""
        self.ensure_one()
        order = self.order_id
        order.check_access("read")
        order._member_prolong(self.until)
        return order._member_notice(
            self.env._(
                "%(number)s: the seats are kept until %(moment)s.",
                number=order.name,
                moment=order._member_said(self.until),
            )
        )
