"""How many seats are left, for lists and screens; the holds decide again."""

from . import counters
from .counters import Counter, counters_of
from .settling import MOVES, Move
from .values import Left, Want

COUNTED = f"""
    SELECT c.key, c.taken + c.held - coalesce(own.quantity, 0), {counters.CAPACITY}
      FROM member_seat_counter c {counters.LIMITED_BY}
 LEFT JOIN (SELECT counter_id, sum(quantity)::int AS quantity FROM member_seat_hold
             WHERE key = ANY(%(but)s)
                OR expires_at < now() AT TIME ZONE 'utc'
                OR key IN (SELECT key FROM member_seat_move
                            WHERE event_id = ANY(%(events)s))
             GROUP BY counter_id) own ON own.counter_id = c.id
     WHERE c.key = ANY(%(keys)s)"""
"""What is used: a hold whose document is committed counts as what the document took,
one that is over counts for nothing: whoever needs the seats gives it up first."""

CAPACITIES = f"""
    SELECT c.number, {counters.CAPACITY}
      FROM unnest(%s, %s, %s::int[], %s::int[], %s::int[])
           c(number, kind, event_id, ticket_id, policy_id) {counters.LIMITED_BY}"""

CAPACITY_FIELDS = {
    "event.event": ["seats_limited", "seats_max"],
    "event.event.ticket": ["seats_max"],
    "member.ticket.policy": ["member_limit", "quota"],
}
"""What a capacity is read from; a change may not have reached the database yet."""


def left(env, wants, *, but=None, back=(), limits=None) -> list[Left]:
    """Return how many seats are left for each of `wants`, in their order.

    Seats that were given back and not settled yet are free already; holds with the keys
    `but` are the caller's own and not counted (`member_seat_keys` in the context unless
    given), nor are the seats `back` (`Want`s), which the caller is about to give back.
    `limits` as for `hold`. A constant number of queries.

    What counts is what the caller's transaction sees.
    """
    env["event.registration"].flush_model()
    for model, fields in CAPACITY_FIELDS.items():
        env[model].flush_model(fields)
    returned = counters.summed((seat, seat.quantity) for seat in back)
    return _left(env.cr, list(wants), _own(env, but), returned, limits or {})


def left_of(env, wants) -> dict[Want, Left]:
    """As `left`, by want."""
    wants = list(wants)
    return dict(zip(wants, left(env, wants), strict=True)) if wants else {}


def _own(env, but):
    return env.context.get("member_seat_keys") or () if but is None else but


def _left(cr, wants, but, returned, given):
    limits = counters.limits_of(cr, wants, given)
    asked = {counter for want in wants for counter in counters_of(want)}
    asked.update(limit.counter for limit in limits.values())
    counted = _counted(cr, asked, but)

    def figure(counter, capacity):
        if capacity is None:
            return None
        return max(capacity - counted[counter][0] + returned[counter], 0)

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
