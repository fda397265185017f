from contextlib import contextmanager
from datetime import timedelta

from odoo import Command, fields
from odoo.tests import TransactionCase

from .. import seats
from ..seats import Want, backing


class SeatCase(TransactionCase):
    """A performance of five seats, two of them in the balcony, and two members."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event = cls.performance(5)
        cls.stalls, cls.balcony = cls.event.event_ticket_ids
        cls.member, cls.other = cls.env["res.partner"].create(
            [{"name": "Lin"}, {"name": "Mo"}]
        )

    @classmethod
    def performance(cls, seats_max, **values):
        now = fields.Datetime.now()
        return cls.env["event.event"].create(
            {
                "name": "Teahouse",
                "date_begin": now + timedelta(days=5),
                "date_end": now + timedelta(days=6),
                "seats_limited": True,
                "seats_max": seats_max,
                "event_mail_ids": [Command.clear()],
                "event_ticket_ids": [
                    Command.create({"name": "Stalls", "price": 100}),
                    Command.create({"name": "Balcony", "price": 50, "seats_max": 2}),
                ],
                **values,
            }
        )

    def policy(self, **values):
        return self.env["member.ticket.policy"].create(
            {"name": "Gold", "event_id": self.event.id, **values}
        )

    def want(self, quantity=1, *, ticket=None, policy=None, partner=None, slot=None):
        return Want(
            self.event.id,
            slot.id if slot else 0,
            (ticket or self.stalls).id,
            policy.id if policy else 0,
            (self.member if partner is None else partner).id,
            quantity,
        )

    def left(self, **kwargs):
        (left,) = seats.left(self.env, [self.want(**kwargs)])
        return left.seats

    def register(self, count=1, **values):
        return self.env["event.registration"].create(
            [
                {
                    "event_id": self.event.id,
                    "event_ticket_id": self.stalls.id,
                    "partner_id": self.member.id,
                    **values,
                }
            ]
            * count
        )

    @contextmanager
    def settled_later(self):
        """Settle at the end, as after a commit; tests settle at each step otherwise."""
        after = []
        self.patch(backing, "settle_after_commit", lambda env, keys: after.extend(keys))
        yield
        seats.settle(self.env, after)
