from odoo import fields, models

from .member_seat_field import SeatReference


class MemberSeatHold(models.Model):
    """Seats set aside on one counter under a key, until a document claims the key.

    A hold is as many rows as counters. Written only by the verbs in `seats/`.
    """

    _name = "member.seat.hold"
    _description = "Seat Hold"
    _log_access = False
    _order = "placed_at desc, id desc"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    counter_id = SeatReference(
        "member.seat.counter", required=True, readonly=True, index=True
    )
    kind = fields.Selection(related="counter_id.kind")
    event_id = fields.Many2one(related="counter_id.event_id")
    slot_id = fields.Many2one(related="counter_id.slot_id")
    company_id = fields.Many2one(related="counter_id.company_id")
    quantity = fields.Integer("Seats", required=True, readonly=True)
    placed_at = fields.Datetime("Reserved at", required=True, readonly=True)
    expires_at = fields.Datetime("Until", required=True, readonly=True, index=True)
    document = fields.Char("For", readonly=True)
    user_id = SeatReference("res.users", "By", readonly=True)

    _key_counter_unique = models.UniqueIndex("(key text_pattern_ops, counter_id)")
    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "A hold sets seats aside."
    )
