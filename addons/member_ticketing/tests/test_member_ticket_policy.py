"""Policies as records: what may be said, what is kept, who may say it."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common_policies import PolicyCase


@tagged("post_install", "-at_install")
class TestMemberTicketPolicy(PolicyCase):
    def test_a_policy_is_named_by_whom_and_what_it_names(self):
        self.assertEqual(self._policy().name, "Public")
        policy = self._policy(class_id=self.gold, ticket_id=self.stalls, channel="web")
        self.assertEqual(policy.name, "Gold · Stalls · Website")
        policy.name = "Presale"
        policy.percent = 5
        self.assertEqual(policy.name, "Presale")

    def test_two_for_the_same_buyers_at_the_same_time_are_refused(self):
        """Overlapping policies are refused with both their names."""
        first = self._policy(class_id=self.gold, end_date=self.now + timedelta(days=2))
        with self.assertRaises(ValidationError) as refusal:
            self._policy(class_id=self.gold, start_date=self.now + timedelta(days=1))
        self.assertIn("“Gold” and “Gold”", str(refusal.exception))
        with self.assertRaises(ValidationError):
            self._policy(class_id=self.gold)
        later = self._policy(
            class_id=self.gold, start_date=self.now + timedelta(days=2)
        )
        with self.assertRaises(ValidationError):
            first.end_date = self.now + timedelta(days=3)
        later.active = False
        first.end_date = self.now + timedelta(days=3)
        with self.assertRaises(ValidationError):
            later.active = True

    def test_a_clerk_who_left_leaves_the_policy_to_nobody(self):
        clerk = new_test_user(self.env, "clerk_left", groups="base.group_user")
        policy = self._policy(user_ids=[(6, 0, clerk.ids)])
        clerk.active = False
        self.env.invalidate_all()
        self.assertEqual(policy._to_rule().user_ids, {clerk.id})

    def test_days_before_and_moments_are_compared(self):
        self._policy(days_before_end=10)
        begins = self.event.date_begin
        with self.assertRaises(ValidationError):
            self._policy(start_date=begins - timedelta(days=11))
        self._policy(start_date=begins - timedelta(days=10))

    def test_clerks_part_policies(self):
        ann, ben = (
            new_test_user(self.env, login, groups="base.group_user")
            for login in ("clerk_ann", "clerk_ben")
        )
        self._policy()
        self._policy(user_ids=[(6, 0, ann.ids)])
        self._policy(user_ids=[(6, 0, ben.ids)])
        with self.assertRaises(ValidationError):
            self._policy(user_ids=[(6, 0, (ann | ben).ids)])

    @mute_logger("odoo.sql_db")
    def test_what_makes_no_sense_is_refused(self):
        template = self.env["event.type"].create({"name": "Ballet"})
        other = self._event("Giselle")
        for vals in (
            {"price": -1},
            {"percent": -1},
            {"percent": 100.5},
            {"quota": -1},
            {"member_limit": -1},
            {"start_date": self.now, "end_date": self.now},
            {"days_before_start": 2, "days_before_end": 2},
            {"event_type_id": template, "event_id": self.event},
            {"event_id": False},
            {"ticket_id": other.event_ticket_ids[0]},
            {"price_kind": "pricelist"},
        ):
            with (
                self.subTest(vals=vals),
                self.assertRaises(Exception) as refusal,
                self.env.cr.savepoint(),
            ):
                self._policy(**vals)
            self.assertIn(
                type(refusal.exception).__name__, ("CheckViolation", "ValidationError")
            )

    def test_classes_of_another_company_are_refused(self):
        other = self.env["res.company"].create({"name": "Other"})
        theirs = self.env["member.class"].create(
            {"name": "Theirs", "code": "theirs", "company_id": other.id}
        )
        with self.assertRaises(ValidationError) as refusal:
            self._policy(class_id=theirs)
        self.assertIn("another company", str(refusal.exception))

    def test_rules_are_kept_in_memory_until_a_policy_changes(self):
        rules = self.policies._rules(self.event.id)
        with self.assertQueryCount(0):
            self.assertIs(self.policies._rules(self.event.id), rules)
        policy = self._policy(price=50)
        (rule,) = self.policies._rules(self.event.id)
        self.assertEqual(rule.amount, 50)
        policy.price = 40
        (rule,) = self.policies._rules(self.event.id)
        self.assertEqual(rule.amount, 40)
        policy.active = False
        self.assertEqual(self.policies._rules(self.event.id), ())
        policy.active = True
        policy.unlink()
        self.assertEqual(self.policies._rules(self.event.id), ())

    def test_what_has_sold_is_archived_and_not_deleted(self):
        policy = self._policy(price=50)
        registration = self.env["event.registration"].create(
            {
                "event_id": self.event.id,
                "event_ticket_id": self.stalls.id,
                "member_policy_id": policy.id,
            }
        )
        self.post_commit()
        with self.assertRaises(UserError) as refusal:
            policy.unlink()
        self.assertIn("Archive it instead", str(refusal.exception))
        policy.active = False
        self.assertEqual(registration.member_policy_id, policy)

    # === RIGHTS === #

    def test_only_who_sets_up_policies_changes_them(self):
        policy = self._policy(price=50)
        for groups, may_read in (
            ("event.group_event_manager", True),
            ("member_card.group_member_supervisor", True),
            ("base.group_user", False),
        ):
            with self.subTest(groups=groups):
                user = new_test_user(self.env, groups.split(".")[1], groups=groups)
                theirs = policy.with_user(user)
                if may_read:
                    self.assertEqual(theirs.price, 50)
                else:
                    with self.assertRaises(AccessError):
                        _ = theirs.price
                with self.assertRaises(AccessError):
                    theirs.price = 1
                with self.assertRaises(AccessError):
                    theirs.unlink()
                with self.assertRaises(AccessError):
                    theirs.create({"event_id": self.event.id})
        manager = new_test_user(
            self.env, "manager_a", groups="member_ticketing.group_member_ticket_setup"
        )
        policy.with_user(manager).price = 45
        self.assertEqual(policy.price, 45)

    # === WHAT IS ODD === #

    def _conflicts(self):
        return [
            (severity, policies)
            for severity, _sentence, policies in self.event.with_context(
                active_test=True
            ).member_ticket_policy_ids._conflicts()
        ]

    def test_nothing_is_odd_about_a_plain_set(self):
        self._policy()
        self._policy(class_id=self.gold, percent=10, quota=50, days_before_start=20)
        self.assertEqual(self._conflicts(), [])

    def test_a_quota_above_the_house_is_odd(self):
        self.stalls.seats_max = 40
        policy = self._policy(ticket_id=self.stalls, quota=41)
        self.assertEqual(self._conflicts(), [("warning", (policy.id,))])
        self.assertIn("40 seats", policy.conflict_note)
        policy.quota = 40
        self.assertEqual(self._conflicts(), [])

    def test_quotas_that_exceed_the_house_together_are_told(self):
        first = self._policy(quota=60)
        second = self._policy(class_id=self.gold, quota=60)
        self.assertEqual(self._conflicts(), [("info", (first.id, second.id))])

    def test_a_performance_that_moves_is_told_what_overlaps_now(self):
        begins = self.event.date_begin
        first = self._policy(days_before_end=10)
        second = self._policy(start_date=begins - timedelta(days=10))
        self.assertEqual(self._conflicts(), [])
        self.event.write(
            {
                "date_begin": begins + timedelta(days=1),
                "date_end": begins + timedelta(days=2),
            }
        )
        self.assertEqual(self._conflicts(), [("danger", (first.id, second.id))])

    def test_a_window_past_the_performance_is_odd(self):
        over = self.event.date_end
        policy = self._policy(end_date=over + timedelta(hours=1))
        self.assertEqual(self._conflicts(), [("warning", (policy.id,))])
        policy.write({"start_date": over, "end_date": over + timedelta(days=1)})
        self.assertEqual(self._conflicts(), [("danger", (policy.id,))])

    def test_a_class_that_pays_more_than_the_public_is_odd(self):
        gold = self._policy(class_id=self.gold, price=121, ticket_id=self.stalls)
        self.assertEqual(self._conflicts(), [("warning", (gold.id,))])
        gold.price = 100
        self.assertEqual(self._conflicts(), [])
        public = self._policy(price=90, ticket_id=self.stalls)
        self.assertEqual(self._conflicts(), [("warning", (gold.id, public.id))])
        # they are never open at the same time
        public.write({"window": "days", "days_before_end": 7})
        gold.write({"window": "days", "days_before_start": 7})
        self.assertEqual(self._conflicts(), [])

    def test_a_policy_that_can_never_sell_is_odd(self):
        everything = self._policy()
        self._policy(ticket_id=self.stalls)
        self.assertEqual(self._conflicts(), [])
        balcony = self._policy(ticket_id=self.balcony)
        self.assertEqual(self._conflicts(), [("danger", (everything.id,))])
        balcony.quota = 10
        balcony.member_limit = 2
        self.assertEqual(self._conflicts(), [("danger", (everything.id,))])
        balcony.write({"window": "days", "days_before_start": 5})
        self.assertEqual(self._conflicts(), [])

    def test_clerks_sell_nothing_on_the_website(self):
        policy = self._policy(
            channel="web", user_ids=[(6, 0, self.env.user.ids)], class_id=self.gold
        )
        self.assertEqual(self._conflicts(), [("danger", (policy.id,))])

    def test_a_presale_that_keeps_nobody_out_is_told(self):
        gold = self._policy(class_id=self.gold, percent=5, days_before_start=20)
        self.assertEqual(self._conflicts(), [("info", (gold.id,))])
        self.event.is_ticket_policy_required = True
        self.assertEqual(self._conflicts(), [])

    def test_the_form_tells_what_is_odd_while_it_is_edited(self):
        with Form(self.policies.with_context(default_event_id=self.event.id)) as form:
            form.quota = 101
            self.assertIn("100 seats", form.conflict_note)
            form.quota = 100
            self.assertFalse(form.conflict_note)
