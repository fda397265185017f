"""What a seat counts on, and the one way to lock it.

A seat counts on its performance (or slot), its ticket (there), its policy, and, for the
limits per member, on the member: in the performance, the slot, the ticket and both.
Whether there is a limit or not: one that is set later starts right.
"""

from collections import Counter as Sums
from typing import NamedTuple

from .errors import SeatRefusal


class Counter(NamedTuple):
    """What one row of `member.seat.counter` counts; 0 is any."""

    event_id: int
    slot_id: int = 0
    ticket_id: int = 0
    policy_id: int = 0
    partner_id: int = 0

    @property
    def key(self) -> str:
        return ":".join(map(str, self))

    @property
    def kind(self) -> str:
        if self.partner_id:
            return "member"
        if self.policy_id:
            return "policy"
        return "ticket" if self.ticket_id else "event"


class Row(NamedTuple):
    """A counter as it stands, locked. `capacity` None is no limit.

    `is_known` is false where the performance is younger than what others can see.
    """

    id: int
    key: str
    taken: int
    held: int
    capacity: int | None
    is_known: bool


CAPACITY = """
    CASE c.kind
    WHEN 'event' THEN CASE WHEN e.seats_limited THEN nullif(e.seats_max, 0) END
    WHEN 'ticket' THEN nullif(t.seats_max, 0)
    WHEN 'policy' THEN nullif(p.quota, 0)
    END"""

LIMITED_BY = """
      LEFT JOIN event_event e ON e.id = c.event_id
      LEFT JOIN event_event_ticket t ON t.id = c.ticket_id
      LEFT JOIN member_ticket_policy p ON p.id = c.policy_id"""

LOCK = f"""
    SELECT c.id, c.key, c.taken, c.held, {CAPACITY}, e.id IS NOT NULL
      FROM member_seat_counter c {LIMITED_BY}
     WHERE c.key = ANY(%s) OR c.id = ANY(%s)
  ORDER BY c.id
       FOR UPDATE OF c"""
"""Lock counters, all in the order of their ids: so no two transactions wait for each
other. Capacities are read where they are kept, so that they are never out of date."""

CREATE = """
    INSERT INTO member_seat_counter AS c (key, kind, event_id, slot_id, ticket_id,
           policy_id, partner_id, taken, held)
    SELECT n.key, n.kind, n.event_id, nullif(n.slot_id, 0), nullif(n.ticket_id, 0),
           nullif(n.policy_id, 0), nullif(n.partner_id, 0),
           (SELECT count(*) FROM event_registration r,
                   member_seat_counters(r.event_id, r.event_slot_id, r.event_ticket_id,
                                        r.member_policy_id, r.partner_id) k
             WHERE r.event_id = n.event_id AND k.key = n.key
               AND r.active AND r.state IN ('open', 'done'))
         - (SELECT coalesce(sum(m.delta), 0) FROM member_seat_move m,
                   member_seat_counters(m.event_id, m.slot_id, m.ticket_id,
                                        m.policy_id, m.partner_id) k
             WHERE m.event_id = n.event_id AND k.key = n.key),
           0
      FROM unnest(%s, %s, %s::int[], %s::int[], %s::int[], %s::int[], %s::int[])
           n(key, kind, event_id, slot_id, ticket_id, policy_id, partner_id)
  ORDER BY n.key
        ON CONFLICT (key) DO NOTHING"""
"""A counter that nobody asked for yet starts with what is sold and settled."""


def counters_of(seat) -> list[Counter]:
    """Return what a seat counts on; `member_seat_counters` says the same in SQL.

    `seat` has event_id, slot_id, ticket_id, policy_id and partner_id; 0 or None: none.
    """
    event, slot, ticket, policy, partner = (
        seat.event_id,
        seat.slot_id or 0,
        seat.ticket_id or 0,
        seat.policy_id or 0,
        seat.partner_id or 0,
    )
    counters = {Counter(event, slot)}
    if ticket:
        counters.add(Counter(event, slot, ticket))
    if policy:
        counters.add(Counter(event, policy_id=policy))
    if partner:
        counters |= {
            Counter(event, slot_id, ticket_id, partner_id=partner)
            for slot_id in (0, slot)
            for ticket_id in (0, ticket)
        }
    return list(counters)


def summed(seats) -> Sums:
    """Return `{counter: seats}` of `[(seat, quantity)]`, without what comes to zero."""
    sums = Sums()
    for seat, quantity in seats:
        for counter in counters_of(seat):
            sums[counter] += quantity
    return Sums({counter: total for counter, total in sums.items() if total})


def net(wants, back=()) -> Sums:
    """Return `{counter: seats}` that are wanted beside those that come back."""
    sums = summed(
        [(want, want.quantity) for want in wants]
        + [(seat, -seat.quantity) for seat in back]
    )
    return Sums({counter: total for counter, total in sums.items() if total > 0})


def lock(cr, counters, ids=()) -> dict[str, Row]:
    """Lock counters by what they count or by id; return those that exist, by key."""
    cr.execute(LOCK, [[counter.key for counter in counters], list(ids)])
    return {row[1]: Row(*row) for row in cr.fetchall()}


def create(cr, counters) -> None:
    """Create the counters that are missing.

    What one counts is right at once and stays so: whoever settles moves creates their
    counters before, in the same transaction.
    """
    columns = [
        [counter.key for counter in counters],
        [counter.kind for counter in counters],
        *([counter[n] for counter in counters] for n in range(5)),
    ]
    cr.execute(CREATE, columns)


def add(cr, taken, held) -> None:
    """Add to locked counters, by id: `{id: seats}`."""
    ids = sorted({*taken, *held})
    if not ids:
        return
    cr.execute(
        """UPDATE member_seat_counter c
              SET taken = c.taken + n.taken, held = c.held + n.held
             FROM unnest(%s, %s, %s) n(id, taken, held) WHERE c.id = n.id""",
        [ids, [taken.get(i, 0) for i in ids], [held.get(i, 0) for i in ids]],
    )


def own_capacity(env, counter) -> int | None:
    """Return what the caller alone knows: its transaction made the performance."""
    # sudo: whoever sells need not be allowed to see how performances are set up
    env = env(su=True)
    if counter.kind == "event":
        event = env["event.event"].browse(counter.event_id)
        return (event.seats_limited and event.seats_max) or None
    if counter.kind == "ticket":
        return env["event.event.ticket"].browse(counter.ticket_id).seats_max or None
    if counter.kind == "policy":
        return env["member.ticket.policy"].browse(counter.policy_id).quota or None
    return None


class Limit(NamedTuple):
    """How many seats a member may have on a counter, by one policy."""

    counter: Counter
    seats: int


def limits_of(cr, wants, given) -> dict[tuple[int, int], Limit]:
    """Return `{(policy id, partner id): limit}` for the members among `wants`.

    A limit counts what its policy names: the performance, or a slot or a ticket of it,
    under whatever policy the member has bought. `given` is `{policy id: limit}` for
    policies whose own limit does not apply; None there is no limit.
    """
    asked = {
        (want.policy_id, want.partner_id): want.event_id
        for want in wants
        if want.policy_id and want.partner_id
    }
    if not asked:
        return {}
    cr.execute(
        "SELECT id, coalesce(member_limit, 0), coalesce(slot_id, 0), "
        "coalesce(ticket_id, 0) FROM member_ticket_policy WHERE id = ANY(%s)",
        [list({policy_id for policy_id, _partner in asked})],
    )
    policies = {row[0]: row[1:] for row in cr.fetchall()}
    limits = {}
    for (policy_id, partner_id), event_id in asked.items():
        limit, slot_id, ticket_id = policies.get(policy_id, (0, 0, 0))
        if limit := given.get(policy_id, limit):
            counter = Counter(event_id, slot_id, ticket_id, partner_id=partner_id)
            limits[policy_id, partner_id] = Limit(counter, limit)
    return limits


def refuse(env, counter, wanted, left) -> SeatRefusal:
    """Return what to tell who wants more seats than a counter leaves."""
    # sudo: names that the buyer was shown before
    env = env(su=True)
    event = env["event.event"].browse(counter.event_id)
    left = max(left, 0)
    if counter.kind == "member":
        member = env["res.partner"].browse(counter.partner_id)
        if left:
            message = env._(
                "%(member)s may have %(left)s more of these tickets, not %(wanted)s.",
                member=member.name,
                left=left,
                wanted=wanted,
            )
        else:
            message = env._(
                "%(member)s has as many of these tickets as one member may have.",
                member=member.name,
            )
        return SeatRefusal("limit_reached", message, left)
    if counter.kind == "policy":
        policy = env["member.ticket.policy"].browse(counter.policy_id)
        if left:
            message = env._(
                "Left at “%(policy)s”: %(left)s. Take fewer, or another price.",
                left=left,
                policy=policy.name,
            )
        else:
            message = env._(
                "All tickets at “%(policy)s” are sold. Choose another price.",
                policy=policy.name,
            )
        return SeatRefusal("quota_used_up", message, left)
    what = (
        env["event.event.ticket"].browse(counter.ticket_id).name
        if counter.kind == "ticket"
        else event.name
    )
    if counter.slot_id:
        what = f"{what}, {env['event.slot'].browse(counter.slot_id).display_name}"
    if left:
        message = env._(
            "Seats left of %(what)s: %(left)s. Wanted: %(wanted)s.",
            left=left,
            what=what,
            wanted=wanted,
        )
    else:
        message = env._("%(what)s is sold out.", what=what)
    return SeatRefusal("sold_out", message, left)
