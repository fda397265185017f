"""Copies of policies: by hand, from a template, with a duplicated performance."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common_policies import PolicyCase


@tagged("post_install", "-at_install")
class TestMemberTicketPolicyCopy(PolicyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls.env["event.type"].create(
            {
                "name": "Ballet",
                "is_ticket_policy_required": True,
                "event_type_ticket_ids": [
                    Command.create({"name": "Stalls", "price": 120}),
                    Command.create({"name": "Box", "price": 300}),
                ],
            }
        )
        stalls = cls.template.event_type_ticket_ids[0]
        cls._policy(event_type_id=cls.template, class_id=cls.gold, percent=25)
        cls._policy(
            event_type_id=cls.template,
            type_ticket_id=stalls,
            quota=40,
            days_before_start=30,
        )
        cls.manager = new_test_user(
            cls.env, "policy_manager", groups="member_card.group_member_manager"
        )

    def _copy(self, event, **vals):
        wizard = self.env["member.ticket.policy.copy"].with_user(self.manager)
        wizard = wizard.with_context(
            active_model=event._name, active_ids=event.ids, active_id=event[:1].id
        )
        return wizard.create(vals)

    def _said(self, place):
        """Return what the policies of a place name and say."""
        return {
            (
                each.name,
                (each.ticket_id or each.type_ticket_id).name,
                each.percent,
                each.quota,
                each.window,
            )
            for each in place.member_ticket_policy_ids
        }

    # === TEMPLATES === #

    def test_a_performance_gets_the_policies_of_its_template(self):
        event = self._event("Night", event_type_id=self.template.id)
        self.assertEqual(event.event_ticket_ids.mapped("name"), ["Stalls", "Box"])
        self.assertEqual(self._said(event), self._said(self.template))
        self.assertTrue(event.is_ticket_policy_required)
        policies = event.member_ticket_policy_ids
        self.assertEqual(policies.ticket_id.event_id, event)
        self.assertFalse(policies.event_type_id | policies.type_ticket_id.event_type_id)

    def test_as_whoever_may_make_performances(self):
        user = new_test_user(self.env, "events", groups="event.group_event_user")
        form = Form(self.env["event.event"].with_user(user))
        form.name = "Night"
        form.event_type_id = self.template
        event = form.save()
        self.assertEqual(self._said(event), self._said(self.template))

    def test_a_template_chosen_later_counts_unless_there_are_policies(self):
        self.event.event_type_id = self.template
        self.assertEqual(self._said(self.event), self._said(self.template))
        other = self._event("Other")
        self._policy(event_id=other, price=10)
        other.event_type_id = self.template
        self.assertEqual(other.member_ticket_policy_ids.mapped("price"), [10])

    def test_a_template_is_duplicated_with_its_policies(self):
        copy = self.template.copy()
        # Odoo does not copy tickets of templates
        self.assertEqual(copy.member_ticket_policy_ids.mapped("percent"), [25])

    # === PERFORMANCES === #

    def test_a_duplicate_keeps_the_policies(self):
        self._policy(ticket_id=self.stalls, class_id=self.gold, price=90)
        self._policy(quota=20, start_date=self.now)
        copy = self.event.copy()
        self.assertEqual(self._said(copy), self._said(self.event))
        tickets = copy.member_ticket_policy_ids.ticket_id
        self.assertEqual(tickets, copy.event_ticket_ids.filtered("price")[:1] & tickets)
        self.assertEqual(tickets.event_id, copy)

    def test_a_duplicate_does_not_get_those_of_the_template_again(self):
        event = self._event("Night", event_type_id=self.template.id)
        event.member_ticket_policy_ids.filtered("percent").unlink()
        copy = event.copy()
        self.assertEqual(self._said(copy), self._said(event))

    def test_slots_are_found_by_day_and_hour(self):
        event = self._event("Run", is_multi_slots=True)
        event.date_end = event.date_begin + timedelta(days=9)
        day = event.date_begin.date() + timedelta(days=2)
        slots = self.env["event.slot"].create(
            [
                {
                    "event_id": event.id,
                    "date": day,
                    "start_hour": hour,
                    "end_hour": hour + 2,
                }
                for hour in (14, 19)
            ]
        )
        policy = self._policy(event_id=event, slot_id=slots[1], price=70)
        copied = event.copy().member_ticket_policy_ids
        self.assertEqual(copied.slot_id.start_hour, 19)
        self.assertNotEqual(copied.slot_id, slots[1])
        self.assertEqual(copied.name, policy.name)

    # === BY HAND === #

    def test_it_says_beforehand_what_it_copies_and_leaves_out(self):
        self._policy(price=100, ticket_id=self.stalls)
        self._policy(price=60, ticket_id=self.balcony, class_id=self.gold)
        other = self._event("Giselle")
        other.event_ticket_ids.filtered(lambda each: each.price == 80).name = "Upper"
        third = self._event("Coppelia")
        self._policy(event_id=third, ticket_id=third.event_ticket_ids[0], price=90)
        both = other | third
        names = {each.name for each in third.event_ticket_ids}
        self.assertEqual(names, {"Stalls", "Balcony"})
        third.member_ticket_policy_ids.ticket_id = third.event_ticket_ids.filtered(
            lambda each: each.name == "Stalls"
        )
        wizard = self._copy(both, source="event", source_event_id=self.event.id)
        self.assertEqual(wizard.copied_count, 2)
        self.assertIn("Giselle", wizard.skipped_note)
        self.assertIn("no ticket “Balcony”", wizard.skipped_note)
        self.assertIn("it has one for the same buyers", wizard.skipped_note)
        wizard.action_copy()
        self.assertEqual(other.member_ticket_policy_ids.mapped("price"), [100])
        self.assertEqual(
            sorted(third.member_ticket_policy_ids.mapped("price")), [60, 90]
        )

    def test_again_copies_nothing(self):
        self._policy(price=100)
        other = self._event("Giselle")
        vals = {"source": "event", "source_event_id": self.event.id}
        self._copy(other, **vals).action_copy()
        again = self._copy(other, **vals)
        self.assertEqual(again.copied_count, 0)
        with self.assertRaises(UserError) as refusal:
            again.action_copy()
        self.assertIn("nothing to copy", str(refusal.exception))

    def test_what_is_there_is_archived_when_it_is_replaced(self):
        self._policy(price=100)
        other = self._event("Giselle")
        old = self._policy(event_id=other, price=90)
        wizard = self._copy(
            other,
            source="event",
            source_event_id=self.event.id,
            is_replacing=True,
        )
        self.assertEqual((wizard.copied_count, wizard.archived_count), (1, 1))
        wizard.action_copy()
        self.assertEqual(other.member_ticket_policy_ids.mapped("price"), [100])
        self.assertTrue(old.exists())
        self.assertFalse(old.active)

    def test_dates_move_with_the_performance_or_stay(self):
        start = self.now + timedelta(days=3)
        self._policy(start_date=start)
        for is_moving, expected in ((True, start + timedelta(days=7)), (False, start)):
            other = self._event(
                "Later", date_begin=self.event.date_begin + timedelta(days=7)
            )
            self._copy(
                other,
                source="event",
                source_event_id=self.event.id,
                is_moving=is_moving,
            ).action_copy()
            with self.subTest(is_moving=is_moving):
                self.assertEqual(other.member_ticket_policy_ids.start_date, expected)

    def test_from_a_template_and_to_one(self):
        self._copy(
            self.event, source="type", source_type_id=self.template.id
        ).action_copy()
        self.assertEqual(self._said(self.event), self._said(self.template))
        other = self.env["event.type"].create({"name": "Opera"})
        wizard = self._copy(other, source="event", source_event_id=self.event.id)
        self.assertEqual(wizard.event_type_id, other)
        wizard.action_copy()
        self.assertEqual(other.member_ticket_policy_ids.mapped("percent"), [25])

    def test_only_who_sets_up_policies_copies_them(self):
        user = new_test_user(self.env, "events", groups="event.group_event_manager")
        wizard = self.env["member.ticket.policy.copy"].with_user(user)
        with self.assertRaises(AccessError):
            wizard.create({"source_event_id": self.event.id})

    # === GRID === #

    def test_the_grid_has_all_words(self):
        self.stalls.seats_max = 40
        policy = self._policy(
            ticket_id=self.stalls,
            class_id=self.gold,
            percent=25,
            quota=50,
            member_limit=2,
            channel="web",
            days_before_start=30,
            days_before_end=1,
        )
        grid = self.event.with_user(self.manager).member_policy_grid()
        self.assertTrue(grid["can_edit"])
        names = [each["name"] for each in grid["columns"]]
        self.assertEqual(names[0], "Public")
        self.assertIn("Gold", names)
        (cell,) = grid["policies"]
        self.assertEqual(
            (cell["price"], cell["channel"], cell["window"], cell["limits"]),
            (
                "25% off",
                "Website",
                "30 to 1 days before",
                ["50 tickets", "2 per member"],
            ),
        )
        self.assertEqual(cell["severity"], "warning")
        self.assertEqual(grid["conflicts"][0]["policy_ids"], (policy.id,))
        rows = {each["name"]: each["seats"] for each in grid["tickets"]}
        self.assertEqual(rows, {"Stalls": "40 seats", "Balcony": ""})
        balcony = grid["without_policy"][f"{self.balcony.id}/0/{self.gold.id}"]
        self.assertIn("72.00", balcony["price"])

    def test_the_grid_of_a_template(self):
        grid = self.template.with_user(self.manager).member_policy_grid()
        self.assertEqual(len(grid["policies"]), 2)
        self.assertEqual(grid["slots"], [])

    def test_readers_of_performances_read_the_grid(self):
        user = new_test_user(self.env, "events", groups="event.group_event_user")
        self.assertFalse(self.event.with_user(user).member_policy_grid()["can_edit"])
        with self.assertRaises(AccessError):
            nobody = new_test_user(self.env, "nobody", groups="base.group_user")
            self.event.with_user(nobody).member_policy_grid()
