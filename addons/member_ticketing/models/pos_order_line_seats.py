from odoo import fields, models
from odoo.exceptions import UserError

from ..exchange import Place
from ..figures import figures
from .event_registration_till import TAKING


class PosOrderLine(models.Model):
    """How a line that sells tickets gets its policy, its price and its attendees."""

    _inherit = "pos.order.line"

    def _member_ticket_name(self):
        self.ensure_one()
        ticket = self.sudo().event_ticket_id  # sudo: the till sells it
        return f"{ticket.name}, {ticket.event_id.name}"

    # === WHAT IT IS SOLD BY === #

    def _member_agreed_vals(self, agreed):
        """Return what was agreed with the till, for this line."""
        return {
            "member_ticket_policy_id": agreed.policy_id.id,
            "member_ticket_why": agreed.why,
            "member_ticket_price": self._member_in_order_currency(agreed.price),
            "member_list_price": self._member_in_order_currency(agreed.list_price),
            "member_free_reason": agreed.free_reason,
            "member_is_other_policy": agreed.is_policy_asked,
            "member_seat_key": agreed.seat_key,
        }

    def _member_chosen_vals(self):
        """Choose now for a line that was not agreed as it arrives.

        :raise UserError: it is not for sale to this customer here and now.
        """
        self.ensure_one()
        # sudo: what is for sale is told to who sells it
        ticket, slot = self.sudo().event_ticket_id, self.sudo().event_slot_id
        order = self.order_id
        buyer = order.partner_id.sudo()
        left, _lefts = figures(self.env, buyer, [(ticket, slot)])
        offer = ticket._member_offer(
            buyer, "pos", slot=slot, quantity=int(self.qty), left=left
        )
        if not offer.is_for_sale or ticket.event_id.company_id != order.company_id:
            raise UserError(
                self.env._(
                    "%(ticket)s cannot be sold here now. %(why)s Remove the line, then "
                    "choose the tickets again.",
                    ticket=self._member_ticket_name(),
                    why=offer.why,
                )
            )
        return {
            "member_ticket_policy_id": offer.policy_id,
            "member_ticket_why": offer.why,
            "member_ticket_price": self._member_in_order_currency(offer.price),
            "member_list_price": self._member_in_order_currency(offer.list_price),
            "member_free_reason": False,
            "member_is_other_policy": False,
            "member_seat_key": False,
        }

    # === ATTENDEES === #

    def _member_complete_slot(self):
        """Take the slot from the attendees where the till says it only there."""
        self.ensure_one()
        slots = self._member_attendees().event_slot_id
        if not self.event_slot_id and len(slots) == 1:
            self.event_slot_id = slots

    def _member_seats_taken(self):
        """Return the tickets of this line that open the door, in sudo mode."""
        self.ensure_one()
        return self._member_attendees().filtered(lambda each: each.state in TAKING)

    def _member_seats_sold(self):
        """Return how many seats this line sells and did not take back."""
        self.ensure_one()
        return self.qty - self.refunded_qty

    def _check_member_attendees(self):
        """Refuse attendees of other tickets than the line sells, and parts of seats."""
        self.ensure_one()
        attendees = self._member_attendees()
        # sudo: the till sells it
        # sudo: compared with what was sold, whatever the cashier may read
        event = self.sudo().event_ticket_id.event_id
        is_right = (
            self.qty == int(self.qty)
            and len(attendees) <= self.qty
            and attendees.event_ticket_id <= self.event_ticket_id.sudo()
            and attendees.event_id <= event
            and attendees.event_slot_id <= self.sudo().event_slot_id
            and all(each.state in ("draft", False) for each in attendees)
            and self.product_id == self.sudo().event_ticket_id.product_id
        )
        if not is_right:
            self._member_refuse_attendees(self._member_ticket_name())

    def _check_member_no_attendees(self):
        """Refuse attendees of lines that sell no tickets: paying would open them.

        Goods, a sale order's tickets and tickets that come back have none of their own.
        """
        for line in self:
            # sudo: compared with what is sold, whatever the cashier may read
            attendees = line.sudo().event_registration_ids
            if attendees.filtered(lambda each: each.state != "cancel"):
                line._member_refuse_attendees(
                    line.full_product_name or line.product_id.display_name
                )

    def _member_refuse_attendees(self, name):
        raise UserError(
            self.env._(
                "The tickets of %(ticket)s are not those that this line sells. "
                "Remove the line, then choose the tickets again.",
                ticket=name,
            )
        )

    def _member_make_attendees(self):
        """Make the attendees that the till did not name."""
        self.ensure_one()
        # sudo: the attendees of a sale are made whatever the cashier may read
        ticket = self.sudo().event_ticket_id
        missing = int(self.qty) - len(self._member_attendees())
        # sudo: the sale makes the tickets, whatever else the cashier may do
        self.env["event.registration"].sudo().create(
            [
                {
                    "event_id": ticket.event_id.id,
                    "event_ticket_id": ticket.id,
                    "event_slot_id": self.event_slot_id.id,
                    "partner_id": self.order_id.partner_id.id,
                    "pos_order_line_id": self.id,
                }
                for _count in range(missing)
            ]
        )

    def _member_place(self):
        """Return where the seats of this line are."""
        self.ensure_one()
        # sudo: the till sells it
        ticket = self.sudo().event_ticket_id
        return Place(ticket.event_id.id, self.event_slot_id.id or 0, ticket.id)

    def _member_open_attendees(self, instead=None):
        """Confirm the attendees, which takes their seats.

        :param instead: tickets that this order gave back and these stand for.
        :raise SeatRefusal: there are not enough.
        """
        self.ensure_one()
        attendees = self._member_attendees().filtered(
            lambda each: each.state == "draft"
        )
        attendees.with_context(member_seats_instead=instead).write(
            {
                "partner_id": self.order_id.partner_id.id,
                "member_policy_id": self.member_ticket_policy_id.id,
                "member_ticketed_at": fields.Datetime.now(),
                "state": "open",
            }
        )
        attendees.flush_recordset()
