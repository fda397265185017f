"""Entries: the only place where entries, lots and amounts are written."""

from .chain import HASHED, ORIGIN, chain_key, entry_hash
from .lots import Contradiction, lots_out


class Balance:
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
            raise Contradiction("it moves nothing")
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
                lots_out(self.cr, posting, settled),
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
