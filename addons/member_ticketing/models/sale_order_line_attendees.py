from odoo import models
from odoo.tools import format_datetime

from ..refusals import TicketRefusal
from .event_registration_till import TAKING
from .sale_order_line_tickets import SEATS


class SaleOrderLine(models.Model):
    """The attendees of a line: one for each ticket that is sold."""

    _inherit = "sale.order.line"

    def _init_registrations(self):
        """Have one open attendee for each ticket of these lines.

        Not what Odoo does, which leaves paid attendees unconfirmed, without a seat,
        counts cancelled ones of an order that is confirmed again, and adds none when
        the quantity of a confirmed line grows.
        """
        missing = []
        for line in self.filtered(lambda line: line.service_tracking == "event"):
            # sudo: who sells tickets need not see attendees
            seats = line.sudo().registration_ids.filtered(
                lambda seat: seat.state != "cancel"
            )
            more = line._member_quantity() - len(seats)
            if more < 0:
                line._member_free_seats(seats, -more)
            seats.filtered(lambda seat: seat.state == "draft").action_confirm()
            seat = {
                "sale_order_id": line.order_id.id,
                "sale_order_line_id": line.id,
                "state": "open",
            }
            missing += [dict(seat) for _number in range(more)]
        if missing:
            # sudo: who confirms a sale need not be allowed to make attendees by hand
            self.env["event.registration"].sudo().create(missing)
        return True

    def _member_seats_taken(self):
        """Return the tickets of this line that open the door."""
        self.ensure_one()
        # sudo: who sells tickets need not see attendees
        return self.sudo().registration_ids.filtered(lambda seat: seat.state in TAKING)

    def _member_seats_sold(self):
        """Return how many seats this line sells, without what a till took back."""
        self.ensure_one()
        # sudo: what tills took back counts, whoever looks
        back = sum(self.sudo().pos_order_line_ids.mapped("refunded_qty"))
        return self._member_quantity() - back

    def _member_free_seats(self, seats, number):
        """Cancel the latest of these attendees, those who came in stay."""
        absent = seats.filtered(lambda seat: seat.state != "done").sorted("id")
        if len(absent) < number:
            raise TicketRefusal(
                "attended",
                self.env._(
                    "%(line)s: %(number)s of these guests are in the house already. "
                    "Their tickets cannot be taken back.",
                    line=self.name.split("\n")[0],
                    number=len(seats) - len(absent),
                ),
            )
        absent[len(absent) - number :].action_cancel()

    def _member_refuse_moved_seats(self, vals):
        """Refuse that sold seats become others, or are sold by another policy.

        Their price would not follow. A single attendee is moved on the attendee.
        """
        for name in (*SEATS, "member_ticket_policy_id"):
            if name not in vals:
                continue
            # sudo: what is sold is counted, whoever looks
            sold = self.filtered(
                lambda line, name=name: (
                    line.state == "sale"
                    and line[name].id != (vals[name] or False)
                    and line.sudo().registration_ids.filtered(
                        lambda seat: seat.state in ("open", "done")
                    )
                )
            )
            if sold:
                raise TicketRefusal(
                    "seats_sold",
                    self.env._(
                        "%(line)s: these seats are sold. Set the quantity to 0 to give "
                        "them back, and add a line for the others.",
                        line=sold[0].name.split("\n")[0],
                    ),
                )

    def _member_seats_said(self):
        """Return performance, time and seats in a few words."""
        self.ensure_one()
        # sudo: sellers need not see performances
        line = self.sudo()
        begins = line.event_slot_id.start_datetime or line.event_id.date_begin
        return self.env._(
            "%(performance)s, %(moment)s: %(quantity)s × %(ticket)s",
            performance=line.event_id.name,
            moment=format_datetime(
                self.env, begins, tz=line.event_id.date_tz, dt_format="short"
            ),
            quantity=line._member_quantity(),
            ticket=line.event_ticket_id.name,
        )
