from odoo import api, fields, models

from .member_ticket_policy import CHANNELS

TAKEN = ("open", "done")


class EventRegistration(models.Model):
    """What the reports ask of a seat: when it was sold, to which class, where.

    The facts are those of the moment at which the seat was taken first. They stay when
    the member changes class or the seat is given back later.
    """

    _inherit = "event.registration"

    member_sold_at = fields.Datetime(
        "Sold On", compute="_compute_member_sale", store=True, precompute=True
    )
    member_returned_at = fields.Datetime(
        "Returned On", compute="_compute_member_sale", store=True, precompute=True
    )
    member_class_id = fields.Many2one(
        "member.class",
        "Class When Sold",
        compute="_compute_member_sale",
        store=True,
        precompute=True,
        ondelete="restrict",
    )
    member_channel = fields.Selection(
        CHANNELS,
        "Channel",
        compute="_compute_member_channel",
        store=True,
        precompute=True,
    )
    is_member_free = fields.Boolean(
        "Complimentary", compute="_compute_is_member_free", store=True, precompute=True
    )

    @api.depends("state", "active")
    def _compute_member_sale(self):
        now = self.env.cr.now()
        for registration in self:
            is_taken = registration.active and registration.state in TAKEN
            if is_taken and not registration.member_sold_at:
                # sudo: the class of whom a seat is sold to is on every receipt
                buyer = registration.sudo().partner_id
                registration.member_sold_at = now
                registration.member_class_id = buyer.member_class_id
            if is_taken or not registration.member_sold_at:
                registration.member_returned_at = False
            elif not registration.member_returned_at:
                registration.member_returned_at = now

    @api.depends("pos_order_line_id", "sale_order_line_id")
    def _compute_member_channel(self):
        for registration in self:
            # sudo: who checks in attendees need not see orders
            seat = registration.sudo()
            in_order = seat.sale_order_line_id
            if seat.pos_order_line_id:
                registration.member_channel = "pos"
            elif in_order.order_id.website_id or (not in_order and seat.visitor_id):
                # what costs nothing needs no order there
                registration.member_channel = "web"
            else:
                registration.member_channel = "backend"

    @api.depends(
        "member_free_reason",
        "pos_order_line_id.member_free_reason",
        "sale_order_line_id.is_member_free",
    )
    def _compute_is_member_free(self):
        for registration in self:
            # sudo: who checks in attendees need not see orders
            at_till = registration.sudo().pos_order_line_id
            in_order = registration.sudo().sale_order_line_id
            if at_till or in_order:
                is_free = at_till.member_free_reason or in_order.is_member_free
            else:
                is_free = registration.member_free_reason
            registration.is_member_free = bool(is_free)
