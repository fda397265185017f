from datetime import timedelta

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import seats
from ..seats import SeatRefusal
from .common_seats import SeatCase


@tagged("post_install", "-at_install")
class TestSeatsPaths(SeatCase):
    """Whatever changes a registration, the counters follow; a full house is full."""

    def full(self, **values):
        return self.register(5, **values)

    def assertCounted(self, left):
        self.assertEqual(self.left(), left)
        self.assertEqual(seats.verify(self.env), [])

    def assertFull(self, action):
        with self.assertRaises(SeatRefusal) as refused, self.env.cr.savepoint():
            action()
        self.assertEqual(refused.exception.code, "sold_out")

    # === TAKEN AND GIVEN BACK === #

    def test_create_takes_a_seat_and_the_last_is_the_last(self):
        self.full()

        self.assertFull(self.register)
        self.assertCounted(0)

    def test_unconfirmed_takes_none_until_it_is_confirmed(self):
        draft = self.register(6, state="draft")
        self.assertCounted(5)

        draft[:5].action_confirm()

        self.assertFull(draft[5:].action_confirm)
        self.assertCounted(0)

    def test_cancelled_gives_back_and_must_find_a_seat_again(self):
        first = self.full()[0]
        first.action_cancel()
        self.assertCounted(1)
        self.register()

        self.assertFull(first.action_confirm)
        self.assertCounted(0)

    def test_attended_keeps_its_seat(self):
        self.register().action_set_done()

        self.assertCounted(4)

    def test_archived_gives_back_and_must_find_a_seat_again(self):
        first = self.full()[0]
        first.action_archive()
        self.assertCounted(1)
        self.register()

        self.assertFull(first.action_unarchive)

    def test_deleted_gives_back(self):
        self.full()[:2].unlink()

        self.assertCounted(2)

    def test_deleted_by_a_cascade_gives_back(self):
        """The job settles what no code of ours has seen go."""
        self.full()[0].flush_recordset()
        self.env.cr.execute(
            "DELETE FROM event_registration WHERE id = "
            "(SELECT max(id) FROM event_registration WHERE event_id = %s)",
            [self.event.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self.left(), 1)

        self.register()  # whoever needs it settles it

        self.assertCounted(0)

    def test_import_takes_seats(self):
        fields = ["event_id/.id", "event_ticket_id/.id", "name"]
        row = [str(self.event.id), str(self.stalls.id), "Hua"]
        registrations = self.env["event.registration"]

        self.assertFalse(registrations.load(fields, [row] * 5)["messages"][:1])
        with mute_logger("odoo.sql_db"):
            refused = registrations.load(fields, [row])

        self.assertIn("sold out", refused["messages"][0]["message"])
        self.assertCounted(0)

    # === MOVED === #

    def test_another_ticket_needs_a_seat_there(self):
        self.register(2, event_ticket_id=self.balcony.id)
        stalls = self.register(3)

        def change():
            stalls[0].event_ticket_id = self.balcony

        with self.assertRaises(SeatRefusal) as refused, self.env.cr.savepoint():
            change()
        self.assertEqual(refused.exception.code, "sold_out")
        self.env.invalidate_all()
        stalls[1].event_ticket_id = self.stalls
        self.assertCounted(0)

    def test_a_change_within_a_full_house_needs_no_seat_of_the_house(self):
        self.full()[0].event_ticket_id = self.balcony

        self.assertCounted(0)
        self.assertEqual(self.left(ticket=self.balcony), 0)

    def test_slots_are_limited_each(self):
        begin = self.event.date_begin
        event = self.performance(
            2,
            is_multi_slots=True,
            date_end=begin + timedelta(days=9),
            event_slot_ids=[
                Command.create(
                    {
                        "date": begin.date() + timedelta(days=days),
                        "start_hour": 19,
                        "end_hour": 21,
                    }
                )
                for days in (2, 3)
            ],
        )
        self.event = event
        self.stalls = event.event_ticket_ids[0]
        early, late = event.event_slot_ids
        evening = self.register(2, event_slot_id=late.id)
        self.register(1, event_slot_id=early.id)

        self.assertEqual(self.left(slot=early), 1)
        self.assertFull(lambda: self.register(event_slot_id=late.id))
        evening[0].event_slot_id = early
        self.assertEqual((self.left(slot=early), self.left(slot=late)), (0, 1))
        self.assertEqual(seats.verify(self.env), [])

    def test_a_move_under_a_full_quota_needs_no_more_of_it(self):
        policy = self.policy(quota=2)
        sold = self.register(2, member_policy_id=policy.id)

        sold[0].event_ticket_id = self.balcony

        with self.assertRaises(SeatRefusal) as refused, self.env.cr.savepoint():
            self.register(member_policy_id=policy.id)
        self.assertEqual(refused.exception.code, "quota_used_up")

    # === MEMBERS === #

    def test_a_limit_counts_registrations_of_any_channel(self):
        policy = self.policy(member_limit=2)
        first = self.register(2, member_policy_id=policy.id)[0]

        with self.assertRaises(SeatRefusal) as refused, self.env.cr.savepoint():
            self.register(member_policy_id=policy.id)
        self.assertEqual(refused.exception.code, "limit_reached")
        first.action_cancel()
        self.register(member_policy_id=policy.id)

    def test_another_buyer_is_counted_instead(self):
        policy = self.policy(member_limit=1)
        sold = self.register(member_policy_id=policy.id)

        sold.partner_id = self.other

        self.register(member_policy_id=policy.id)
        self.assertCounted(3)

    def test_merged_members_are_counted_as_one(self):
        """Nobody is refused: the seats were sold to both by right."""
        policy = self.policy(member_limit=1)
        self.register(member_policy_id=policy.id)
        self.register(member_policy_id=policy.id, partner_id=self.other.id)

        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.member | self.other).ids, self.member
        )

        self.assertCounted(3)
        policy.member_limit = 5
        want = seats.Want(self.event.id, 0, 0, policy.id, self.member.id)
        self.assertEqual(seats.left(self.env, [want])[0].member, 3)
        self.env.cr.execute("SET CONSTRAINTS member_seat_backed IMMEDIATE")

    def test_a_deleted_contact_takes_no_seat_along(self):
        self.full(partner_id=self.other.id)

        self.other.unlink()

        seats.recover(self.env)
        self.assertCounted(0)
        self.env.cr.execute("SET CONSTRAINTS member_seat_backed IMMEDIATE")

    # === REFUSED === #

    def test_sql_cannot_take_a_seat(self):
        """The last line: a seat without a hold does not reach the commit."""
        self.register(state="draft").flush_recordset()

        with (
            self.assertRaisesRegex(Exception, "taken without a hold"),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "UPDATE event_registration SET state = 'open' WHERE event_id = %s",
                [self.event.id],
            )
            self.env.cr.execute("SET CONSTRAINTS member_seat_backed IMMEDIATE")

    def test_all_paths_leave_nothing_unbacked(self):
        sold = self.full()
        sold[0].event_ticket_id = self.balcony
        sold[1].action_cancel()
        sold[1].action_confirm()

        self.env.cr.execute("SET CONSTRAINTS member_seat_backed IMMEDIATE")

    # === CAPACITY === #

    def test_a_larger_room_sells_more(self):
        self.full()
        self.event.seats_max = 6
        self.event.flush_recordset()

        self.register()

        self.assertCounted(0)

    def test_a_smaller_room_sells_no_more_and_takes_nothing_back(self):
        self.register(3)
        self.event.seats_max = 2
        self.event.flush_recordset()

        self.assertFull(self.register)
        self.assertCounted(0)

    def test_no_limit_is_no_limit_and_counts_all_the_same(self):
        self.event.seats_limited = False
        self.event.flush_recordset()
        self.register(7)
        self.assertIsNone(self.left())
        self.event.seats_limited = True
        self.event.flush_recordset()

        self.assertFull(self.register)

    # === DOCUMENTS' HOLDS === #

    def test_the_backfill_counts_what_the_triggers_counted(self):
        self.register(3, member_policy_id=self.policy().id)
        self.env.cr.execute(
            "DELETE FROM member_seat_counter WHERE event_id = %s", [self.event.id]
        )

        seats.tracking.backfill(self.env.cr)

        self.assertCounted(2)

    def test_a_counter_made_late_starts_with_what_is_sold(self):
        self.register(3)
        self.env.cr.execute(
            "DELETE FROM member_seat_counter WHERE event_id = %s", [self.event.id]
        )

        self.register(2)

        self.assertFull(self.register)
