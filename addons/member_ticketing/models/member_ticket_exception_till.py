from odoo import models


class MemberTicketException(models.Model):
    """Seats that come back in time for an order of a till that got none."""

    _inherit = "member.ticket.exception"

    def _give_seats(self):
        line = self.pos_order_line_id
        if self.reason != "no_seat" or not (line and line._member_sells_seats()):
            return super()._give_seats()
        waiting = line._member_attendees().filtered("member_is_seatless")
        waiting.member_is_seatless = False
        line._member_open_attendees()
        return None
