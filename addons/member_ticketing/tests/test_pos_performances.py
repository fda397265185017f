from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_till_tickets import TillTicketsCase


@tagged("post_install", "-at_install")
class TestPosPerformances(TillTicketsCase):
    def listed(self, partner=None, **options):
        """Return the list as the till gets it, by performance."""
        answer = self.at_till().member_performances(
            partner.id if partner else False, **options
        )
        self.assertEqual(answer["status"], "ok", answer)
        events = self.env["event.event"]
        return {events.browse(each["id"]): each for each in answer["performances"]}

    def shown(self, partner=None, event=None, slot=False):
        answer = self.at_till().member_performance(
            (event or self.event).id, slot, partner.id if partner else False
        )
        self.assertEqual(answer["status"], "ok", answer)
        return answer

    def test_the_list_tells_seats_and_the_buyers_own_price(self):
        """A11."""
        self.policy(ticket_id=self.stalls.id)
        listed = self.listed()[self.event]
        self.assertEqual(
            (listed["status"], listed["seats_left"], listed["price"]),
            ("open", 24, 60),
        )
        self.policy(ticket_id=self.balcony.id, price=50)
        self.assertEqual(self.listed(self.ann)[self.event]["price"], 50)
        self.assertEqual(self.listed()[self.event]["price"], 60)

    def test_days_and_words_narrow_the_list(self):
        now = fields.Datetime.now()
        late = self.make_event("Giselle", start=now + timedelta(days=3))
        day = fields.Date.to_string((now + timedelta(days=2)).date())
        self.assertNotIn(late, self.listed(day_to=day))
        self.assertEqual(list(self.listed(day_from=day)), [late])
        self.assertEqual(list(self.listed(query="gisel")), [late])
        self.assertEqual(list(self.listed()), [self.event, late])

    def test_the_list_comes_in_pages(self):
        self.make_event("Giselle", start=fields.Datetime.now() + timedelta(days=3))
        answer = self.at_till().member_performances(limit=1)
        self.assertTrue(answer["has_more"])
        answer = self.at_till().member_performances(limit=1, offset=1)
        self.assertEqual(answer["performances"][0]["name"], "Giselle")
        self.assertFalse(answer["has_more"])

    def test_what_is_over_cancelled_or_sold_elsewhere_is_not_listed(self):
        past = self.make_event("Past", start=fields.Datetime.now() - timedelta(days=3))
        off = self.make_event("Off")
        off.kanban_state = "cancel"
        other = self.make_event("No till", company_id=False)
        listed = self.listed()
        self.assertFalse({past, off, other} & set(listed))
        answer = self.at_till().member_performance(off.id)
        self.assertEqual(answer["status"], "not_found")

    def test_the_number_of_queries_does_not_grow(self):
        def queries():
            self.env.invalidate_all()
            self.env.registry.clear_cache()
            self.at_till().member_performances()  # what is read once a day
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.at_till().member_performances(self.ann.id)
            return self.env.cr.sql_log_count - before

        few = queries()
        for number in range(20):
            self.make_event(f"Ballet {number}")
        self.policy(event_id=self.env["event.event"].search([], limit=1).id)
        self.assertLessEqual(queries(), few + 3)

    def test_sold_out_and_closed_say_why(self):
        self.event.seats_max = 2
        self.sold(*self.held(self.want(quantity=2)))
        listed = self.listed()[self.event]
        self.assertEqual((listed["status"], listed["seats_left"]), ("sold_out", 0))
        opens = fields.Datetime.now() + timedelta(days=2)
        other = self.make_event("Giselle", start=opens + timedelta(days=9))
        self.policy(event_id=other.id, class_id=False, window="dates", start_date=opens)
        listed = self.listed()[other]
        self.assertEqual(listed["status"], "closed")
        self.assertEqual(listed["opens_at"], fields.Datetime.to_string(opens))
        self.assertTrue(listed["why"])

    def test_slots_have_their_own_seats(self):
        day = (fields.Datetime.now() + timedelta(days=1)).date()
        event = self.make_event(
            "Matinee",
            hours=72,
            slots=[(day, 14, 16), (day, 20, 22)],
            seats_limited=True,
            seats_max=7,
        )
        first, second = event.event_slot_ids.sorted("start_datetime")
        want = self.want(event.event_ticket_ids[0], 3, slot_id=first.id)
        self.held(want)
        listed = self.listed()[event]
        self.assertEqual([each["seats_left"] for each in listed["slots"]], [4, 7])
        self.assertEqual(listed["seats_left"], 11)
        self.assertFalse(self.shown(event=event)["tickets"])
        shown = self.shown(event=event, slot=second.id)
        self.assertEqual([each["seats_left"] for each in shown["tickets"]], [7, 7])

    def test_the_tickets_tell_price_limit_and_other_policies(self):
        policy = self.policy(ticket_id=self.stalls.id, member_limit=4, quota=10)
        press = self.policy(name="Press", class_id=False, price=10)
        stalls, balcony = self.shown(self.ann)["tickets"]
        self.assertEqual(
            (stalls["policy_id"], stalls["price"], stalls["list_price"]),
            (policy.id, 80, 100),
        )
        self.assertEqual(
            (stalls["limit_left"], stalls["seats_left"]),
            (4, 10),
        )
        self.assertEqual(
            [(each["id"], each["price"]) for each in stalls["policies"]],
            [(press.id, 10)],
        )
        self.assertEqual((balcony["policy_id"], balcony["price"]), (press.id, 10))

    def test_prices_are_told_with_taxes_too(self):
        self.seat.taxes_id = self.tax
        stalls, _balcony = self.shown()["tickets"]
        self.assertEqual((stalls["price"], stalls["amount"]), (100, 115))

    def test_only_who_sells_tickets_is_told(self):
        right = self.env.ref("member_ticketing.group_member_ticket_sell")
        cashiers = self.env.ref("member_card.group_member_cashier")
        cashiers.implied_ids -= right
        self.cashier.invalidate_recordset()
        for answer in (
            self.at_till().member_performances(),
            self.at_till().member_performance(self.event.id),
            self.ask(self.want()),
        ):
            self.assertEqual(answer["status"], "forbidden")
