"""Holds: value set aside before a document exists, in short transactions of their own.

A hold is undone by a void posting that carries its key. The same unique index guards
the posting of the document that claims it, so exactly one of the two wins.
"""

from odoo.tools import SQL

from ..errors import Insufficient, InvalidAmount, KeyReused, OverCap
from .apply import apply
from .cursor import ledger_cursor
from .expiry import expire_lots
from .placing import Line, Request, Spread, hold_once
from .values import Context, Held, HeldAmount, asset_of, exact

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
    within=None,
) -> list[Held]:
    """Set value aside, all lines or none, and commit at once.

    `lines` is `[(partner_id, asset_id, amount, key)]`. With `direction="in"` room is
    reserved instead: amount + incoming + asked never passes `cap`. The same
    `request_key` with the same lines returns the first holds again and holds nothing
    twice, so a lost answer can be asked for again.

    `within(cr)` is called in the same transaction once all is held and the balances are
    locked, but not for an answer that is given again: what it writes stands or falls
    with the holds, and what it raises undoes them.

    :raise Insufficient, Frozen, OverCap, InvalidAmount, UnknownAsset, Busy: nothing was
        held; the sentence says what next.
    :raise KeyReused, HoldReleased, HoldExpired: this request was made before.
    """
    request = Request(
        key=request_key,
        ttl=ttl,
        direction=direction,
        cap=cap,
        context=context or Context(),
        within=within,
        lines=[
            Line(
                partner_id=partner_id,
                asset=asset_of(env, asset_id),
                amount=exact(env, asset_of(env, asset_id), amount),
                key=key,
            )
            for partner_id, asset_id, amount, key in lines
        ],
    )
    if not request.lines:
        raise InvalidAmount(env._("There is nothing to reserve."))
    return _hold_settled(env, request).lines


def hold_from(
    env,
    partner_id,
    pockets,
    amount,
    request_key,
    *,
    ttl=HOLD_SECONDS,
    context=None,
    within=None,
    proof=None,
) -> HeldAmount:
    """Set `amount` of one member aside, from the first of the pockets that have it.

    `pockets` is `{asset_id: key}` of assets in one currency, what is spent first in
    front. All of the amount is held, or nothing. The same `request_key` with the same
    member and amount returns the first holds again, however the pockets stand by then.
    `within` is called as `hold` does. `proof` is what has to be shown for it
    (`placing.Proof`); without it nothing is told, held or answered again.

    :raise: as `hold` does; `Insufficient` with what all the pockets have together; what
        the proof raises.
    """
    if not pockets:
        raise InvalidAmount(env._("There is nothing to reserve."))
    assets = [asset_of(env, asset_id) for asset_id in pockets]
    request = Request(
        key=request_key,
        ttl=ttl,
        context=context or Context(),
        within=within,
        proof=proof,
        spread=Spread(
            partner_id=partner_id,
            keys=dict(zip(assets, pockets.values(), strict=True)),
            amount=exact(env, assets[0], amount),
        ),
    )
    return _hold_settled(env, request)


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


def claimed(env, keys) -> dict[str, str | None]:
    """Return the numbers of the documents that have claimed any of `keys`, by key.

    As it stands now; None for a document without a number. For who releases: what
    neither this call nor an earlier one gave back.
    """
    with ledger_cursor(env) as cr:
        cr.execute(
            "SELECT hold_key, reference FROM member_posting "
            "WHERE hold_key = ANY(%s) AND state <> 'void'",
            [list(keys)],
        )
        return dict(cr.fetchall())


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


def _hold_settled(env, request) -> HeldAmount:
    try:
        return hold_once(env, request)
    except (Insufficient, OverCap, KeyReused):
        # value may wait to be settled, or the same request came twice at once
        settle(env, request.partner_ids)
        return hold_once(env, request)


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
