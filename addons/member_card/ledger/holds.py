"""Holds: value set aside before a document exists, in short transactions of their own.

A hold is undone by a void posting that carries its key. The same unique index guards
the posting of the document that claims it, so exactly one of the two wins.
"""

from decimal import Decimal

from odoo.tools import SQL

from odoo.addons.member_card.errors import (
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
    context = context or Context()
    asked = []
    for partner_id, asset_id, amount, key in lines:
        asset = asset_of(env, asset_id)
        asked.append((partner_id, asset, exact(env, asset, amount), key))
    if not asked:
        raise InvalidAmount(env._("There is nothing to reserve."))
    try:
        return _hold_once(env, asked, request_key, ttl, direction, cap, context)
    except (Insufficient, OverCap, KeyReused):
        # money may wait in intents that a crash left behind, in holds that ran out, or
        # be due to expire; or the same request came twice at once: settle, look again
        partner_ids = [partner_id for partner_id, *_rest in asked]
        apply(env, partner_ids=partner_ids)
        expire_holds(env, partner_ids)
        expire_lots(env, partner_ids)
        return _hold_once(env, asked, request_key, ttl, direction, cap, context)


def release(env, keys) -> list[str]:
    """Give holds back; return the keys that were released by this call.

    A document that claimed a hold first keeps it: its key is not in the answer.
    """
    return [key for key in keys if _void_hold(env, key, "released")]


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


def _hold_once(env, asked, request_key, ttl, direction, cap, context) -> list[Held]:
    held = []
    with ledger_cursor(env) as cr:
        cr.execute(
            """SELECT partner_id, asset_id, amount, key, state, direction, expires_at
                 FROM member_hold WHERE request_key = %s ORDER BY id""",
            [request_key],
        )
        if known := cr.dictfetchall():
            return _replayed(env, cr, known, asked, direction)
        balances = [
            (_balance_id(cr, partner_id, asset, direction), partner_id, asset, *rest)
            for partner_id, asset, *rest in asked
        ]
        # in the order of the balances, so that two holds never wait for each other
        for balance_id, partner_id, asset, amount, key in sorted(
            balances, key=lambda line: (line[0] or 0, line[4])
        ):
            row = balance_id and _reserve(
                cr, balance_id, amount, direction, cap, context.card_id
            )
            if not row:
                _raise_refused(
                    env,
                    cr,
                    balance_id,
                    partner_id,
                    asset,
                    amount,
                    direction,
                    cap,
                    context,
                )
            expires_at = _insert_hold(
                env,
                cr,
                ttl,
                partner_id=partner_id,
                asset_id=asset.id,
                balance_id=balance_id,
                direction=direction,
                amount=amount,
                key=key,
                request_key=request_key,
                **context.columns(env),
            )
            held.append(
                Held(
                    key=key,
                    partner_id=partner_id,
                    asset_id=asset.id,
                    amount=amount,
                    available=row[0] - row[1],
                    expires_at=expires_at,
                )
            )
    env["member.balance"].invalidate_model(["held", "incoming"], flush=False)
    return held


def _balance_id(cr, partner_id, asset, direction):
    if direction == "in":
        return ensure_balance(cr, partner_id, asset.id, asset.company_id.id)
    cr.execute(
        """SELECT id FROM member_balance
            WHERE partner_id = %s AND asset_id = %s AND merged_into_id IS NULL""",
        [partner_id, asset.id],
    )
    row = cr.fetchone()
    return row and row[0]


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


def _reserve(cr, balance_id, amount, direction, cap, card_id):
    """Guard and movement in one statement: what no number of tills can get round."""
    cr.execute(
        _HOLD_OUT if direction == "out" else _HOLD_IN,
        {"balance": balance_id, "amount": amount, "cap": cap, "card": card_id},
    )
    return cr.fetchone()


def _insert_hold(env, cr, ttl, **values):
    cr.execute(
        SQL(
            """INSERT INTO member_hold (%s, state, placed_at, expires_at)
               VALUES (%s, 'pending', now() AT TIME ZONE 'utc',
                       now() AT TIME ZONE 'utc' + %s * interval '1 second')
               ON CONFLICT (key) DO NOTHING RETURNING expires_at""",
            SQL(", ").join(SQL.identifier(name) for name in values),
            SQL(", ").join(SQL("%s", value) for value in values.values()),
            ttl,
        )
    )
    if not (row := cr.fetchone()):
        raise KeyReused(
            env._("This payment line is reserved already. Remove it and pay again.")
        )
    return row[0]


def _replayed(env, cr, known, asked, direction) -> list[Held]:
    def content(partner_id, asset_id, amount, key):
        return partner_id, asset_id, amount, key

    before = {
        content(row["partner_id"], row["asset_id"], row["amount"], row["key"])
        for row in known
    }
    now = {content(partner, asset.id, *rest) for partner, asset, *rest in asked}
    if before != now or known[0]["direction"] != direction:
        raise KeyReused(
            env._("This request was made before with other amounts. Pay again.")
        )
    if gone := {"released", "expired"} & {row["state"] for row in known}:
        raise_gone(env, min(gone, key="released".__ne__))
    held = []
    for row in known:
        cr.execute(
            """SELECT amount - held FROM member_balance
                WHERE partner_id = %s AND asset_id = %s AND merged_into_id IS NULL""",
            [row["partner_id"], row["asset_id"]],
        )
        held.append(
            Held(
                key=row["key"],
                partner_id=row["partner_id"],
                asset_id=row["asset_id"],
                amount=row["amount"],
                available=cr.fetchone()[0],
                expires_at=row["expires_at"],
            )
        )
    return held


def _raise_refused(
    env, cr, balance_id, partner_id, asset, amount, direction, cap, context
):
    """Say why the conditional UPDATE found nothing to update."""
    cr.execute(
        """SELECT p.member_state, coalesce(b.is_frozen, false),
                  coalesce(b.amount, 0), coalesce(b.held, 0), coalesce(b.incoming, 0),
                  (SELECT c.state FROM member_card c WHERE c.id = %s)
             FROM res_partner p LEFT JOIN member_balance b ON b.id = %s
            WHERE p.id = %s""",
        [context.card_id, balance_id, partner_id],
    )
    state, is_frozen, owned, held, incoming, card_state = cr.fetchone()
    if direction == "in":
        room = max(cap - owned - incoming, Decimal(0)) if cap is not None else amount
        raise OverCap(
            env._(
                "The balance may not pass %(cap)s: at most %(room)s can be topped up now.",
                cap=cap,
                room=room,
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
            asset=asset.name,
            available=owned - held,
            asked=amount,
        ),
        owned - held,
    )


def _void_hold(env, key, state) -> bool:
    """Write the void posting that competes for the hold's key; undo the hold if it wins."""
    with ledger_cursor(env) as cr:
        cr.execute(
            """INSERT INTO member_posting (partner_id, asset_id, amount, owed, allow_owed,
                      kind, request_key, hold_key, reversed_amount, state, created_at,
                      operator_id)
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
                  SET held = b.held - CASE h.direction WHEN 'out' THEN h.amount ELSE 0 END,
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
