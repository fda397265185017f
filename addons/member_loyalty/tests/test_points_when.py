"""When a rule looks, and how long its points are good, by worked examples."""

from datetime import date, datetime

from odoo.tests import BaseCase, tagged

from odoo.addons.member_loyalty.points import Member, compute

from .common_points import ORDINARY, basket, rule, why_not


@tagged("post_install", "-at_install")
class TestWhen(BaseCase):
    """At what time a rule looks."""

    def check(self, cases, born=None, **vals):
        for when, why in cases:
            with self.subTest(when):
                self.assertEqual(
                    why_not(
                        [rule(**vals)],
                        basket(10, when=datetime.fromisoformat(when)),
                        Member(birthdate=born and date.fromisoformat(born)),
                    ).get(1, ""),
                    why,
                )

    def test_dates_include_the_last_day_to_its_end(self):
        """A sale at 23:59 in the store's zone is one of that day."""
        self.check(
            [
                ("2026-05-09T23:59", "dates"),
                ("2026-05-10T00:00", ""),
                ("2026-05-12T23:59:59", ""),
                ("2026-05-13T00:00", "dates"),
            ],
            date_from=date(2026, 5, 10),
            date_to=date(2026, 5, 12),
        )

    def test_weekdays(self):
        self.check(
            [
                ("2026-05-13T12:00", ""),
                ("2026-05-13T23:59", ""),
                ("2026-05-14T00:00", "weekday"),
            ],
            weekdays={2},
        )

    def test_hours(self):
        self.check(
            [
                ("2026-05-13T13:59", "hour"),
                ("2026-05-13T14:00", ""),
                ("2026-05-13T15:59:59", ""),
                ("2026-05-13T16:00", "hour"),
            ],
            minute_from=14 * 60,
            minute_to=16 * 60,
        )

    def test_hours_until_midnight(self):
        self.check(
            [("2026-05-13T23:59:59", ""), ("2026-05-14T00:00", "hour")],
            minute_from=20 * 60,
            minute_to=24 * 60,
        )

    def test_hours_across_midnight_belong_to_the_evening(self):
        """Friday night goes on to Saturday, two in the morning."""
        self.check(
            [
                ("2026-05-15T01:00", "weekday"),  # of Thursday's night
                ("2026-05-15T21:59", "hour"),
                ("2026-05-15T22:00", ""),
                ("2026-05-16T01:59", ""),
                ("2026-05-16T02:00", "hour"),
                ("2026-05-16T23:00", "weekday"),
            ],
            minute_from=22 * 60,
            minute_to=2 * 60,
            weekdays={4},
        )

    def test_birthday(self):
        """F3: the day itself, by the store's clock."""
        self.check(
            [
                ("2026-05-12T23:59", "birthday"),
                ("2026-05-13T00:00", ""),
                ("2026-05-14T00:00", "birthday"),
            ],
            born="1990-05-13",
            birthday="day",
        )

    def test_without_a_birthdate_there_is_no_birthday(self):
        for span in ("day", "week", "month"):
            self.check([("2026-05-13T12:00", "birthday")], birthday=span)

    def test_birthday_on_29_february(self):
        """In a common year it is the 28th: it stays in its month."""
        self.check(
            [
                ("2027-02-27T12:00", "birthday"),
                ("2027-02-28T12:00", ""),
                ("2027-03-01T12:00", "birthday"),
                ("2028-02-28T12:00", "birthday"),
                ("2028-02-29T12:00", ""),
            ],
            born="2000-02-29",
            birthday="day",
        )
        self.check(
            [("2027-02-01T00:00", ""), ("2027-03-01T00:00", "birthday")],
            born="2000-02-29",
            birthday="month",
        )

    def test_birthday_week_goes_from_monday_to_sunday(self):
        self.check(
            [
                ("2026-05-10T23:59", "birthday"),
                ("2026-05-11T00:00", ""),
                ("2026-05-17T23:59", ""),
                ("2026-05-18T00:00", "birthday"),
            ],
            born="1990-05-13",
            birthday="week",
        )

    def test_birthday_week_across_new_year(self):
        # the first of January 2027 is a Friday
        self.check(
            [
                ("2026-12-27T12:00", "birthday"),
                ("2026-12-28T12:00", ""),
                ("2027-01-03T12:00", ""),
                ("2027-01-04T12:00", "birthday"),
            ],
            born="1990-01-01",
            birthday="week",
        )


@tagged("post_install", "-at_install")
class TestExpiry(BaseCase):
    """How long points of a rule are good."""

    def last_day(self, when, **vals):
        paid = basket(10, when=datetime.fromisoformat(when))
        ((last_day, _points),) = compute([rule(**vals)], paid, ORDINARY).by_expiry
        return last_day and last_day.isoformat()

    def test_as_the_points_do_unless_the_rule_says(self):
        self.assertIsNone(self.last_day("2026-05-13"))

    def test_after_months(self):
        after = {"expiry": "months", "expiry_months": 1}
        self.assertEqual(self.last_day("2027-01-31", **after), "2027-02-28")
        after["expiry_months"] = 12
        self.assertEqual(self.last_day("2028-02-29", **after), "2029-02-28")
        self.assertEqual(self.last_day("2026-12-31T23:59", **after), "2027-12-31")

    def test_at_the_end_of_a_year(self):
        self.assertEqual(self.last_day("2026-05-13", expiry="year_end"), "2026-12-31")
        self.assertEqual(
            self.last_day("2026-05-13", expiry="year_end", expiry_years=2),
            "2028-12-31",
        )

    def test_on_a_day(self):
        until = rule(expiry="date", expiry_date=date(2026, 5, 13))
        earned = compute([until, rule(2)], basket(10), ORDINARY)
        self.assertEqual(dict(earned.by_expiry), {date(2026, 5, 13): 10, None: 10})
        late = basket(10, when=datetime(2026, 5, 14))
        self.assertEqual(why_not([until], late), {1: "expired"})
