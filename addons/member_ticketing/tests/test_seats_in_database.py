from odoo.tests import tagged

from .. import seats
from ..seats import counters
from ..seats.holds import Placing, _MissingError, _place_at_once
from .common_seats import SeatCase


@tagged("post_install", "-at_install")
class TestSeatsInDatabase(SeatCase):
    """What the database places by itself; whatever it leaves, Python looks at again."""

    def place(self, key, *wants, freed=None, **values):
        """Return until when; None: it was left; what is missing, if anything is."""
        placing = Placing(
            key=key,
            sums=counters.net(wants),
            wants=wants,
            ttl=60,
            limits={},
            **values,
        )
        try:
            return _place_at_once(self.env, self.env.cr, placing, freed or {})
        except _MissingError as error:
            return error.counters

    def count(self, **values):
        """Let the counters of such seats exist."""
        seats.hold(self.env, "pol:count", [self.want(1, **values)])
        seats.release(self.env, ["pol:count"])
        self.env.cr.execute("DELETE FROM member_seat_claim WHERE key = 'pol:count'")

    def test_what_is_plain_is_placed(self):
        self.count()

        until = self.place("pol:a", self.want(2), self.want(1))

        self.assertEqual(self.left(), 2)
        self.assertEqual(seats.find(self.env, "pol:"), [seats.Held("pol:a", until)])
        self.assertEqual(seats.verify(self.env), [])

    def test_missing_counters_are_named(self):
        self.count(partner=self.other)
        want = self.want(1)

        missing = self.place("pol:a", want)

        of_the_member = {c for c in counters.counters_of(want) if c.partner_id}
        self.assertEqual(set(missing), of_the_member)
        self.assertEqual(self.left(), 5)

    def test_no_more_than_the_room_the_ticket_and_the_quota_have(self):
        policy = self.policy(quota=2)
        self.count(policy=policy)
        self.count(ticket=self.balcony)

        for values in (
            {"quantity": 6},
            {"quantity": 3, "ticket": self.balcony},
            {"quantity": 3, "policy": policy},
        ):
            self.assertIsNone(self.place("pol:a", self.want(**values)), values)

        self.assertEqual(self.left(), 5)
        self.assertEqual(seats.verify(self.env), [])
        for key, values in (
            ("pol:b", {"quantity": 2, "ticket": self.balcony}),
            ("pol:c", {"quantity": 2, "policy": policy}),
            ("pol:d", {"quantity": 1}),
        ):
            self.assertTrue(self.place(key, self.want(**values)), values)
        self.assertEqual(self.left(), 0)
        self.assertEqual(seats.verify(self.env), [])

    def test_no_more_than_the_limit_of_the_member(self):
        """As set at this moment, also if another policy of the order allows more."""
        policy = self.policy(member_limit=3, channel="pos")
        other = self.policy(name="Silver", member_limit=2, channel="web")
        for each in (policy, other):
            self.count(policy=each)

        mixed = [self.want(2, policy=policy), self.want(1, policy=other)]
        self.assertIsNone(self.place("pol:a", *mixed))
        self.assertIsNone(self.place("pol:a", self.want(4, policy=policy)))
        self.assertTrue(self.place("pol:a", self.want(3, policy=policy)))
        self.assertIsNone(self.place("pol:b", self.want(1, policy=policy)))
        policy.member_limit = 4
        policy.flush_recordset()
        self.assertTrue(self.place("pol:b", self.want(1, policy=policy)))
        # a merge of contacts is no sale
        lifted = self.want(1, policy=policy)
        self.assertIsNone(self.place("pol:c", lifted))
        self.assertTrue(self.place("pol:c", lifted, lifted=True))

        self.assertEqual(seats.verify(self.env), [])

    def test_a_key_that_is_known_is_left(self):
        """Held, given up, or claimed by a document."""
        self.count()
        seats.hold(self.env, "pol:held", [self.want(1)])
        seats.hold(self.env, "pol:gone", [self.want(1)])
        seats.release(self.env, ["pol:gone"])
        self.env.cr.execute("INSERT INTO member_seat_claim (key) VALUES ('pol:sold')")

        for key in ("pol:held", "pol:gone", "pol:sold"):
            self.assertIsNone(self.place(key, self.want(1)), key)

        self.assertEqual(self.left(), 4)
        self.assertEqual(seats.verify(self.env), [])
