"""Take the guards away: conditions out of the UPDATE that holds money, and the locks.

What is left is what a shop without them would do: look first, then take. The tests that
find nothing spent, paid or given back twice must find some here.
"""

from contextlib import contextmanager

from odoo.tools import SQL

from odoo.addons.member_card import ledger
from odoo.addons.member_card.ledger import placing
from odoo.addons.member_card.ledger.cursor import ledger_cursor
from odoo.addons.member_card.models import member_pinless_use, pos_order_refund
from odoo.addons.member_hw_proxy.models import (
    member_card_encoding_line,
    member_hw_agent_report,
)
from odoo.addons.member_loyalty import class_moves, redemptions
from odoo.addons.member_loyalty.models import (
    member_class_review,
    member_class_rule_apply,
    member_point_cap,
    member_point_earning,
    member_reward_offer,
)
from odoo.addons.member_ticketing.models import event_registration_checkin
from odoo.addons.member_ticketing.seats import counters, holds

MEET = "SELECT member_test_meet()"
"""Wait for the other tills of a race here (tests/support/unguarded.py)."""


def _hesitate(look):
    """Look, and let others look as well before anything is done about it."""

    def used(uses, cr, *args):
        found = look(uses, cr, *args)
        cr.execute(MEET)
        return found

    return used


placing._HOLD_OUT = """
    UPDATE member_balance SET held = held + %(amount)s
     WHERE id = %(balance_id)s
 RETURNING amount - held AS available"""
placing._look_again = lambda *_args: None


def _lock_nothing(records):
    """Let the other till begin its refund before this one is done."""
    records.env.cr.execute(MEET)


pos_order_refund.PosOrder._member_lock_refunds = _lock_nothing
member_point_earning.MemberPointEarning._lock = _lock_nothing


def _count_first(hold_from):
    """Count before money is held, so that no till waits for another one's balance."""

    def held(env, *args, within=None, **options):
        if within:
            with ledger_cursor(env) as cr:
                within(cr)
        return hold_from(env, *args, **options)

    return held


ledger.hold_from = _count_first(ledger.hold_from)
member_pinless_use.LOCK = "SELECT pg_sleep(0), %s"
member_pinless_use.MemberPinlessUse._used = _hesitate(
    member_pinless_use.MemberPinlessUse._used
)

redemptions.TAKE = """
    UPDATE member_reward SET held = held + %(quantity)s
     WHERE id = (SELECT r.id FROM member_reward r, member_test_meet()
                  WHERE r.id = %(reward)s
                    AND (r.total_quantity = 0
                         OR r.taken + r.held + %(quantity)s <= r.total_quantity))
 RETURNING limit_per_member"""


def _look_at_what_expires(check):
    """Let every till find the points before any of them holds some."""

    def checked(reward, *args):
        check(reward, *args)
        if reward.expiring_within_days:
            reward.env.cr.execute(MEET)

    return checked


redemptions._check_expiring = lambda *_args: None
member_reward_offer.MemberReward._check_expiring = _look_at_what_expires(
    member_reward_offer.MemberReward._check_expiring
)


def _count_apart(caps, partner_id, rules, by_rule, day):
    """Count in a transaction of its own: no order meets another one."""
    with ledger_cursor(caps.env) as cr:
        for rule_id, points in by_rule.items():
            cr.execute(
                """INSERT INTO member_point_cap AS counted
                          (partner_id, rule_id, period, date, points)
                   VALUES (%s, %s, 'day', %s, %s)
                   ON CONFLICT (partner_id, rule_id, period, date) DO UPDATE
                      SET points = counted.points + excluded.points""",
                [partner_id, rule_id, day, points],
            )


def _look_slowly(look):
    """Look, and let others look as well before anything is counted."""

    def earned(caps, *args):
        found = look(caps, *args)
        caps.env.cr.execute(MEET)
        return found

    return earned


member_point_cap.MemberPointCap._count = _count_apart
member_point_cap.MemberPointCap._earned = _look_slowly(
    member_point_cap.MemberPointCap._earned
)


def _hesitate_to_place(look):
    """Look at the counters, and let others look as well before any is changed."""

    def known(env, cr, *args):
        cr.execute(MEET)
        return look(env, cr, *args)

    return known


counters.LOCK = counters.LOCK.replace("FOR UPDATE OF c", "")
holds._known = _hesitate_to_place(holds._known)


def _move_from_any_class(*args, **values):
    """Move also those who have another class than the one that was decided about."""
    statement = class_moves.move(*args, **values)
    guard = "p.member_class_id = plan.from_class_id"
    if guard not in statement.code:
        raise AssertionError(f"a move no longer asks whether {guard}")
    return SQL(statement.code.replace(guard, "TRUE"), *statement.params)


member_class_review.move = _move_from_any_class
member_class_rule_apply.move = _move_from_any_class

member_card_encoding_line.CLAIM = """
    UPDATE member_card_encoding_line
       SET station = %(station)s, user_id = %(user)s, claimed_until = %(until)s
     WHERE id = (
           SELECT l.id FROM member_card_encoding_line l, member_test_meet()
            WHERE encoding_id = %(queue)s AND state = 'waiting' AND station IS NULL
            ORDER BY sequence LIMIT 1)
 RETURNING id"""


def _claim_after_all_looked(claim):
    """Let every door find the ticket unused before any of them lets somebody in."""

    def claimed(tickets):
        tickets.env.cr.execute(MEET)
        return claim(tickets)

    return claimed


event_registration_checkin.EventRegistration._member_claim_entry = (
    _claim_after_all_looked(
        event_registration_checkin.EventRegistration._member_claim_entry
    )
)


@contextmanager
def _in_the_request_s_transaction(env, **_options):
    """Write beside the sale, once all tills have begun with what they read."""
    env.cr.execute(MEET)
    yield env.cr


member_hw_agent_report.ledger_cursor = _in_the_request_s_transaction
