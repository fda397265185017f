"""Setting right what a crash left behind, and telling whether anything is wrong."""

from . import tracking
from .cursor import seat_cursor
from .holds import expire, forget, release
from .settling import settle
from .values import Problem

STALE_CLAIMS = """
    DELETE FROM member_seat_claim c
     WHERE c.key LIKE 'auto:%' AND c.is_void
       AND c.created_at < now() AT TIME ZONE 'utc' - interval '1 day'"""
"""Of transactions that failed; after a day nobody is left to claim the key."""

STALE = """(
       NOT EXISTS (SELECT 1 FROM event_event e WHERE e.id = c.event_id)
    OR c.slot_id > 0
       AND NOT EXISTS (SELECT 1 FROM event_slot s WHERE s.id = c.slot_id)
    OR c.ticket_id > 0
       AND NOT EXISTS (SELECT 1 FROM event_event_ticket t WHERE t.id = c.ticket_id)
    OR c.policy_id > 0
       AND NOT EXISTS (SELECT 1 FROM member_ticket_policy p WHERE p.id = c.policy_id)
    OR c.partner_id > 0
       AND NOT EXISTS (SELECT 1 FROM res_partner m WHERE m.id = c.partner_id))"""
"""Counters of what was deleted."""

TAKEN = f"""
    SELECT coalesce(c.key, s.key), coalesce(c.taken, 0), coalesce(s.seats, 0)
      FROM member_seat_counter c
      FULL JOIN (SELECT key, sum(seats)::int AS seats FROM (
                    SELECT k.key, 1 AS seats FROM {tracking.LIVE_SEATS}
                     UNION ALL
                    SELECT k.key, -m.delta FROM member_seat_move m,
                           member_seat_counters(m.event_id, m.slot_id, m.ticket_id,
                                                m.policy_id, m.partner_id) k) x
                  GROUP BY key) s ON s.key = c.key
     WHERE coalesce(c.taken, 0) <> coalesce(s.seats, 0)
  ORDER BY 1"""

HELD = """
    SELECT c.key, c.held, coalesce(h.quantity, 0)
      FROM member_seat_counter c
 LEFT JOIN (SELECT counter_id, sum(quantity)::int AS quantity
              FROM member_seat_hold GROUP BY counter_id) h ON h.counter_id = c.id
     WHERE c.held <> coalesce(h.quantity, 0)
  ORDER BY c.key"""

PENDING = """
    SELECT coalesce(key, ''), registration_id, delta
      FROM member_seat_move ORDER BY id"""


def recover(env) -> int:
    """Settle what is committed, expire what is due; return how much that was."""
    return settle(env) + expire(env)


def clean(env, event_ids=None) -> None:
    """Forget what nobody can ask for any more; whoever needs it again makes it again.

    Of performances where something was deleted, also what is held there. Without
    naming any, only what counts nothing: a performance may be younger than what this
    can see.
    """
    if event_ids is not None:
        settle(env, event_ids=event_ids)
        release(env, _held_in_vain(env, event_ids))
    with seat_cursor(env) as cr:
        cr.execute(STALE_CLAIMS)
        cr.execute(
            f"DELETE FROM member_seat_counter c WHERE {STALE} AND c.taken = 0 "
            "AND c.held = 0 AND (%s::int[] IS NULL OR c.event_id = ANY(%s))",
            [event_ids, event_ids],
        )
    forget(env)


def _held_in_vain(env, event_ids):
    with seat_cursor(env) as cr:
        cr.execute(
            "SELECT DISTINCT h.key FROM member_seat_hold h "
            "JOIN member_seat_counter c ON c.id = h.counter_id "
            f"WHERE c.event_id = ANY(%s) AND {STALE}",
            [event_ids],
        )
        return [key for (key,) in cr.fetchall()]


def verify(env) -> list[Problem]:
    """Compare the counters with registrations and holds; nothing is pending.

    Call it when nobody is selling: what is sold at this moment is pending.
    """
    with seat_cursor(env) as cr:
        problems = []
        for code, query in (("taken", TAKEN), ("held", HELD)):
            cr.execute(query)
            problems += [
                Problem(code, key, f"{counted} counted, {real} are real")
                for key, counted, real in cr.fetchall()
            ]
        cr.execute(PENDING)
        problems += [
            Problem("pending", key, f"registration {registration_id}: {delta:+d}")
            for key, registration_id, delta in cr.fetchall()
        ]
    return problems
