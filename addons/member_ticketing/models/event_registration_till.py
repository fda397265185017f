from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.member_card.models.pos_order import PAID_STATES
from odoo.addons.member_card.refusals import attempts_logged

FREE = "member_ticketing.group_member_ticket_free"
TAKING = ("open", "done")
"""States of a ticket that opens the door."""


class EventRegistration(models.Model):
    """Tickets of orders of a till, and tickets that no order stands behind.

    A ticket that costs something is confirmed by its order. Who sells or checks in may
    not make one out of nothing, confirm it by hand or turn it into a dearer one.
    """

    _inherit = "event.registration"

    member_is_seatless = fields.Boolean(
        "Paid without a Seat",
        readonly=True,
        copy=False,
        help="The order came too late for a seat. It is listed under Exceptions.",
    )

    # === COMPUTE === #

    @api.depends("member_is_seatless", "pos_order_id.state")
    def _compute_registration_status(self):
        """Leave tickets of a till alone that were given back, used or have no seat.

        Core confirms all tickets of an order whenever its state changes, also when the
        session is closed.
        """
        settled = self.filtered(
            lambda each: (
                each.pos_order_id.state in PAID_STATES
                and (each.member_is_seatless or each.state in ("cancel", "done"))
            )
        )
        for registration in settled:
            registration.sale_status = registration.sale_status or "sold"
            # one without a seat waits for it, the others stay as they are
            is_waiting = registration.member_is_seatless
            registration.state = "draft" if is_waiting else registration.state
        others = self - settled
        return super(EventRegistration, others)._compute_registration_status()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [self._without_till_fields(vals) for vals in vals_list]
        registrations = super().create(vals_list)
        if not self.env.su:
            registrations._check_member_by_hand()
        return registrations

    def write(self, vals):
        if self.env.context.get("member_seats_back_when_paid") and vals == {
            "state": "cancel"
        }:
            return True  # core's, before the refund is paid
        if self.env.su:
            return super().write(vals)
        priced = {each: each._member_ticket_price() for each in self}
        confirming = vals.get("state") in TAKING
        taken = self.filtered(lambda each: each.state not in TAKING)
        if "partner_id" in vals:
            self._check_member_same_buyer(vals["partner_id"])
        result = super().write(vals)
        if confirming:
            taken._check_member_by_hand()
        if "event_ticket_id" in vals or "event_id" in vals:
            dearer = self.filtered(
                lambda each: each._member_ticket_price() > priced[each]
            )
            dearer._check_member_upgrade()
            for each in dearer.filtered(lambda each: each._member_is_ordered()):
                each._member_log_given(self.env._("dearer than what was paid for"))
        return result

    @api.model
    def _member_server_fields(self):
        return (
            *super()._member_server_fields(),
            "is_member_free",
            "member_channel",
            "member_is_seatless",
        )

    @api.model
    def _without_till_fields(self, vals):
        """Return what a till may say of a ticket: the order decides the rest."""
        if not vals.get("pos_order_line_id"):
            return vals
        dropped = (
            "state",
            "barcode",
            "active",
            "sale_order_id",
            "sale_order_line_id",
            "member_free_reason",
        )
        return {name: vals[name] for name in vals if name not in dropped}

    # === BUSINESS METHODS === #

    def _member_ticket_price(self):
        return self.sudo().event_ticket_id.price  # sudo: prices are no secret

    @attempts_logged
    def _check_member_by_hand(self):
        """Refuse tickets that cost something and that no paid order stands behind.

        :raise UserError: what to do instead.
        """
        if self._member_may_give():
            return
        if priced := self._member_priced_by_hand():
            raise UserError(
                self.env._(
                    "%(ticket)s costs something: sell it at the till or in an order. "
                    "To give it away, ask somebody who may give complimentary tickets.",
                    ticket=priced[0].event_ticket_id.name,
                )
            )

    @attempts_logged
    def _check_member_upgrade(self):
        """Refuse to turn tickets into dearer ones: the difference is to be paid.

        :raise UserError: what to do instead.
        """
        if self and not self._member_may_give():
            raise UserError(
                self.env._(
                    "%(ticket)s is dearer than what was paid for. Refund the old "
                    "ticket and sell the new one.",
                    ticket=self[:1].sudo().event_ticket_id.name,
                )
            )

    @attempts_logged
    def _check_member_same_buyer(self, partner_id):
        """Refuse to book tickets over to somebody else: their limits count the buyer.

        :raise UserError: what to do instead.
        """
        moved = self.filtered(
            lambda each: (
                each.state in TAKING
                and each.member_policy_id
                and each.partner_id.id != partner_id
            )
        )
        if moved and not self._member_may_give():
            raise UserError(
                self.env._(
                    "These tickets were sold to %(buyer)s and count for their limit. "
                    "Refund them, then sell them again.",
                    buyer=moved[0].partner_id.sudo().name or self.env._("somebody"),
                )
            )

    def _member_may_give(self):
        """Tell whether the user may make tickets that nobody pays for."""
        user = self.env.user
        return user._member_may(FREE) or user.has_group("event.group_event_user")

    def _member_is_ordered(self):
        """Whether this ticket is said to be of an order that was paid or confirmed."""
        self.ensure_one()
        return self._member_line().order_id.state in (*PAID_STATES, "sale")

    def _member_paid_for(self):
        """Return those that their orders sell, in sudo mode.

        Of a line no more than it sells and was not given back, and none that is dearer:
        whoever makes a ticket may say of any order that it pays for it.
        """
        # sudo: who checks in need not be able to read orders
        ordered = self.sudo().filtered(lambda each: each._member_is_ordered())
        paid_for = ordered.browse()
        for line, seats in ordered.grouped(lambda each: each._member_line()).items():
            price = line.event_ticket_id.price
            own = seats.filtered(
                lambda each, price=price: each.event_ticket_id.price <= price
            )
            others = line._member_seats_taken() - own
            room = max(int(line._member_seats_sold()) - len(others), 0)
            paid_for |= own.sorted("id")[:room]
        return paid_for

    def _member_attempt(self):
        return {"partner": self[:1].partner_id, "reference": self[:1].event_id.name}
