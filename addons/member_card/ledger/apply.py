"""Applying intents: the only place where entries, lots and amounts are written.

Applying is idempotent and never refused: what a posting takes was held before, or it is
a claw-back that takes what is free and notes the rest as owed. A posting that
contradicts its hold is marked `failed` for a human and blocks nothing else.
"""

import logging
from dataclasses import dataclass, field
from decimal import Decimal

import psycopg2

from odoo.tools import SQL

from .chain import HASHED, ORIGIN, chain_key, entry_hash
from .cursor import ledger_cursor

_logger = logging.getLogger(__name__)

BATCH = 100
"""Postings that recovery applies in one transaction."""
ZERO = Decimal(0)

_LOCK = f"""
    SELECT p.id, p.partner_id, p.asset_id, p.kind, p.amount, p.owed, p.allow_owed,
           p.request_key, p.hold_key, p.expires_at, p.reverses_posting_id,
           p.mirror_posting_id, {", ".join(f"p.{name}" for name in ORIGIN)},
           b.id AS balance_id, b.amount AS owned, b.held, b.incoming, b.owed AS debt,
           b.seq, b.last_hash, b.next_expiry_at,
           h.state AS hold_state, h.direction, h.amount AS hold_amount, h.placed_at,
           h.balance_id AS hold_balance_id,
           date_trunc('second', now() AT TIME ZONE 'utc') AS now
      FROM member_posting p
      JOIN member_balance b ON b.id = coalesce(p.balance_id,
           (SELECT x.id FROM member_balance x
             WHERE x.partner_id = p.partner_id AND x.asset_id = p.asset_id
               AND x.merged_into_id IS NULL))
 LEFT JOIN member_hold h ON h.key = p.hold_key
     WHERE p.id = %s AND p.state = 'pending'
       FOR UPDATE OF p SKIP LOCKED FOR UPDATE OF b"""


@dataclass(frozen=True)
class _Lots:
    """What an entry does to lots.

    `uses`: `(lot_id, signed amount, expires_at)` of lots there are; `new`:
    `(amount, expires_at)` of lots to lay down; `left`: when what stays open expires,
    None where the other lots stay as they were.
    """

    uses: list = field(default_factory=list)
    new: list = field(default_factory=list)
    left: list | None = None

    def next_expiry(self, before):
        """Return when the soonest open lot expires, `before` being what it was."""
        known = [before] if self.left is None else self.left
        filled = [expiry for _lot, amount, expiry in self.uses if amount > 0]
        laid = [expiry for _amount, expiry in self.new]
        return min(filter(None, [*known, *filled, *laid]), default=None)


class _Contradiction(Exception):
    """A posting that cannot be applied as it stands; its text goes to a human."""


_REFUSED = (_Contradiction, psycopg2.IntegrityError)


def apply(env, posting_ids=None, *, partner_ids=None, limit=BATCH) -> int:
    """Apply pending postings in one own transaction; return how many.

    Those named, those of some members, or any. Ids of postings that were rolled back
    do not exist and are passed over; so are those that another process is applying.
    When one cannot be applied, each gets a transaction of its own, and that one is
    marked as failed.
    """
    ids = posting_ids
    try:
        # what a crash loses is still pending
        with ledger_cursor(env, repeatable=True) as cr:
            if ids is None or len(ids) > 1:
                ids = _pending_ids(cr, posting_ids, partner_ids, limit)
            done = sum(_apply_one(env, cr, posting_id) for posting_id in ids)
    except _REFUSED:
        done = sum(_apply_alone(env, posting_id) for posting_id in ids)
    if done:
        for model in (
            "member.balance",
            "member.posting",
            "member.hold",
            "member.lot",
            "member.entry",
        ):
            env[model].invalidate_model(flush=False)
    return done


def recover_postings(env) -> int:
    """Apply whatever is pending, batch by batch; return how many."""
    total = 0
    while done := apply(env):
        total += done
    return total


def _pending_ids(cr, posting_ids, partner_ids, limit) -> list[int]:
    """Return ids in the order of their balances, so that two runs never deadlock."""
    cr.execute(
        SQL(
            """SELECT p.id FROM member_posting p
            LEFT JOIN member_balance b
                   ON b.partner_id = p.partner_id AND b.asset_id = p.asset_id
                  AND b.merged_into_id IS NULL
                WHERE p.state = 'pending' %s %s
                ORDER BY coalesce(p.balance_id, b.id), p.id LIMIT %s""",
            SQL("AND p.id = ANY(%s)", list(posting_ids))
            if posting_ids is not None
            else SQL(),
            SQL("AND p.partner_id = ANY(%s)", list(partner_ids))
            if partner_ids is not None
            else SQL(),
            limit if posting_ids is None else None,
        )
    )
    return [posting_id for (posting_id,) in cr.fetchall()]


def _apply_alone(env, posting_id) -> bool:
    """Apply one posting; mark it when it cannot be, so that it blocks nothing else."""
    try:
        with ledger_cursor(env, repeatable=True) as cr:
            return _apply_one(env, cr, posting_id)
    except _REFUSED as error:
        _logger.exception("member ledger: posting %s failed", posting_id)
        with ledger_cursor(env) as cr:
            cr.execute(
                "UPDATE member_posting SET state = 'failed', error = %s "
                "WHERE id = %s AND state = 'pending'",
                [str(error).strip(), posting_id],
            )
        return True


def _apply_one(env, cr, posting_id) -> bool:
    posting = _lock(cr, posting_id)
    if not posting:
        return False
    if original_id := posting["reverses_posting_id"] or posting["mirror_posting_id"]:
        if not _is_applied(env, cr, original_id):
            return False  # another process has it; recovery comes back
        posting = _lock(cr, posting_id)
    balance = _Balance(env, cr, posting)
    _check_hold(posting)
    if posting["direction"] == "out":
        balance.held -= posting["hold_amount"]
    elif posting["direction"] == "in":
        balance.incoming -= posting["hold_amount"]
    amount = posting["amount"]
    if amount > 0:
        balance.write_entry(posting, amount, posting["owed"], _lots_in(cr, posting))
        balance.settle(posting)
    elif posting["allow_owed"]:
        taken = min(balance.amount - balance.held, -amount)
        balance.write_entry(
            posting, -taken, -amount - taken, _lots_out(cr, posting, taken)
        )
    else:
        balance.write_entry(
            posting, amount, posting["owed"], _lots_out(cr, posting, -amount)
        )
    return True


def _lock(cr, posting_id):
    """Lock posting and balance and return both as they stand, or None."""
    cr.execute(_LOCK, [posting_id])
    if row := cr.dictfetchone():
        return row
    cr.execute(
        """INSERT INTO member_balance (partner_id, asset_id, company_id, amount, held,
                  incoming, owed, seq, last_hash, is_frozen)
           SELECT p.partner_id, p.asset_id, a.company_id, 0, 0, 0, 0, 0, '', false
             FROM member_posting p JOIN member_asset a ON a.id = p.asset_id
            WHERE p.id = %s AND p.state = 'pending' AND p.balance_id IS NULL
           ON CONFLICT (partner_id, asset_id) WHERE merged_into_id IS NULL
           DO NOTHING""",
        [posting_id],
    )
    if not cr.rowcount:
        return None
    cr.execute(_LOCK, [posting_id])
    return cr.dictfetchone()


def _is_applied(env, cr, posting_id) -> bool:
    """Apply the posting that another one builds on, unless it is applied already."""
    cr.execute("SELECT state FROM member_posting WHERE id = %s", [posting_id])
    (state,) = cr.fetchone()
    if state == "pending":
        return _apply_one(env, cr, posting_id)
    if state != "applied":
        raise _Contradiction(f"posting {posting_id}, which it builds on, is {state}")
    return True


def _check_hold(posting) -> None:
    if not posting["hold_key"]:
        return
    if posting["hold_state"] != "pending":
        raise _Contradiction(f"its hold is {posting['hold_state'] or 'missing'}")
    if posting["hold_balance_id"] != posting["balance_id"]:
        raise _Contradiction("its hold is on another balance")
    if abs(posting["amount"]) > posting["hold_amount"]:
        raise _Contradiction("it takes more than was held")
    if (posting["amount"] > 0) != (posting["direction"] == "in"):
        raise _Contradiction("its hold goes the other way")


# === LOTS === #


def _lots_out(cr, posting, amount):
    """Choose the lots that pay `amount`, soonest expiry first.

    A hold is entitled to the lots that lived when it was placed. Undoing a credit takes
    what that credit brought first.
    """
    if not amount:
        return _Lots()
    cr.execute(
        """SELECT l.id, l.remaining, l.expires_at
             FROM member_lot l JOIN member_entry e ON e.id = l.entry_id
            WHERE l.balance_id = %(balance)s AND l.remaining > 0
            ORDER BY e.posting_id = %(undone)s DESC NULLS LAST,
                     l.expires_at IS NULL OR l.expires_at > %(as_of)s DESC,
                     l.expires_at NULLS LAST, l.id""",
        {
            "balance": posting["balance_id"],
            "undone": posting["reverses_posting_id"],
            "as_of": posting["placed_at"] or posting["now"],
        },
    )
    uses, open_expiries, missing = [], [], amount
    for lot_id, remaining, expires_at in cr.fetchall():
        if taken := min(remaining, missing):
            uses.append((lot_id, -taken, expires_at))
            missing -= taken
        if taken < remaining:
            open_expiries.append(expires_at)
    if missing:
        raise _Contradiction(f"the lots hold {missing} less than the balance")
    return _Lots(uses, left=open_expiries)


def _lots_in(cr, posting):
    """Say where a credit goes: back to lots that paid, or to new ones."""
    if posting["reverses_posting_id"]:
        return _lots_back(cr, posting)
    if posting["mirror_posting_id"]:
        return _Lots(new=_lots_of_other_side(cr, posting))
    return _Lots(new=[(posting["amount"], posting["expires_at"])])


def _lots_back(cr, posting):
    """Give back to the lots that paid, the last used first; expired ones live again."""
    cr.execute(
        """WITH original AS (SELECT id FROM member_entry
                              WHERE posting_id = %(original)s),
                touched AS (SELECT id FROM original UNION ALL
                            SELECT r.id FROM member_entry r
                              JOIN original o ON r.reverses_id = o.id)
           SELECT l.id, l.balance_id, -sum(u.amount),
                  CASE WHEN l.expires_at <= %(now)s
                       THEN %(now)s + a.revival_days * interval '1 day'
                       ELSE l.expires_at END
             FROM member_lot_use u
             JOIN touched t ON t.id = u.entry_id
             JOIN member_lot l ON l.id = u.lot_id
             JOIN member_asset a ON a.id = %(asset)s
            GROUP BY l.id, a.revival_days HAVING sum(u.amount) < 0
            ORDER BY l.expires_at DESC NULLS FIRST, l.id DESC""",
        {
            "original": posting["reverses_posting_id"],
            "now": posting["now"],
            "asset": posting["asset_id"],
        },
    )
    uses, new, left = [], [], posting["amount"]
    for lot_id, balance_id, used, expires_at in cr.fetchall():
        given = min(used, left)
        if not given:
            break
        left -= given
        if balance_id == posting["balance_id"]:
            uses.append((lot_id, given, expires_at))
        else:  # the member was merged into another since
            new.append((given, expires_at))
    if left:
        new.append((left, posting["expires_at"]))
    return _Lots(uses, new)


def _lots_of_other_side(cr, posting):
    """Return the lots that a transfer took, to be laid down again with their expiry."""
    cr.execute(
        """SELECT -u.amount, l.expires_at
             FROM member_lot_use u
             JOIN member_entry e ON e.id = u.entry_id
             JOIN member_lot l ON l.id = u.lot_id
            WHERE e.posting_id = %s ORDER BY u.id""",
        [posting["mirror_posting_id"]],
    )
    return cr.fetchall()


# === WRITING === #


class _Balance:
    """One locked balance while postings are applied to it."""

    def __init__(self, env, cr, row):
        self.env, self.cr = env, cr
        self.id = row["balance_id"]
        self.amount, self.held = row["owned"], row["held"]
        self.incoming, self.owed = row["incoming"], row["debt"]
        self.seq, self.last_hash = row["seq"], row["last_hash"]
        self.next_expiry_at = row["next_expiry_at"]

    def write_entry(self, posting, amount, owed_change, lots, *, kind=None, key=None):
        """Append one entry; write lots, balance, posting and hold, in one statement."""
        if not amount and not owed_change:
            raise _Contradiction("it moves nothing")
        self.seq += 1
        self.amount += amount
        self.owed += owed_change
        self.next_expiry_at = lots.next_expiry(self.next_expiry_at)
        values = {name: posting[name] for name in ORIGIN}
        values |= {
            "balance_id": self.id,
            "seq": self.seq,
            "date": posting["now"],
            "kind": kind or posting["kind"],
            "amount": amount,
            "balance_after": self.amount,
            "owed_change": owed_change,
            "request_key": key or posting["request_key"],
            "posting_id": posting["id"],
            "reverses_id": self._reversed_entry(posting),
        }
        key = chain_key(self.env, self.cr)
        self.last_hash = entry_hash(key, self.last_hash, values)
        values |= {
            "hash": self.last_hash,
            "use_lots": [lot_id for lot_id, _amount, _expiry in lots.uses],
            "use_amounts": [amount for _lot, amount, _expiry in lots.uses],
            "use_expiries": [expiry for _lot, _amount, expiry in lots.uses],
            "new_amounts": [amount for amount, _expiry in lots.new],
            "new_expiries": [expiry for _amount, expiry in lots.new],
            "hold_key": posting["hold_key"],
            **{f"b_{name}": getattr(self, name) for name in _SAVED},
        }
        self.cr.execute(_WRITE_ENTRY, values)

    def settle(self, posting):
        """Pay what the member owes from what has just come in."""
        settled = min(self.owed, posting["amount"], self.amount - self.held)
        if settled > 0:
            self.write_entry(
                posting,
                -settled,
                -settled,
                _lots_out(self.cr, posting, settled),
                kind="settle",
                key=f"{posting['kind']}:{posting['request_key']}",
            )

    def _reversed_entry(self, posting):
        if not posting["reverses_posting_id"]:
            return None
        self.cr.execute(
            "SELECT min(id) FROM member_entry WHERE posting_id = %s",
            [posting["reverses_posting_id"]],
        )
        return self.cr.fetchone()[0]


_SAVED = (
    "amount",
    "held",
    "incoming",
    "owed",
    "seq",
    "last_hash",
    "next_expiry_at",
)
_COLUMNS = (*HASHED, "hash")
_WRITE_ENTRY = f"""
    WITH e AS (INSERT INTO member_entry ({", ".join(_COLUMNS)})
               VALUES ({", ".join(f"%({name})s" for name in _COLUMNS)}) RETURNING id),
         used AS (SELECT * FROM unnest(%(use_lots)s::int[], %(use_amounts)s::numeric[],
                                     %(use_expiries)s::timestamp[])
                             AS u (lot_id, amount, expires_at)),
         lots AS (UPDATE member_lot l
                     SET remaining = l.remaining + u.amount, expires_at = u.expires_at
                    FROM used u WHERE l.id = u.lot_id),
         uses AS (INSERT INTO member_lot_use (lot_id, entry_id, amount)
                  SELECT u.lot_id, e.id, u.amount FROM used u, e),
         laid AS (INSERT INTO member_lot
                         (balance_id, entry_id, amount, remaining, expires_at)
                  SELECT %(balance_id)s, e.id, n.amount, n.amount, n.expires_at
                    FROM e, unnest(%(new_amounts)s::numeric[],
                                   %(new_expiries)s::timestamp[])
                              AS n (amount, expires_at)),
         p AS (UPDATE member_posting SET state = 'applied', balance_id = %(balance_id)s
                WHERE id = %(posting_id)s),
         h AS (UPDATE member_hold SET state = 'captured' WHERE key = %(hold_key)s)
    UPDATE member_balance SET {", ".join(f"{name} = %(b_{name})s" for name in _SAVED)}
     WHERE id = %(balance_id)s"""


# === EXPIRY === #


def expire_lots(env, partner_ids=None) -> int:
    """Expire the lots that are due, a short transaction per balance; return how many.

    What a pending hold is entitled to stays until that is captured or released.
    """
    with ledger_cursor(env) as cr:
        cr.execute(
            SQL(
                """SELECT id FROM member_balance
                    WHERE next_expiry_at <= now() AT TIME ZONE 'utc' %s ORDER BY id""",
                SQL("AND partner_id = ANY(%s)", list(partner_ids))
                if partner_ids
                else SQL(),
            )
        )
        ids = [balance_id for (balance_id,) in cr.fetchall()]
    count = 0
    for balance_id in ids:
        with ledger_cursor(env) as cr:
            count += _expire_balance(env, cr, balance_id)
    if count:
        for model in ("member.balance", "member.lot", "member.entry"):
            env[model].invalidate_model(flush=False)
    return count


def _expire_balance(env, cr, balance_id) -> int:
    cr.execute(
        """SELECT *, id AS balance_id, amount AS owned, owed AS debt,
                  date_trunc('second', now() AT TIME ZONE 'utc') AS now
             FROM member_balance WHERE id = %s FOR UPDATE""",
        [balance_id],
    )
    row = cr.dictfetchone()
    cr.execute(
        """SELECT id, remaining, expires_at FROM member_lot
            WHERE balance_id = %s AND remaining > 0
            ORDER BY expires_at NULLS LAST, id""",
        [balance_id],
    )
    lots = cr.fetchall()
    cr.execute(
        """SELECT amount, placed_at FROM member_hold
            WHERE balance_id = %s AND state = 'pending' AND direction = 'out'
            ORDER BY placed_at, id""",
        [balance_id],
    )
    uses = due_uses(lots, cr.fetchall(), row["now"])
    # what is due and held must not be looked at in vain
    left = [expiry for _lot, _left, expiry in lots if expiry and expiry > row["now"]]
    if not uses:
        cr.execute(
            "UPDATE member_balance SET next_expiry_at = %s WHERE id = %s",
            [min(left, default=None), balance_id],
        )
        return 0
    taken = -sum((amount for _lot, amount, _expiry in uses), ZERO)
    request_key = f"expire:{balance_id}:{row['seq'] + 1}"
    cr.execute(
        """INSERT INTO member_posting (partner_id, asset_id, balance_id, amount, owed,
                  allow_owed, kind, request_key, reversed_amount, state, created_at)
           VALUES (%s, %s, %s, %s, 0, false, 'expire', %s, 0, 'pending', %s)
        RETURNING id""",
        [
            row["partner_id"],
            row["asset_id"],
            balance_id,
            -taken,
            request_key,
            row["now"],
        ],
    )
    posting = {
        **dict.fromkeys(ORIGIN),
        "id": cr.fetchone()[0],
        "kind": "expire",
        "request_key": request_key,
        "hold_key": None,
        "reverses_posting_id": None,
        "now": row["now"],
    }
    _Balance(env, cr, row).write_entry(posting, -taken, ZERO, _Lots(uses, left=left))
    return len(uses)


def due_uses(lots, holds, now):
    """Return `[(lot_id, -amount, expires_at)]`: due lots less what holds may take.

    `lots` is `[(id, remaining, expires_at)]` soonest first, `holds` is
    `[(amount, placed_at)]` oldest first. A hold is entitled to the lots that lived when
    it was placed, soonest first.
    """
    free = {lot_id: remaining for lot_id, remaining, _expiry in lots}
    for amount, placed_at in holds:
        left = amount
        for lot_id, _remaining, expires_at in lots:
            if expires_at is None or expires_at > placed_at:
                part = min(free[lot_id], left)
                free[lot_id] -= part
                left -= part
    return [
        (lot_id, -free[lot_id], expires_at)
        for lot_id, _remaining, expires_at in lots
        if expires_at and expires_at <= now and free[lot_id]
    ]
