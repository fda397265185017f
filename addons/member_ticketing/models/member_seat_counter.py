from odoo import api, fields, models

from .. import seats
from ..seats import in_database
from .member_seat_field import SeatReference


class MemberSeatCounter(models.Model):
    """How many seats are sold and held on one thing that can be limited.

    A performance or a slot, a ticket there, a sales policy, a member in one of them.
    Written only by the verbs in `seats/`. `taken` is what is sold and settled, `held`
    what is set aside. Capacities are kept where they are set, never here, so that they
    cannot be out of date.
    """

    _name = "member.seat.counter"
    _description = "Seat Counter"
    _log_access = False
    _order = "event_id, id"
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    kind = fields.Selection(
        [
            ("event", "Performance"),
            ("ticket", "Ticket"),
            ("policy", "Sales policy"),
            ("member", "Member"),
        ],
        required=True,
        readonly=True,
    )
    event_id = SeatReference(
        "event.event", "Performance", required=True, readonly=True, index=True
    )
    slot_id = SeatReference("event.slot", "Slot", readonly=True)
    ticket_id = SeatReference("event.event.ticket", "Ticket", readonly=True)
    policy_id = SeatReference("member.ticket.policy", "Sales policy", readonly=True)
    partner_id = SeatReference("res.partner", "Member", readonly=True)
    company_id = fields.Many2one(related="event_id.company_id")
    taken = fields.Integer("Sold", required=True, readonly=True)
    held = fields.Integer("Reserved", required=True, readonly=True)
    capacity = fields.Integer(
        compute="_compute_capacity", help="0 where there is no limit."
    )
    left = fields.Integer(compute="_compute_capacity")

    _key_unique = models.Constraint("UNIQUE (key)", "This is counted already.")
    _held_not_negative = models.Constraint(
        "CHECK (held >= 0)", "More seats would be given up than are held."
    )

    def init(self):
        in_database.install(self.env.cr)

    @api.depends("taken", "held")
    def _compute_capacity(self):
        # sudo: policies and rooms are set up by others than those who read counters
        for counter in self.sudo():
            if counter.kind == "event":
                event = counter.event_id.exists()
                capacity = event.seats_limited and event.seats_max
            elif counter.kind == "ticket":
                capacity = counter.ticket_id.exists().seats_max
            elif counter.kind == "policy":
                capacity = counter.policy_id.exists().quota
            else:
                capacity = 0
            counter.capacity = capacity
            counter.left = (
                max(capacity - counter.taken - counter.held, 0) if capacity else 0
            )

    @api.autovacuum
    def _gc_seats(self):
        """Forget the counters of what was deleted."""
        seats.clean(self.env)

    @api.model
    def _cron_recover(self):
        """Settle what a crash left behind and give up holds that are due."""
        seats.recover(self.env)
