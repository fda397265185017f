"""Holds: value set aside before a document exists, in short transactions of their own.

A hold is undone by a void posting that carries its key. The same unique index guards
the posting of the document that claims it, so exactly one of the two wins.
"""

from dataclasses import dataclass
from decimal import Decimal

from odoo.tools import SQL

from ..errors import (
    Frozen,
    Insufficient,
    InvalidAmount,
    KeyReused,
    OverCap,
)
from .apply import apply, expire_lots
from .balances import ensure_balance
from .cursor import ledger_cursor
from .intents import raise_gone
from .values import Context, Held, asset_of, exact

HOLD_SECONDS = 900
"""How long a hold lasts unless its caller says otherwise."""


def hold(
    env,
    lines,
    request_key,
    *,
    ttl=HOLD_SECONDS,
    direction="out",
    cap=None,
    context=None,
) -> list[Held]:
    """Set value aside, all lines or none, and commit at once.

    `lines` is `[(partner_id, asset_id, amount, key)]`. With `direction="in"` room is
    reserved instead: amount + incoming + asked never passes `cap`. The same
    `request_key` with the same lines returns the first holds again and holds nothing
    twice, so a lost answer can be asked for again.

    :raise Insufficient, Frozen, OverCap, InvalidAmount, UnknownAsset, Busy: nothing was
        held; the sentence says what next.
    :raise KeyReused, HoldReleased, HoldExpired: this request was made before.
    """
    request = _Request(
        key=request_key,
        ttl=ttl,
        direction=direction,
        cap=cap,
        context=context or Context(),
        lines=[
            _line(env, partner_id, asset_id, amount, key)
            for partner_id, asset_id, amount, key in lines
        ],
    )
    if not request.lines:
        raise InvalidAmount(env._("There is nothing to reserve."))
    try:
        return _hold_once(env, request)
    except (Insufficient, OverCap, KeyReused):
        # value may wait to be settled, or the same request came twice at once
        settle(env, [line.partner_id for line in request.lines])
        return _hold_once(env, request)


def settle(env, partner_ids) -> None:
    """Do now what the jobs would do later for these members.

    Money may wait in intents that a crash left behind and in holds that ran out, or be
    due to expire.
    """
    apply(env, partner_ids=partner_ids)
    expire_holds(env, partner_ids)
    expire_lots(env, partner_ids)


def release(env, keys) -> list[str]:
    """Give holds back; return the keys that were released by this call.

    A document that claimed a hold first keeps it: its key is not in the answer.
    """
    return [key for key in keys if _void_hold(env, key, "released")]


def lapse(env, keys) -> list[str]:
    """Let holds run out now; return the keys that did.

    For a till that closes. Other than a released hold, one that ran out is placed again
    when the order that it was for arrives after all.
    """
    return [key for key in keys if _void_hold(env, key, "expired")]


def claimed(env, keys) -> set[str]:
    """Return those of `keys` that a document has claimed, as it stands now.

    For who releases: what neither this call nor an earlier one gave back.
    """
    with ledger_cursor(env) as cr:
        cr.execute(
            "SELECT hold_key FROM member_posting WHERE hold_key = ANY(%s) "
            "AND state <> 'void'",
            [list(keys)],
        )
        return {key for (key,) in cr.fetchall()}


def expire_holds(env, partner_ids=None) -> int:
    """Expire pending holds that are due, one short transaction each."""
    with ledger_cursor(env) as cr:
        cr.execute(
            SQL(
                """SELECT key FROM member_hold h
                    WHERE state = 'pending' AND expires_at < now() AT TIME ZONE 'utc'
                      AND NOT EXISTS (SELECT 1 FROM member_posting p
                                       WHERE p.hold_key = h.key) %s
                    ORDER BY balance_id, id""",
                SQL("AND partner_id = ANY(%s)", list(partner_ids))
                if partner_ids
                else SQL(),
            )
        )
        keys = [key for (key,) in cr.fetchall()]
    return sum(_void_hold(env, key, "expired") for key in keys)


@dataclass(frozen=True, kw_only=True)
class _Line:
    partner_id: int
    asset: object
    amount: Decimal
    key: str

    @property
    def content(self):
        return self.partner_id, self.asset.id, self.amount, self.key


@dataclass(frozen=True, kw_only=True)
class _Request:
    key: str
    ttl: int
    direction: str
    cap: Decimal | None
    context: Context
    lines: list[_Line]


def _line(env, partner_id, asset_id, amount, key) -> _Line:
    asset = asset_of(env, asset_id)
    return _Line(
        partner_id=partner_id, asset=asset, amount=exact(env, asset, amount), key=key
    )


def _hold_once(env, request) -> list[Held]:
    with ledger_cursor(env) as cr:
        if known := _find_request(cr, request):
            return _replayed(env, cr, known, request)
        balances = [(_balance_id(cr, request, line), line) for line in request.lines]
        # in the order of the balances, so that two holds never wait for each other
        balances.sort(key=lambda pair: (pair[0] or 0, pair[1].key))
        held = [
            _place(env, cr, request, line, balance_id) for balance_id, line in balances
        ]
    env["member.balance"].invalidate_model(["held", "incoming"], flush=False)
    return held


def _balance_id(cr, request, line):
    if request.direction == "in":
        asset = line.asset
        return ensure_balance(cr, line.partner_id, asset.id, asset.company_id.id)
    cr.execute(
        """SELECT id FROM member_balance
            WHERE partner_id = %s AND asset_id = %s AND merged_into_id IS NULL""",
        [line.partner_id, line.asset.id],
    )
    row = cr.fetchone()
    return row and row[0]


def _place(env, cr, request, line, balance_id) -> Held:
    row = balance_id and _reserve(cr, request, line, balance_id)
    if not row:
        _raise_refused(env, cr, request, line, balance_id)
    owned, held = row
    return Held(
        key=line.key,
        partner_id=line.partner_id,
        asset_id=line.asset.id,
        amount=line.amount,
        available=owned - held,
        expires_at=_insert_hold(env, cr, request, line, balance_id),
    )


_HOLD_OUT = """
    UPDATE member_balance b SET held = b.held + %(amount)s
      FROM res_partner p
     WHERE b.id = %(balance)s AND p.id = b.partner_id AND p.member_state = 'active'
       AND NOT b.is_frozen AND b.merged_into_id IS NULL
       AND b.amount - b.held >= %(amount)s
       AND (b.next_expiry_at IS NULL OR b.next_expiry_at > now() AT TIME ZONE 'utc')
       AND NOT EXISTS (SELECT 1 FROM member_card c
                        WHERE c.id = %(card)s AND c.state <> 'issued')
 RETURNING b.amount, b.held"""

_HOLD_IN = """
    UPDATE member_balance b SET incoming = b.incoming + %(amount)s
     WHERE b.id = %(balance)s AND b.merged_into_id IS NULL
       AND (%(cap)s::numeric IS NULL
            OR b.amount + b.incoming + %(amount)s <= %(cap)s::numeric)
 RETURNING b.amount, b.held"""


def _reserve(cr, request, line, balance_id):
    """Guard and movement in one statement: what no number of tills can get round."""
    cr.execute(
        _HOLD_OUT if request.direction == "out" else _HOLD_IN,
        {
            "balance": balance_id,
            "amount": line.amount,
            "cap": request.cap,
            "card": request.context.card_id,
        },
    )
    return cr.fetchone()


def _insert_hold(env, cr, request, line, balance_id):
    values = {
        "partner_id": line.partner_id,
        "asset_id": line.asset.id,
        "balance_id": balance_id,
        "direction": request.direction,
        "amount": line.amount,
        "key": line.key,
        "request_key": request.key,
        **request.context.columns(env),
    }
    cr.execute(
        SQL(
            """INSERT INTO member_hold (%s, state, placed_at, expires_at)
               VALUES (%s, 'pending', now() AT TIME ZONE 'utc',
                       now() AT TIME ZONE 'utc' + %s * interval '1 second')
               ON CONFLICT (key) DO NOTHING RETURNING expires_at""",
            SQL(", ").join(SQL.identifier(name) for name in values),
            SQL(", ").join(SQL("%s", value) for value in values.values()),
            request.ttl,
        )
    )
    if not (row := cr.fetchone()):
        raise KeyReused(
            env._("This payment line is reserved already. Remove it and pay again.")
        )
    return row[0]


# === REPLAYS AND REFUSALS === #


def _find_request(cr, request):
    cr.execute(
        """SELECT h.partner_id, h.asset_id, h.amount, h.key, h.state, h.direction,
                  h.expires_at, b.amount - b.held AS available
             FROM member_hold h JOIN member_balance b ON b.id = h.balance_id
            WHERE h.request_key = %s ORDER BY h.id""",
        [request.key],
    )
    return cr.dictfetchall()


def _replayed(env, cr, known, request) -> list[Held]:
    """Answer a request that was made before: the same answer, or why not."""
    before = {
        (row["partner_id"], row["asset_id"], row["amount"], row["key"]) for row in known
    }
    if (
        before != {line.content for line in request.lines}
        or known[0]["direction"] != request.direction
    ):
        raise KeyReused(
            env._("This request was made before with other amounts. Pay again.")
        )
    states = {row["state"] for row in known}
    for gone in ("released", "expired"):
        if gone in states:
            raise_gone(env, gone)
    names = ("key", "partner_id", "asset_id", "amount", "available", "expires_at")
    return [Held(**{name: row[name] for name in names}) for row in known]


def _raise_refused(env, cr, request, line, balance_id):
    """Say why the conditional UPDATE found nothing to update."""
    cr.execute(
        """SELECT p.member_state, coalesce(b.is_frozen, false),
                  coalesce(b.amount, 0), coalesce(b.held, 0), coalesce(b.incoming, 0),
                  (SELECT c.state FROM member_card c WHERE c.id = %s)
             FROM res_partner p LEFT JOIN member_balance b ON b.id = %s
            WHERE p.id = %s""",
        [request.context.card_id, balance_id, line.partner_id],
    )
    state, is_frozen, owned, held, incoming, card_state = cr.fetchone()
    if request.direction == "in":
        room = max((request.cap or 0) - owned - incoming, Decimal(0))
        raise OverCap(
            env._(
                "The balance may not pass %(cap)s: at most %(room)s can be topped up.",
                cap=line.asset._format(request.cap or 0),
                room=line.asset._format(room),
            ),
            room,
        )
    if state != "active":
        raise Frozen(
            env._(
                "This member may not spend at present (frozen or cancelled). "
                "Ask a supervisor."
            )
        )
    if is_frozen:
        raise Frozen(env._("This wallet is frozen. Ask a supervisor."))
    if card_state and card_state != "issued":
        raise Frozen(
            env._("This card is no longer valid. Ask for the member's new card.")
        )
    raise Insufficient(
        env._(
            "%(asset)s: %(available)s is available, %(asked)s was asked for.",
            asset=line.asset.name,
            available=line.asset._format(owned - held),
            asked=line.asset._format(line.amount),
        ),
        owned - held,
    )


def _void_hold(env, key, state) -> bool:
    """Compete for the hold's key with a void posting; undo the hold if it wins."""
    with ledger_cursor(env) as cr:
        cr.execute(
            """INSERT INTO member_posting (partner_id, asset_id, amount, owed,
                      allow_owed, kind, request_key, hold_key, reversed_amount, state,
                      created_at, operator_id)
               SELECT partner_id, asset_id, 0, 0, false, 'void', key, key, 0, 'void',
                      now() AT TIME ZONE 'utc', %s
                 FROM member_hold WHERE key = %s AND state = 'pending'
               ON CONFLICT DO NOTHING RETURNING id""",
            [env.uid, key],
        )
        if not cr.fetchone():
            return False
        cr.execute(
            """WITH h AS (UPDATE member_hold SET state = %s WHERE key = %s
                          RETURNING balance_id, amount, direction)
               UPDATE member_balance b
                  SET held = b.held
                           - CASE h.direction WHEN 'out' THEN h.amount ELSE 0 END,
                      incoming = b.incoming
                               - CASE h.direction WHEN 'in' THEN h.amount ELSE 0 END,
                      -- what the hold kept alive is looked at again
                      next_expiry_at = (SELECT min(l.expires_at) FROM member_lot l
                                         WHERE l.balance_id = b.id AND l.remaining > 0)
                 FROM h WHERE b.id = h.balance_id""",
            [state, key],
        )
    env["member.balance"].invalidate_model(["held", "incoming"], flush=False)
    env["member.hold"].invalidate_model(["state"], flush=False)
    return True
