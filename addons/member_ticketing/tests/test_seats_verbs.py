from odoo.tests import tagged

from .. import seats
from ..seats import SeatRefusal, Want
from .common_seats import SeatCase


@tagged("post_install", "-at_install")
class TestSeatsVerbs(SeatCase):
    """Hold, resize, prolong, release, left, find: on their own, without a sale."""

    # === HOLD === #

    def test_hold_sets_seats_aside(self):
        held = seats.hold(self.env, "pol:a", [self.want(2)])

        self.assertEqual(held.key, "pol:a")
        self.assertEqual(self.left(), 3)
        self.assertEqual(seats.verify(self.env), [])

    def test_hold_of_more_than_there_are_is_refused(self):
        seats.hold(self.env, "pol:a", [self.want(4)])

        with self.assertRaises(SeatRefusal) as refused:
            seats.hold(self.env, "pol:b", [self.want(2)])

        self.assertEqual(refused.exception.code, "sold_out")
        self.assertEqual(refused.exception.left, 1)
        self.assertEqual(self.left(), 1)

    def test_all_of_a_hold_or_nothing(self):
        """Seats of one ticket are not kept when the other ticket has none."""
        with self.assertRaises(SeatRefusal):
            seats.hold(
                self.env, "pol:a", [self.want(1), self.want(3, ticket=self.balcony)]
            )

        self.assertEqual(self.left(), 5)
        self.assertEqual(seats.verify(self.env), [])

    def test_the_same_key_holds_once(self):
        first = seats.hold(self.env, "pol:a", [self.want(2)])
        again = seats.hold(self.env, "pol:a", [self.want(2)])

        self.assertEqual(again, first)
        self.assertEqual(self.left(), 3)

    def test_the_same_key_for_other_seats_is_refused(self):
        seats.hold(self.env, "pol:a", [self.want(2)])

        with self.assertRaises(SeatRefusal) as refused:
            seats.hold(self.env, "pol:a", [self.want(1)])

        self.assertEqual(refused.exception.code, "key_reused")

    def test_a_key_that_was_given_up_is_not_used_again(self):
        seats.hold(self.env, "pol:a", [self.want(2)])
        seats.release(self.env, ["pol:a"])

        with self.assertRaises(SeatRefusal) as refused:
            seats.hold(self.env, "pol:a", [self.want(2)])

        self.assertEqual(refused.exception.code, "expired")

    # === QUOTA AND LIMIT === #

    def test_a_quota_is_used_up_while_others_still_buy(self):
        policy = self.policy(quota=2)
        seats.hold(self.env, "pol:a", [self.want(2, policy=policy)])

        with self.assertRaises(SeatRefusal) as refused:
            seats.hold(self.env, "pol:b", [self.want(1, policy=policy)])

        self.assertEqual(refused.exception.code, "quota_used_up")
        self.assertEqual(refused.exception.left, 0)
        seats.hold(self.env, "pol:c", [self.want(1)])

    def test_a_limit_counts_over_all_holds_of_the_member(self):
        policy = self.policy(member_limit=2)
        seats.hold(self.env, "pol:a", [self.want(1, policy=policy)])

        with self.assertRaises(SeatRefusal) as refused:
            seats.hold(self.env, "so:1:1:1", [self.want(2, policy=policy)])

        self.assertEqual(refused.exception.code, "limit_reached")
        self.assertEqual(refused.exception.left, 1)
        seats.hold(self.env, "pol:b", [self.want(2, policy=policy, partner=self.other)])

    def test_a_limit_counts_what_its_policy_names(self):
        """Of a policy for one ticket, seats of another ticket do not count."""
        policy = self.policy(member_limit=1, ticket_id=self.balcony.id)
        seats.hold(self.env, "pol:a", [self.want(2)])
        one = self.want(1, policy=policy, ticket=self.balcony)
        seats.hold(self.env, "pol:b", [one])

        with self.assertRaises(SeatRefusal):
            seats.hold(self.env, "pol:c", [one])

    def test_another_limit_can_be_agreed_on(self):
        policy = self.policy(member_limit=1)

        seats.hold(
            self.env, "pol:a", [self.want(2, policy=policy)], limits={policy.id: None}
        )

        self.assertEqual(self.left(), 3)

    # === RESIZE === #

    def test_a_resized_hold_frees_what_it_no_longer_needs(self):
        seats.resize(self.env, "so:1:1:", [self.want(2)])
        held = seats.resize(self.env, "so:1:1:", [self.want(5)])

        self.assertEqual(held.key, "so:1:1:2")
        self.assertEqual(
            [each.key for each in seats.find(self.env, "so:1:1:")], [held.key]
        )
        self.assertEqual(self.left(), 0)

    def test_a_refused_resize_leaves_what_was_held(self):
        first = seats.resize(self.env, "so:1:1:", [self.want(2)])

        with self.assertRaises(SeatRefusal) as refused:
            seats.resize(self.env, "so:1:1:", [self.want(6)])

        self.assertEqual(refused.exception.left, 5)
        self.assertEqual(seats.find(self.env, "so:1:1:"), [first])
        self.assertEqual(self.left(), 3)

    def test_the_same_again_is_only_prolonged(self):
        first = seats.resize(self.env, "so:1:1:", [self.want(2)], 60)
        again = seats.resize(self.env, "so:1:1:", [self.want(2)], 600)

        self.assertEqual(again.key, first.key)
        self.assertGreater(again.expires_at, first.expires_at)

    def test_resize_to_nothing_frees(self):
        seats.resize(self.env, "so:1:1:", [self.want(2)])

        self.assertIsNone(seats.resize(self.env, "so:1:1:", []))

        self.assertEqual(self.left(), 5)
        self.assertEqual(seats.verify(self.env), [])

    def test_lines_with_similar_numbers_do_not_meet(self):
        seats.resize(self.env, "so:1:1:", [self.want(1)])
        seats.resize(self.env, "so:1:11:", [self.want(1)])

        self.assertEqual(len(seats.find(self.env, "so:1:1:")), 1)

    # === RELEASE, PROLONG, EXPIRE === #

    def test_released_seats_are_free_at_once(self):
        seats.hold(self.env, "pol:a", [self.want(5)])

        self.assertEqual(seats.release(self.env, ["pol:a", "pol:x"]), ["pol:a"])

        self.assertEqual(seats.release(self.env, ["pol:a"]), [])
        self.assertEqual(self.left(), 5)

    def test_a_hold_that_ran_out_gives_way(self):
        """The buyer who comes next need not wait for the job."""
        seats.hold(self.env, "pol:a", [self.want(5)], ttl=-1)

        seats.hold(self.env, "pol:b", [self.want(5)])

        self.assertEqual(seats.find(self.env, "pol:a"), [])

    def test_prolong_never_shortens_and_knows_what_is_gone(self):
        first = seats.hold(self.env, "pol:a", [self.want(1)], ttl=900)

        self.assertEqual(seats.prolong(self.env, ["pol:a", "pol:x"], 60), [first])
        (longer,) = seats.prolong(self.env, ["pol:a"], 1800)
        self.assertGreater(longer.expires_at, first.expires_at)

    def test_the_job_gives_up_what_is_due(self):
        seats.hold(self.env, "pol:a", [self.want(1)], ttl=-1)
        seats.hold(self.env, "pol:b", [self.want(1)])

        self.env["member.seat.counter"]._cron_recover()

        self.assertEqual(self.left(), 4)

    # === LEFT === #

    def test_left_tells_what_each_rule_leaves(self):
        policy = self.policy(quota=4, member_limit=3)
        seats.hold(self.env, "pol:a", [self.want(1, policy=policy)])

        (left,) = seats.left(self.env, [self.want(1, policy=policy)])

        self.assertEqual((left.event, left.ticket), (4, None))
        self.assertEqual((left.policy, left.member), (3, 2))
        self.assertEqual((left.seats, left.least), (4, 2))

    def test_own_holds_are_not_counted_against_oneself(self):
        seats.hold(self.env, "pol:a", [self.want(2)])

        (left,) = seats.left(self.env, [self.want(1)], but=["pol:a"])

        self.assertEqual(left.event, 5)

    def test_left_takes_as_many_queries_for_many_as_for_one(self):
        wants = [
            Want(event.id, 0, 0, 0, 0)
            for event in self.event.copy() + self.event.copy()
        ]
        self.left()

        with self.assertQueryCount(3):
            seats.left(self.env, wants)

    def test_python_and_sql_count_on_the_same(self):
        for want in (
            Want(1, 0, 0, 0, 0),
            Want(1, 2, 0, 0, 0),
            Want(1, 2, 3, 4, 5),
            Want(1, 0, 3, 4, 5),
            Want(1, 2, 0, 0, 5),
        ):
            self.env.cr.execute(
                "SELECT key FROM member_seat_counters(%s, %s, %s, %s, %s)",
                [number or None for number in want[:5]],
            )
            self.assertEqual(
                sorted(key for (key,) in self.env.cr.fetchall()),
                sorted(counter.key for counter in seats.counters.counters_of(want)),
            )
