from odoo import fields, models

from ..seats import tracking
from .member_seat_field import SeatReference


class MemberSeatMove(models.Model):
    """A seat that a registration took (1) or gave back (-1), not settled yet.

    Written by triggers on the registrations, so nothing escapes; `key` is the claim
    that backs it. Gone once it is settled.
    """

    _name = "member.seat.move"
    _description = "Seat Taken or Given Back"
    _log_access = False
    _rec_name = "key"

    registration_id = SeatReference(
        "event.registration", required=True, readonly=True, index=True
    )
    delta = fields.Integer(required=True, readonly=True)
    event_id = SeatReference("event.event", required=True, readonly=True, index=True)
    slot_id = SeatReference("event.slot", readonly=True)
    ticket_id = SeatReference("event.event.ticket", readonly=True)
    policy_id = SeatReference("member.ticket.policy", readonly=True)
    partner_id = SeatReference("res.partner", readonly=True)
    key = fields.Char(readonly=True, index="btree_not_null")

    def init(self):
        tracking.guard_moves(self.env.cr)
