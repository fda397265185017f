from odoo import api, fields, models

from .. import seats
from ..exchange import Place
from ..seats import tracking

_TOLD = "member_ticketing.tills_told"


class EventRegistration(models.Model):
    """A registration has its seat from the counters, whichever way it changes."""

    _inherit = "event.registration"

    member_policy_id = fields.Many2one(
        "member.ticket.policy",
        "Sales Policy",
        compute="_compute_member_policy_id",
        store=True,
        precompute=True,
        readonly=False,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
        help="The policy by which this seat was sold.",
    )
    member_currency_id = fields.Many2one(
        "res.currency", compute="_compute_member_price", store=True, precompute=True
    )
    member_price = fields.Monetary(
        "Price Paid",
        currency_field="member_currency_id",
        compute="_compute_member_price",
        store=True,
        precompute=True,
        help="What this one seat cost, with taxes, in the currency of its order.",
    )

    # === CONSTRAINTS === #

    # core counts rows of this transaction's snapshot, which a rush outruns
    # pylint: disable=missing-return
    @api.constrains(
        "active",
        "state",
        "event_id",
        "event_slot_id",
        "event_ticket_id",
        "member_policy_id",
        "partner_id",
    )
    def _check_seats_availability(self):
        context = self.env.context
        if context.get("member_seats_wait"):
            return  # whoever said so passes the gate; nothing is committed without
        # a record, which no client can send
        instead = context.get("member_seats_instead")
        is_ours = isinstance(instead, type(self))
        seats.gate(self, instead=instead if is_ours else self.browse())

    # === COMPUTE === #

    @api.depends(
        "sale_order_line_id.member_ticket_policy_id",
        "pos_order_line_id.member_ticket_policy_id",
    )
    def _compute_member_policy_id(self):
        for registration in self:
            if line := registration._member_line():
                registration.member_policy_id = line.member_ticket_policy_id

    @api.depends(
        "sale_order_line_id.price_total",
        "sale_order_line_id.product_uom_qty",
        "pos_order_line_id.price_subtotal_incl",
        "pos_order_line_id.qty",
        "member_returned_at",
    )
    def _compute_member_price(self):
        for registration in self:
            line = registration._member_line()
            quantity = total = 0
            if line._name == "pos.order.line":
                quantity, total = line.qty, line.price_subtotal_incl
            elif line:
                quantity, total = line.product_uom_qty, line.price_total
            is_over = registration.member_returned_at or not quantity
            if is_over and registration.member_sold_at:
                # what it cost when it was sold, whatever becomes of the line
                registration.member_currency_id = registration.member_currency_id
                registration.member_price = registration.member_price
            else:
                registration.member_currency_id = line.currency_id
                registration.member_price = total / quantity if quantity else 0

    # === CRUD METHODS === #

    def init(self):
        """Track what happens to seats; runs at install and at each update."""
        super().init()
        tracking.track_registrations(self.env.cr)

    def unlink(self):
        ids = self.ids
        result = super().unlink()
        seats.give_back(self.env, ids)
        return result

    # === BUSINESS METHODS === #

    def _update_available_seat(self):
        """Tell open tills about their seats once for each transaction.

        Core does so at each write, and a sale has several.
        """
        precommit = self.env.cr.precommit
        if told := precommit.data.get(_TOLD):
            told.update(self.ids)
            return
        precommit.data[_TOLD] = set(self.ids)

        @precommit.add
        def tell_tills():
            sold = self.browse(precommit.data.pop(_TOLD, ())).exists()
            super(EventRegistration, sold)._update_available_seat()

    def _member_line(self):
        """Return the line of the order that this seat was bought with, if any."""
        self.ensure_one()
        # sudo: who checks in attendees need not see orders
        return self.sudo().pos_order_line_id or self.sudo().sale_order_line_id

    def _member_place(self):
        """Return where this seat is."""
        self.ensure_one()
        return Place(
            self.event_id.id, self.event_slot_id.id or 0, self.event_ticket_id.id or 0
        )

    def _member_seat_wants(self):
        """Return what these seats count as."""
        return [
            seats.Want(
                *each._member_place(),
                each.member_policy_id.id or 0,
                each.partner_id.id or 0,
            )
            for each in self
        ]

    def _member_seat_prefix(self):
        """Return how the keys of the holds of this seat's line begin, or ''."""
        line = self._member_line()
        if line._name == "pos.order.line":
            return f"pol:{line.uuid}"
        if line:
            return f"so:{line.order_id.id}:{line.id}:"
        return ""
