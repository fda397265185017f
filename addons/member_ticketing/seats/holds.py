"""Holds: seats set aside before they are sold, in short transactions of their own.

A hold is undone by a void claim with its key. The document that sells the seats inserts
a claim with the same key in its own transaction: the unique key decides, so exactly one
of the two wins.
"""

from typing import NamedTuple

from . import counters
from .cursor import same_connection, seat_cursor
from .errors import SeatRefusal
from .settling import settle
from .values import Held

HOLD_SECONDS = 900
"""How long a hold lasts unless its caller says otherwise."""

LIVE = """
    FROM member_seat_hold h
   WHERE NOT EXISTS (SELECT 1 FROM member_seat_claim c WHERE c.key = h.key)"""

SHORT = ("sold_out", "quota_used_up", "limit_reached")


class _MissingError(Exception):
    """Counters do not exist yet; nothing was written."""

    def __init__(self, counters):
        super().__init__(counters)
        self.counters = counters


class Placing(NamedTuple):
    """A hold to be placed: `{counter: seats}`, in place of those with a prefix.

    `wants` says whose limits apply, `limits` (`{policy id: limit}`) which do instead;
    `lifted` is whether none does. Keys in `but` are not replaced. `besides` are seats
    (`{counter: seats}`) that the buyer has already of what is wanted.
    """

    key: str
    sums: dict
    wants: list
    ttl: int
    limits: dict
    document: str | None = None
    instead_of: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    lifted: bool = False
    besides: dict = {}


def hold(env, key, wants, *, ttl=HOLD_SECONDS, limits=None, document=None) -> Held:
    """Set seats aside under a new key, all or none, and commit at once.

    The same key with the same content returns the first hold again, so a lost answer
    can be asked for again. `ttl` is in seconds.

    A policy's quota and its limit per member are those that the policy has now.
    `limits` is `{policy id: limit}` where another one is agreed on (None: no limit).
    `document` is what the list of holds shows: "model,id".

    :raise SeatRefusal: nothing was held; the sentence says what next.
    """
    placing = Placing(
        key=key,
        sums=counters.net(wants),
        wants=list(wants),
        ttl=ttl,
        limits=limits or {},
        document=document,
    )
    with same_connection(env):
        return place(env, placing)


def resize(
    env, prefix, wants, ttl=HOLD_SECONDS, *, limits=None, document=None, back=()
) -> Held | None:
    """Make the hold of a line what it should be now, all or none.

    The line's live holds (keys that begin with `prefix`) are given up in the same
    transaction as the new one is placed, so the line never loses seats that it keeps;
    the same content again is only prolonged. Keys are `<prefix><number>`, numbers from
    1; none is used twice.

    `back` are seats (`Want`s) that the same document will give back. They are sold as
    long as it has not, so nobody else can have them; only what is wanted beside them is
    held. Nothing is held, and None returned, where that is nothing.

    :raise SeatRefusal: nothing was changed; what was held still is.
    """
    wants = list(wants)
    sums = counters.net(wants, back)
    placing = Placing(
        key=prefix,
        sums=sums,
        wants=wants,
        ttl=ttl,
        limits=limits or {},
        document=document,
        instead_of=(prefix,),
        besides=counters.net(wants) - sums,
    )
    with same_connection(env):
        return _resize(env, placing)


def _resize(env, placing) -> Held | None:
    """Place a hold whose key is so far the prefix of its line."""
    prefix = placing.key
    with seat_cursor(env) as cr:
        live = _live_with_prefix(cr, [prefix])
        if len(live) == 1 and list(live.values()) == [_by_key(placing.sums)]:
            (key,) = live
            return _prolong(cr, [key], placing.ttl)[0]
        cr.execute(
            """SELECT max(split_part(substr(key, %s), ':', 1)::int)
                 FROM (SELECT key FROM member_seat_hold WHERE key LIKE %s
                       UNION ALL SELECT key FROM member_seat_claim WHERE key LIKE %s) k
                WHERE substr(key, %s) ~ '^[0-9]+$'""",
            [len(prefix) + 1, like(prefix), like(prefix), len(prefix) + 1],
        )
        number = (cr.fetchone()[0] or 0) + 1
    if not placing.sums:
        release(env, live)
        return None
    return place(env, placing._replace(key=f"{prefix}{number}"))


def prolong(env, keys, ttl=HOLD_SECONDS) -> list[Held]:
    """Let live holds last for `ttl` seconds from now, never shorter than they do.

    Return those that could be; the others are sold, given up or expired.
    """
    with seat_cursor(env) as cr:
        return _prolong(cr, list(keys), ttl)


def release(env, keys) -> list[str]:
    """Give holds up; return the keys that were by this call.

    A document that claimed a hold first keeps it: its key is not in the answer. The
    caller must not have sold the seats in its own transaction: the two would wait for
    each other.
    """
    released = []
    for key in sorted(set(keys)):
        with seat_cursor(env) as cr:  # one each: a sale under way delays only its own
            if held := _void(cr, [key]):
                counters.lock(cr, (), held)
                counters.add(cr, {}, {i: -quantity for i, quantity in held.items()})
                released.append(key)
    if released:
        forget(env)
    return released


def expire(env) -> int:
    """Give up the holds that are due; return how many. For the job."""
    return _expire(env, "h.expires_at < now() AT TIME ZONE 'utc'", [])


def find(env, prefix) -> list[Held]:
    """Return the live holds whose keys begin with `prefix`, as they stand now."""
    with seat_cursor(env) as cr:
        cr.execute(
            f"SELECT h.key, min(h.expires_at) {LIVE} AND h.key LIKE %s "
            "GROUP BY h.key ORDER BY h.key",
            [like(prefix)],
        )
        return [Held(*row) for row in cr.fetchall()]


def count(env, prefix) -> int:
    """Return how many seats the live holds have whose keys begin with `prefix`."""
    with seat_cursor(env) as cr:
        live = _live_with_prefix(cr, [prefix])
    # each seat counts on several counters, on none of them twice
    return sum(max(counted.values()) for counted in live.values())


def place(env, placing) -> Held:
    """Place a hold; before it is refused, settle what a crash or a sale left behind."""
    try:
        return _place(env, placing)
    except SeatRefusal as refusal:
        if refusal.code not in SHORT or not _free(env, placing):
            raise
    return _place(env, placing)


def forget(env) -> None:
    """Let what is shown to the caller be looked up again."""
    env["member.seat.counter"].invalidate_model(flush=False)
    env["member.seat.hold"].invalidate_model(flush=False)
    for model in ("event.event", "event.slot", "event.event.ticket"):
        env[model].invalidate_model(["seats_available"], flush=False)


def _place(env, placing) -> Held:
    while True:
        try:
            with seat_cursor(env) as cr:
                held = _place_once(env, cr, placing)
        except _MissingError as error:
            with seat_cursor(env) as cr:
                counters.create(cr, error.counters)
        else:
            forget(env)
            return held


def _place_once(env, cr, placing) -> Held:
    live = _live_with_prefix(cr, placing.instead_of) if placing.instead_of else ()
    kept = {placing.key, *placing.but}
    freed = _void(cr, [key for key in live if key not in kept])
    if expires_at := _place_at_once(env, cr, placing, freed):
        return Held(placing.key, expires_at)
    rows = counters.lock(cr, placing.sums, freed)
    if missing := [counter for counter in placing.sums if counter.key not in rows]:
        raise _MissingError(missing)
    if known := _known(env, cr, placing, rows):
        return known
    limits = {}
    if not placing.lifted:
        limits = counters.limits_of(cr, placing.wants, placing.limits)
    _check(env, placing, rows, freed, sorted(limits.values(), reverse=True))
    held = {rows[counter.key].id: n for counter, n in placing.sums.items()}
    changes = {i: held.get(i, 0) - freed.get(i, 0) for i in {*held, *freed}}
    counters.add(cr, {}, changes)
    cr.execute(
        """INSERT INTO member_seat_hold (key, counter_id, quantity, placed_at,
                  expires_at, document, user_id)
           SELECT %s, n.id, n.quantity, now() AT TIME ZONE 'utc',
                  now() AT TIME ZONE 'utc' + %s * interval '1 second', %s, %s
             FROM unnest(%s, %s) n(id, quantity)
        RETURNING expires_at""",
        [
            placing.key,
            placing.ttl,
            placing.document,
            env.uid,
            list(held),
            list(held.values()),
        ],
    )
    return Held(placing.key, cr.fetchone()[0])


def _place_at_once(env, cr, placing, freed):
    """Place what is plain in one journey; return until when, None if it is not plain.

    :raise _MissingError: nothing is locked yet.

    In a rush nearly everything is. What is not is looked at again, counters locked:
    a refusal and its reason, other limits than the policies', a key that is known, a
    performance that only the caller can see yet.
    """
    if placing.limits:
        return None
    members = set()
    if not placing.lifted:
        members = {
            (want.policy_id, want.event_id, want.partner_id)
            for want in placing.wants
            if want.policy_id and want.partner_id
        }
    cr.execute(
        f"SELECT * FROM member_seat_place({', '.join(['%s'] * 11)})",
        [
            placing.key,
            [counter.key for counter in placing.sums],
            list(placing.sums.values()),
            list(freed),
            list(freed.values()),
            *([each[n] for each in members] for n in range(3)),
            placing.ttl,
            placing.document,
            env.uid,
        ],
    )
    expires_at, missing = cr.fetchone()
    if missing:
        raise _MissingError([each for each in placing.sums if each.key in missing])
    return expires_at


def _known(env, cr, placing, rows):
    """Return the hold that the same request got before; refuse a key that is used."""
    cr.execute(
        """SELECT h.counter_id, h.quantity, h.expires_at, c.is_void
             FROM (SELECT %s AS key) k
        LEFT JOIN member_seat_hold h ON h.key = k.key
        LEFT JOIN member_seat_claim c ON c.key = k.key""",
        [placing.key],
    )
    found = cr.fetchall()
    _counter, _quantity, expires_at, is_void = found[0]
    if is_void:
        raise SeatRefusal(
            "expired",
            env._("These seats are no longer reserved. Please choose them again."),
        )
    if is_void is None and expires_at is None:
        return None
    asked = {rows[counter.key].id: n for counter, n in placing.sums.items()}
    if is_void is None and asked == {row[0]: row[1] for row in found}:
        return Held(placing.key, expires_at)
    raise SeatRefusal(
        "key_reused",
        env._("This reservation is for other seats. Please choose them again."),
    )


def _check(env, placing, rows, freed, limits):
    """Refuse what a counter cannot give; what tells the buyer most is told first."""
    order = ("event", "ticket", "policy", "member")
    limits = dict(limits)  # the least of several, which comes last
    for counter in sorted(placing.sums, key=lambda c: (order.index(c.kind), c)):
        quantity = placing.sums[counter]
        row = rows[counter.key]
        more = quantity - freed.get(row.id, 0)
        if counter.kind == "member":
            capacity = limits.get(counter)
        elif row.is_known:
            capacity = row.capacity
        else:
            capacity = counters.own_capacity(env, counter)
        if capacity is None or more <= 0:
            continue
        left = capacity - row.taken - row.held
        if more > left:
            own = placing.besides.get(counter, 0)
            could = own + left + quantity - more
            raise counters.refuse(env, counter, own + quantity, could)


def _void(cr, keys) -> dict[int, int]:
    """Compete for the keys with void claims; return `{counter id: seats}` set free.

    The counters are still to be locked and reduced, in the same transaction.
    """
    if not keys:
        return {}
    cr.execute(
        """WITH v AS (
               INSERT INTO member_seat_claim (key, is_void)
               SELECT DISTINCT key, true FROM member_seat_hold WHERE key = ANY(%s)
                ORDER BY key ON CONFLICT (key) DO NOTHING RETURNING key),
           h AS (
               DELETE FROM member_seat_hold WHERE key IN (SELECT key FROM v)
               RETURNING counter_id, quantity)
           SELECT counter_id, sum(quantity)::int FROM h GROUP BY counter_id""",
        [list(keys)],
    )
    return dict(cr.fetchall())


def _free(env, placing) -> bool:
    """Settle what waits and expire what is due where seats are short."""
    events = {counter.event_id for counter in placing.sums}
    settled = settle(env, event_ids=events)
    expired = _expire(
        env,
        "h.expires_at < now() AT TIME ZONE 'utc' AND h.counter_id IN "
        "(SELECT id FROM member_seat_counter WHERE key = ANY(%s))",
        [[counter.key for counter in placing.sums]],
    )
    return bool(settled or expired)


def _expire(env, condition, parameters) -> int:
    with seat_cursor(env) as cr:
        cr.execute(f"SELECT DISTINCT h.key {LIVE} AND {condition}", parameters)
        keys = [key for (key,) in cr.fetchall()]
    expired = 0
    for key in keys:
        try:
            expired += len(release(env, [key]))
        except SeatRefusal:
            continue  # it is being sold at this moment
    return expired


def _prolong(cr, keys, ttl) -> list[Held]:
    cr.execute(
        """UPDATE member_seat_hold h
              SET expires_at = greatest(expires_at,
                      now() AT TIME ZONE 'utc' + %s * interval '1 second')
            WHERE key = ANY(%s) AND NOT EXISTS
                  (SELECT 1 FROM member_seat_claim c WHERE c.key = h.key)
        RETURNING key, expires_at""",
        [ttl, keys],
    )
    return [Held(*row) for row in sorted(set(cr.fetchall()))]


def _live_with_prefix(cr, prefixes) -> dict[str, dict[str, int]]:
    """Return `{hold's key: {counter's key: seats}}`."""
    cr.execute(
        """SELECT h.key, n.key, h.quantity
             FROM member_seat_hold h JOIN member_seat_counter n ON n.id = h.counter_id
            WHERE h.key LIKE ANY(%s) AND NOT EXISTS
                  (SELECT 1 FROM member_seat_claim c WHERE c.key = h.key)""",
        [[like(prefix) for prefix in prefixes]],
    )
    live = {}
    for key, counter, quantity in cr.fetchall():
        live.setdefault(key, {})[counter] = quantity
    return live


def _by_key(sums):
    return {counter.key: quantity for counter, quantity in sums.items()}


def like(prefix):
    for character in "\\%_":
        prefix = prefix.replace(character, "\\" + character)
    return prefix + "%"
