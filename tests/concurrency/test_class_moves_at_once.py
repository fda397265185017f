"""A review and a purchase that move the same member at the same moment.

The review has decided on Silver; meanwhile a purchase reaches Gold, which its rule
gives at once. Whoever has the member's row first moves; the other sees that the class
is no longer the one it decided about, and leaves it.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest

from tests.support import database
from tests.support.shell import run_in_odoo
from tests.support.shop import ledger_problems

FIRST_SALE, SECOND_SALE = 150, 200
LIMIT = 50
"""Seconds after which a request that must come to a lock counts as lost."""

RULES = """
    classes = env["member.class"].search([("code", "like", "race_")], order="sequence")
    classes = classes or classes.create([
        {"name": name, "code": f"race_{name}", "sequence": 90 + place}
        for place, name in enumerate(("start", "silver", "gold"))
    ])
    start, silver, gold = classes
    rule = {"company_id": env.company.id, "metric": "spending", "window": "joined"}
    rules = env["member.class.rule"].create([
        {**rule, "class_id": silver.id, "threshold": 100, "timing": "review",
         "from_class_ids": [(6, 0, start.ids)]},
        {**rule, "class_id": gold.id, "threshold": 300, "timing": "at_once",
         "from_class_ids": [(6, 0, (start | silver).ids)]},
    ])
    result = {"start": start.id, "rules": rules.ids}
"""

BEGIN = """
    env["res.partner"].browse(member).member_class_id = start
"""

END = """
    env["member.class.rule"].browse(rules).active = False
"""

RAISE = """
    env["member.class.rule"]._raise_at_once(env.company, [member])
"""

WAITING = """
    SELECT count(*), count(*) FILTER (
               WHERE strpos(query, 'UPDATE member_class_review SET state') > 0)
      FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


class Race:
    """A member whom a review is about to make Silver, and who buys at a till."""

    def __init__(self, shop, servers, start):
        self.shop = shop
        self.office = servers[0].client()
        self.till = shop.till(servers[1])
        self.member = shop.newcomer()
        run_in_odoo(shop.database, BEGIN, member=self.member, start=start)
        self.till.sell_cash(self.member, FIRST_SALE)
        action = self.office.call("member.class.review", "action_preview", [])
        self.review = action["res_id"]

    def run(self, *, review_first):
        """Let both wait for the member's row in this order, then let go of it."""
        with ThreadPoolExecutor(2) as pool, ExitStack() as locks:
            own = locks.enter_context(
                self.locked(
                    "SELECT FROM res_partner WHERE id = %s FOR NO KEY UPDATE",
                    self.member,
                )
            )
            if review_first:
                review = pool.submit(self.carry_out)
                self.wait_for(1)
                sale = pool.submit(self.buy)
            else:
                before = locks.enter_context(
                    self.locked(
                        "SELECT FROM member_class_review WHERE id = %s FOR UPDATE",
                        self.review,
                    )
                )
                review = pool.submit(self.carry_out)
                self.wait_for(1, at_its_beginning=1)
                sale = pool.submit(self.buy)
                self.wait_for(2, at_its_beginning=1)
                before.rollback()
            self.wait_for(2)
            own.rollback()
            review.result(LIMIT)
            assert sale.result(LIMIT)["state"] == "paid"

    def carry_out(self):
        self.office.call("member.class.review", "action_carry_out", [self.review])

    def buy(self):
        return self.till.sell_cash(self.member, SECOND_SALE)

    @contextmanager
    def locked(self, statement, record):
        with (
            database.connection(self.shop.database, autocommit=False) as conn,
            conn.cursor() as cr,
        ):
            cr.execute(statement, [record])
            yield conn

    def wait_for(self, count, at_its_beginning=0):
        """Wait until so many requests wait for locks, the review at its beginning."""
        deadline = time.monotonic() + LIMIT
        while time.monotonic() < deadline:
            (found,) = self.shop.query(WAITING)
            if found == (count, at_its_beginning):
                return
        raise AssertionError(f"{found} wait, not {(count, at_its_beginning)}")

    @property
    def member_class(self):
        return self.shop.value(
            """SELECT c.code FROM res_partner p
                 JOIN member_class c ON c.id = p.member_class_id WHERE p.id = %s""",
            self.member,
        )

    @property
    def history(self):
        """Return the classes that rules gave, and how many of all rows are open."""
        rows = self.shop.query(
            """SELECT c.code, a.reason, a.date_to IS NULL
                 FROM member_class_assignment a JOIN member_class c ON c.id = a.class_id
                WHERE a.partner_id = %s ORDER BY a.id""",
            self.member,
        )
        given = [code for code, reason, _is_open in rows if reason == "rule"]
        return given, sum(is_open for _code, _reason, is_open in rows)

    @property
    def moved_by_review(self):
        return self.shop.value(
            "SELECT moved_count FROM member_class_review WHERE id = %s", self.review
        )


@contextmanager
def race(shop, servers):
    made = run_in_odoo(shop.database, RULES)
    try:
        yield Race(shop, servers, made["start"])
    finally:
        run_in_odoo(shop.database, END, rules=made["rules"])


def test_a_review_that_comes_later_leaves_the_higher_class(shop, pair):
    """A6: the purchase made Gold of the member, whom the review found ordinary."""
    with race(shop, pair) as gold:
        gold.run(review_first=False)
        assert gold.member_class == "race_gold"
        assert gold.history == (["race_gold"], 1)
        assert gold.moved_by_review == 0
    assert ledger_problems(shop.database) == []


def test_a_purchase_that_comes_later_counts_with_the_next_job(shop, pair):
    """A6: the review made Silver of the member; nobody is moved from two classes."""
    with race(shop, pair) as silver:
        silver.run(review_first=True)
        assert silver.member_class == "race_silver"
        assert silver.history == (["race_silver"], 1)
        assert silver.moved_by_review == 1

        run_in_odoo(shop.database, RAISE, member=silver.member)

        assert silver.member_class == "race_gold"
        assert silver.history == (["race_silver", "race_gold"], 1)


@pytest.mark.parametrize("review_first", [True, False])
def test_without_a_second_look_both_move(unguarded_shop, unguarded, review_first):
    """Negative control: two classes are open, and the later move wins, even down."""
    with race(unguarded_shop, unguarded) as both:
        both.run(review_first=review_first)
        moves = ["race_silver", "race_gold"]
        assert both.history == (moves if review_first else moves[::-1], 2)
        assert both.member_class == ("race_gold" if review_first else "race_silver")
