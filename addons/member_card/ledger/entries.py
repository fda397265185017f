"""Entries: the only place where entries, lots and amounts are written."""

from dataclasses import astuple, dataclass

from .chain import ORIGIN, chain_key, entry_hash
from .lots import Contradiction, lots_out


@dataclass
class Balance:
    """One locked balance as it stands after what was decided about it."""

    id: int
    amount: object
    held: object
    incoming: object
    owed: object
    seq: int
    last_hash: str
    next_expiry_at: object


class Entries:
    """Entries of locked balances: decided one by one, then written in one statement."""

    def __init__(self, env, cr):
        self.env, self.cr = env, cr
        self._balances = {}
        self._unwritten = []

    def balance(self, row) -> Balance:
        """Return the balance of a locked row: one object, however many its rows are."""
        key = row["balance_id"]
        if key not in self._balances:
            self._balances[key] = Balance(
                id=key,
                amount=row["owned"],
                held=row["held"],
                incoming=row["incoming"],
                owed=row["debt"],
                seq=row["seq"],
                last_hash=row["last_hash"],
                next_expiry_at=row["next_expiry_at"],
            )
        return self._balances[key]

    def append(
        self, balance, posting, amount, owed_change, lots, *, kind=None, key=None
    ):
        """Decide on one entry: `balance` stands as it will once that is written."""
        if not amount and not owed_change:
            raise Contradiction("it moves nothing")
        balance.seq += 1
        balance.amount += amount
        balance.owed += owed_change
        balance.next_expiry_at = lots.next_expiry(balance.next_expiry_at)
        values = {name: posting[name] for name in ORIGIN}
        values |= {
            "balance_id": balance.id,
            "seq": balance.seq,
            "date": posting["now"],
            "kind": kind or posting["kind"],
            "amount": amount,
            "balance_after": balance.amount,
            "owed_change": owed_change,
            "request_key": key or posting["request_key"],
            "posting_id": posting["id"],
            "reverses_id": self._reversed_entry(posting),
        }
        secret = chain_key(self.env, self.cr)
        balance.last_hash = entry_hash(secret, balance.last_hash, values)
        values |= {"hash": balance.last_hash, "hold_key": posting["hold_key"]}
        self._unwritten.append((values, lots))

    def settle(self, balance, posting):
        """Pay what the member owes from what has just come in."""
        settled = min(balance.owed, posting["amount"], balance.amount - balance.held)
        if settled > 0:
            self.append(
                balance,
                posting,
                -settled,
                -settled,
                self.lots_out(balance, posting, settled),
                kind="settle",
                key=f"{posting['kind']}:{posting['request_key']}",
            )

    def lots_out(self, balance, posting, amount):
        """Choose the lots that pay, what is decided already having taken its own."""
        if any(values["balance_id"] == balance.id for values, _lots in self._unwritten):
            self.flush()
        return lots_out(self.cr, posting, amount)

    def flush(self):
        """Write entries, lots, balances, postings and holds as they were decided."""
        if not self._unwritten:
            return
        entries = [values for values, _lots in self._unwritten]
        used = [
            (values["balance_id"], values["seq"], *use)
            for values, lots in self._unwritten
            for use in lots.uses
        ]
        laid = [
            (values["balance_id"], values["seq"], *new)
            for values, lots in self._unwritten
            for new in lots.new
        ]
        changed = {values["balance_id"]: None for values in entries}
        self.cr.execute(
            _WRITE,
            {
                **_columns(
                    "e", _ENTRY, [tuple(map(each.get, _ENTRY)) for each in entries]
                ),
                **_columns("used", _USED, used),
                **_columns("laid", _LAID, laid),
                **_columns(
                    "b", _BALANCE, [astuple(self._balances[key]) for key in changed]
                ),
                "hold_keys": [each["hold_key"] for each in entries if each["hold_key"]],
            },
        )
        self._unwritten = []

    def _reversed_entry(self, posting):
        if not posting["reverses_posting_id"]:
            return None
        self.cr.execute(
            "SELECT min(id) FROM member_entry WHERE posting_id = %s",
            [posting["reverses_posting_id"]],
        )
        return self.cr.fetchone()[0]


def _columns(prefix, types, rows):
    """Return the columns of these rows by the names that the statement has for them."""
    return {
        f"{prefix}_{name}": [row[place] for row in rows]
        for place, name in enumerate(types)
    }


_ENTRY = {
    "balance_id": "int",
    "seq": "int",
    "date": "timestamp",
    "kind": "text",
    "amount": "numeric",
    "balance_after": "numeric",
    "owed_change": "numeric",
    "request_key": "text",
    "posting_id": "int",
    "reverses_id": "int",
    **dict.fromkeys(ORIGIN, "int"),
    **dict.fromkeys(("res_model", "reference", "note", "hash"), "text"),
}
_USED = {
    "balance_id": "int",
    "seq": "int",
    "lot_id": "int",
    "amount": "numeric",
    "expires_at": "timestamp",
}
_LAID = {name: kind for name, kind in _USED.items() if name != "lot_id"}
_BALANCE = {
    "id": "int",
    "amount": "numeric",
    "held": "numeric",
    "incoming": "numeric",
    "owed": "numeric",
    "seq": "int",
    "last_hash": "text",
    "next_expiry_at": "timestamp",
}


def _rows(prefix, types):
    arrays = ", ".join(f"%({prefix}_{name})s::{kind}[]" for name, kind in types.items())
    return f"unnest({arrays}) AS {prefix} ({', '.join(types)})"


_WRITE = f"""
    WITH x AS (SELECT * FROM {_rows("e", _ENTRY)}),
         e AS (INSERT INTO member_entry ({", ".join(_ENTRY)})
               SELECT {", ".join(_ENTRY)} FROM x RETURNING id, balance_id, seq),
         used AS (SELECT * FROM {_rows("used", _USED)}),
         lots AS (UPDATE member_lot l SET remaining = l.remaining + used.amount,
                         expires_at = used.expires_at
                    FROM used WHERE l.id = used.lot_id),
         uses AS (INSERT INTO member_lot_use (lot_id, entry_id, amount)
                  SELECT used.lot_id, e.id, used.amount
                    FROM used JOIN e USING (balance_id, seq)),
         laid AS (INSERT INTO member_lot
                         (balance_id, entry_id, amount, remaining, expires_at)
                  SELECT balance_id, e.id, laid.amount, laid.amount, laid.expires_at
                    FROM {_rows("laid", _LAID)} JOIN e USING (balance_id, seq)),
         p AS (UPDATE member_posting p SET state = 'applied', balance_id = x.balance_id
                 FROM x WHERE p.id = x.posting_id),
         h AS (UPDATE member_hold SET state = 'captured' WHERE key = ANY(%(hold_keys)s))
    UPDATE member_balance balance
       SET {", ".join(f"{name} = b.{name}" for name in _BALANCE if name != "id")}
      FROM {_rows("b", _BALANCE)} WHERE balance.id = b.id"""
