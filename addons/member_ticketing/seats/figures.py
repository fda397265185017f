"""How many seats are left, for lists and screens; the holds decide again."""

from . import counters
from .counters import Counter, counters_of
from .cursor import seat_cursor
from .settling import MOVES, Move
from .values import Left, Want

COUNTED = f"""
    SELECT c.key, c.taken + c.held - coalesce(own.quantity, 0), {counters.CAPACITY}
      FROM member_seat_counter c {counters.LIMITED_BY}
 LEFT JOIN (SELECT counter_id, sum(quantity)::int AS quantity FROM member_seat_hold
             WHERE key = ANY(%(but)s)
                OR key IN (SELECT key FROM member_seat_move
                            WHERE event_id = ANY(%(events)s))
             GROUP BY counter_id) own ON own.counter_id = c.id
     WHERE c.key = ANY(%(keys)s)"""
"""What is used: a hold whose document is committed counts as what the document took."""

CAPACITIES = f"""
    SELECT c.number, {counters.CAPACITY}
      FROM unnest(%s, %s, %s::int[], %s::int[], %s::int[])
           c(number, kind, event_id, ticket_id, policy_id) {counters.LIMITED_BY}"""


def left(env, wants, *, but=None, limits=None, fresh=False) -> list[Left]:
    """Return how many seats are left for each of `wants`, in their order.

    Seats that were given back and not settled yet are free already; holds with the keys
    `but` are the caller's own and not counted (`member_seat_keys` in the context unless
    given). `limits` as for `hold`. A constant number of queries.

    What counts is what the caller's transaction sees; `fresh` looks at this instant,
    after a hold that the same request has placed.
    """
    wants = list(wants)
    return _look(env, fresh, _left, wants, _own(env, but), limits or {})


def left_of(env, wants) -> dict[Want, Left]:
    """As `left`, by want."""
    wants = list(wants)
    return dict(zip(wants, left(env, wants), strict=True)) if wants else {}


def bought(env, places, partner_id, *, but=None, fresh=False) -> dict[Counter, int]:
    """Return how many seats a member has bought or reserved, by counter.

    `places` are (event id, slot id or 0, ticket id or 0): counted on each, on the slot
    or the ticket alone and on the performance. `but` and `fresh` as for `left`.
    """
    asked = {
        Counter(event, slot_id, ticket_id, partner_id=partner_id)
        for event, slot, ticket in places
        for slot_id in (0, slot)
        for ticket_id in (0, ticket)
    }
    used = _look(env, fresh, _counted, asked, _own(env, but))
    return {counter: used[counter][0] for counter in asked}


def _own(env, but):
    return env.context.get("member_seat_keys") or () if but is None else but


def _look(env, fresh, count, *arguments):
    """Count in the caller's transaction, or in one that begins now."""
    if fresh:
        with seat_cursor(env) as cr:
            return count(cr, *arguments)
    env["event.registration"].flush_model()
    return count(env.cr, *arguments)


def _left(cr, wants, but, given):
    limits = counters.limits_of(cr, wants, given)
    asked = {counter for want in wants for counter in counters_of(want)}
    asked.update(limit.counter for limit in limits.values())
    counted = _counted(cr, asked, but)

    def figure(counter, capacity):
        if capacity is None:
            return None
        return max(capacity - counted[counter][0], 0)

    answers = []
    for want in wants:
        figures = {
            counter.kind: figure(counter, counted[counter][1])
            for counter in counters_of(want)
        }
        if limit := limits.get((want.policy_id, want.partner_id)):
            figures["member"] = figure(*limit)
        answers.append(Left(**figures))
    return answers


def _counted(cr, asked, but) -> dict[Counter, tuple[int, int | None]]:
    """Return `{counter: (seats used, capacity)}`."""
    events = list({counter.event_id for counter in asked})
    cr.execute(
        COUNTED,
        {
            "keys": [counter.key for counter in asked],
            "events": events,
            "but": list(but),
        },
    )
    rows = {key: (used, capacity) for key, used, capacity in cr.fetchall()}
    cr.execute(f"{MOVES} WHERE event_id = ANY(%s)", [events])
    moves = [Move(*row) for row in cr.fetchall()]
    changes = counters.summed((move, move.delta) for move in moves)
    capacities = _capacities(cr, [c for c in asked if c.key not in rows])
    answer = {}
    for counter in asked:
        used, capacity = rows.get(counter.key, (0, capacities.get(counter)))
        answer[counter] = (used + changes[counter], capacity)
    return answer


def _capacities(cr, missing):
    """Return `{counter: capacity}` of what was never counted yet."""
    if not missing:
        return {}
    cr.execute(
        CAPACITIES,
        [
            list(range(len(missing))),
            [counter.kind for counter in missing],
            [counter.event_id for counter in missing],
            [counter.ticket_id for counter in missing],
            [counter.policy_id for counter in missing],
        ],
    )
    return {missing[number]: capacity for number, capacity in cr.fetchall()}
