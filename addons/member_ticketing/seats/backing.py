"""The one gate: whatever gives a registration its seat passes here, in any channel.

The triggers have written down what this transaction changed. Each change is backed by a
hold that its document's line took before, or by one that is taken now; the line's key
is claimed and stamped on the change, all in the document's own transaction.
"""

from collections import Counter as Sums
from collections import defaultdict
from uuid import uuid4

from . import counters
from .after import release_after_rollback, settle_after_commit
from .cursor import same_connection
from .holds import Placing, like, place
from .settling import AUTO, MOVES, Move

AUTO_SECONDS = 300
"""How long a document may take to be written after its seats were held by itself."""

FREE = "free:"
"""How the keys begin of what gives seats back and takes none."""


def gate(registrations, *, instead=(), lifted=False) -> None:
    """Back what these registrations changed in this transaction.

    `instead` are registrations that this transaction gave back for these, which are of
    one line: what they leave is the line's, and settled together with what it takes.

    `lifted` is for changes that are no sale (a merge of contacts): no limit per member
    applies.

    :raise SeatRefusal: not enough seats are left.
    """
    env = registrations.env
    registrations.flush_recordset()
    if instead:
        instead.flush_recordset()
    env.cr.execute(
        f"{MOVES} WHERE key IS NULL AND registration_id = ANY(%s) ORDER BY id",
        [[*registrations.ids, *(each.id for each in instead)]],
    )
    moves = [Move(*row) for row in env.cr.fetchall()]
    if moves:
        _back(registrations, moves, {each.id for each in instead}, lifted)


def give_back(env, registration_ids) -> None:
    """Settle, after the commit, the seats of registrations that were deleted."""
    key = f"{FREE}{uuid4()}"
    env.cr.execute(
        "UPDATE member_seat_move SET key = %s "
        "WHERE registration_id = ANY(%s) AND key IS NULL AND delta < 0",
        [key, list(registration_ids)],
    )
    if env.cr.rowcount:
        settle_after_commit(env, [key])


def _back(registrations, moves, instead, lifted):
    env = registrations.env
    # sudo: the lines of documents belong to sellers
    prefixes = {
        registration.id: registration._member_seat_prefix()
        for registration in registrations.sudo()
    }
    if instead:
        (line,) = set(prefixes.values())
        prefixes |= dict.fromkeys(instead, line)
    by_line = defaultdict(list)
    for move in moves:
        by_line[prefixes.get(move.registration_id) or ""].append(move)
    rest, short = list(by_line.pop("", [])), []
    for prefix, group in by_line.items():
        needs = _needs(group)
        # in an exchange a hold may be more than is needed: it is used up all the same
        if (needs or instead) and (key := _claim_held(env.cr, prefix, needs)):
            _stamp(env, key, group)
        else:
            rest += group
            short.append(prefix)
    if not rest:
        return
    if not (needs := _needs(rest)):
        _stamp(env, f"{FREE}{uuid4()}", rest)
        return
    key = f"{AUTO}{uuid4()}"
    release_after_rollback(env, key)
    placing = Placing(
        key=key,
        sums=needs,
        wants=[move for move in rest if move.delta > 0],
        ttl=AUTO_SECONDS,
        limits={},
        instead_of=tuple(short),
        but=_claimed_here(env.cr, short),
        lifted=lifted,
    )
    with same_connection(env):
        place(env, placing)
    _claim(env.cr, key)
    _stamp(env, key, rest)


def _needs(moves) -> dict:
    """Return `{counter: seats}` of what is taken in sum.

    A move within a full room needs nothing from the room.
    """
    sums = counters.summed((move, move.delta) for move in moves)
    return {counter: total for counter, total in sums.items() if total > 0}


def _claim_held(cr, prefix, needs):
    """Claim the line's hold if it covers what is needed; return its key.

    What this transaction has claimed of it before, for other seats of the line, is
    no longer there to cover anything.
    """
    cr.execute(
        """SELECT h.key, n.key, h.quantity, c.key IS NOT NULL
             FROM member_seat_hold h
             JOIN member_seat_counter n ON n.id = h.counter_id
        LEFT JOIN member_seat_claim c ON c.key = h.key
            WHERE h.key LIKE %s
              AND (c.key IS NULL OR NOT c.is_void AND c.txid = txid_current())""",
        [like(prefix)],
    )
    holds, claimed = defaultdict(dict), set()
    for key, counter, quantity, is_claimed in cr.fetchall():
        holds[key][counter] = quantity
        if is_claimed:
            claimed.add(key)
    for key, held in sorted(holds.items()):
        used = _used_of(cr, key) if key in claimed else Sums()
        if all(
            held.get(counter.key, 0) - max(used[counter], 0) >= quantity
            for counter, quantity in needs.items()
        ) and _claim(cr, key):
            return key
    return None


def _used_of(cr, key):
    """Return `{counter: seats}` that moves with this key have taken."""
    cr.execute(f"{MOVES} WHERE key = %s", [key])
    return counters.summed(
        (move, move.delta) for move in (Move(*row) for row in cr.fetchall())
    )


def _claimed_here(cr, prefixes) -> tuple[str, ...]:
    """Return the keys that this transaction has claimed for these lines before.

    A transaction of its own would see them live, and wait for this one for ever.
    """
    if not prefixes:
        return ()
    cr.execute(
        "SELECT key FROM member_seat_claim "
        "WHERE key LIKE ANY(%s) AND NOT is_void AND txid = txid_current()",
        [[like(prefix) for prefix in prefixes]],
    )
    return tuple(key for (key,) in cr.fetchall())


def _claim(cr, key) -> bool:
    """Take the key for this transaction; false if another one has it, or nobody may."""
    cr.execute(
        "INSERT INTO member_seat_claim (key) VALUES (%s) "
        "ON CONFLICT (key) DO NOTHING RETURNING 1",
        [key],
    )
    if cr.fetchone():
        return True
    cr.execute(
        "SELECT 1 FROM member_seat_claim "
        "WHERE key = %s AND NOT is_void AND txid = txid_current()",
        [key],
    )
    return bool(cr.fetchone())


def _stamp(env, key, moves):
    env.cr.execute(
        "UPDATE member_seat_move SET key = %s WHERE id = ANY(%s)",
        [key, [move.id for move in moves]],
    )
    settle_after_commit(env, [key])
