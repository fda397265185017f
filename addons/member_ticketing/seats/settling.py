"""Settling: what documents have committed becomes `taken`, and their holds go."""

from typing import NamedTuple

from . import counters
from .cursor import seat_cursor

AUTO = "auto:"
"""How the keys of holds begin that a document took while it was written."""


class Move(NamedTuple):
    """A seat that a registration took (`delta` 1) or gave back (-1)."""

    id: int
    registration_id: int
    delta: int
    event_id: int
    slot_id: int | None
    ticket_id: int | None
    policy_id: int | None
    partner_id: int | None
    key: str | None


MOVES = f"SELECT {', '.join(Move._fields)} FROM member_seat_move"

COMMITTED = "(key IS NOT NULL OR delta < 0)"
"""A seat taken without a key is on its way through the gate, or refused."""

OF_EVENTS = """
    event_id = ANY(%s)
    OR key IN (SELECT key FROM member_seat_move WHERE event_id = ANY(%s))"""
"""What one document sold is settled together, also of another performance."""


def settle(env, keys=None, *, event_ids=None) -> int:
    """Settle the committed moves with these keys; return how many.

    Or those of some performances, or all there are. All moves of one key are settled
    together with its hold. Safe to repeat: a move is settled once.
    """
    if keys is not None:
        which, parameters = "key = ANY(%s)", [list(keys)]
    elif event_ids is not None:
        which, parameters = OF_EVENTS, [list(event_ids)] * 2
    else:
        which, parameters = "true", []
    with seat_cursor(env) as cr:
        cr.execute(
            f"{MOVES} WHERE {COMMITTED} AND ({which}) ORDER BY id FOR UPDATE",
            parameters,
        )
        moves = [Move(*row) for row in cr.fetchall()]
        if not moves:
            return 0
        settle_moves(cr, moves)
    env["member.seat.counter"].invalidate_model(flush=False)
    return len(moves)


def settle_moves(cr, moves):
    """Settle moves that are locked: count what they took, and forget their holds."""
    sums = counters.summed((move, move.delta) for move in moves)
    touched = {c for move in moves for c in counters.counters_of(move)}
    parameters = [
        [move.id for move in moves],
        list({move.key for move in moves if move.key}),
        [counter.key for counter in touched],
        [sums[counter] for counter in touched],
    ]
    for _attempt in range(2):
        cr.execute("SELECT member_seat_settle(%s, %s, %s, %s)", parameters)
        if cr.fetchone()[0]:
            return
        rows = counters.lock(cr, touched)
        counters.create(cr, [each for each in touched if each.key not in rows])
