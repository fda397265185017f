"""Intents: what documents insert, in their own transaction, to have value moved.

Nothing here touches a balance or a hold. The unique keys of `member.posting` decide
between two documents, and between a document and a release.
"""

import logging
from decimal import Decimal

from odoo.tools import SQL

from ..errors import (
    HoldExpired,
    HoldMissing,
    HoldReleased,
    InvalidAmount,
    KeyReused,
    ReversalTooLarge,
)
from .apply import apply
from .chain import ORIGIN
from .cursor import callers_connection, ledger_cursor, run
from .values import Context, abs_of, asset_of, exact, is_negative

_logger = logging.getLogger(__name__)
_PENDING = "member_card.pending_postings"


def post(env, intents):
    """Insert intents in the caller's transaction; they are applied when it commits.

    The same `request_key` (per asset and kind) with the same content returns the first
    posting and moves nothing again.

    :return: `member.posting` in the order of the intents.
    :raise InvalidAmount, UnknownAsset: a bad amount, or a debit that nothing backs.
    :raise KeyReused: the key was used before with other content.
    """
    ids, fresh = [], []
    for intent in intents:
        asset = asset_of(env, intent.asset_id)
        amount = exact(env, asset, abs_of(intent.amount))
        if is_negative(intent.amount):
            amount = -amount
            if not intent.hold_key and not intent.allow_owed:
                raise InvalidAmount(
                    env._("A debit takes what was held before: hold it first.")
                )
        posting_id, is_new = insert_posting(
            env,
            partner_id=intent.partner_id,
            asset_id=asset.id,
            amount=amount,
            kind=intent.kind,
            request_key=intent.request_key,
            hold_key=intent.hold_key,
            expires_at=intent.expires_at or (amount > 0 and asset._expiry()) or None,
            allow_owed=intent.allow_owed,
            **intent.context.columns(env),
        )
        ids.append(posting_id)
        if is_new:
            fresh.append(posting_id)
    apply_after_commit(env, fresh)
    return env["member.posting"].browse(ids)


def capture(
    env,
    key,
    *,
    direction="out",
    amount=None,
    kind="spend",
    request_key=None,
    context=None,
    found=None,
):
    """Claim a hold for a document, in the document's transaction.

    A hold that takes (`out`) becomes a debit, reserved room (`in`) a credit; a hold of
    the other direction is none. `amount` (positive) may be less than what was held,
    never more. `found` is what `find_hold` told of this key in this transaction.

    :raise HoldMissing, HoldReleased, HoldExpired: there is nothing to claim.
    :raise KeyReused: another document claimed it.
    :raise InvalidAmount: more than was held.
    """
    found = found or find_hold(env, key)
    if not found or found["direction"] != direction:
        raise HoldMissing(
            env._(
                "This wallet payment was not reserved. Remove it and pay again "
                "with the member's PIN."
            )
        )
    asset = asset_of(env, found["asset_id"])
    taken = found["amount"] if amount is None else exact(env, asset, amount)
    if taken > found["amount"]:
        raise InvalidAmount(
            env._(
                "%(held)s was reserved, %(asked)s cannot be taken.",
                held=asset._format(found["amount"]),
                asked=asset._format(taken),
            )
        )
    if found["state"] in ("released", "expired"):
        raise_gone(env, found["state"])
    posting_id, is_new = insert_posting(
        env,
        partner_id=found["partner_id"],
        asset_id=asset.id,
        amount=taken if found["direction"] == "in" else -taken,
        kind=kind,
        request_key=request_key or key,
        hold_key=key,
        expires_at=asset._expiry() if found["direction"] == "in" else None,
        **(context or Context()).columns(env),
    )
    if is_new:
        apply_after_commit(env, [posting_id])
    return env["member.posting"].browse(posting_id)


def capture_agreed(env, key, *, asset_id, amount, context):
    """Claim a hold that is what the document says, all of it, in one statement.

    For the usual payment at a till. `capture` says what is wrong with the others.

    :return: `(partner_id, card_id)` of the hold, or None where it is pending no more,
        of another asset or amount, or not there: nothing is claimed then.
    """
    claim = insert_claim(
        env,
        key=key,
        asset_id=asset_id,
        amount=exact(env, asset_of(env, asset_id), amount),
        **context.columns(env),
    )
    if not claim:
        return None
    posting_id, partner_id, card_id = claim
    apply_after_commit(env, [posting_id])
    return partner_id, card_id


def reverse(
    env,
    posting,
    *,
    amount,
    request_key,
    kind="refund",
    hold_key=None,
    allow_owed=False,
    context=None,
):
    """Take back `amount` (positive) of a posting, to the same asset and the same lots.

    All reversals of one posting together never exceed it: a conditional UPDATE of its
    row decides between two documents, and Odoo replays the loser. Reversing a credit
    is a debit, so it needs a hold of its own or `allow_owed`.

    :raise ReversalTooLarge: less than that is left to reverse.
    """
    posting.ensure_one()
    asset = asset_of(env, posting.sudo().asset_id.id)
    taken = exact(env, asset, amount)
    known = find_posting(env, asset.id, kind, request_key)
    if not known:
        row = run(
            env,
            """UPDATE member_posting SET reversed_amount = reversed_amount + %(taken)s
                WHERE id = %(id)s AND state IN ('pending', 'applied')
                  AND reversed_amount + %(taken)s <= abs(amount)
            RETURNING partner_id, sign(amount)""",
            {"taken": taken, "id": posting.id},
        ).fetchone()
        if not row:
            (remaining,) = run(
                env,
                "SELECT abs(amount) - reversed_amount FROM member_posting "
                "WHERE id = %s",
                [posting.id],
            ).fetchone()
            raise ReversalTooLarge(
                env._(
                    "Only %(remaining)s of this payment is left to be given back, "
                    "not %(asked)s.",
                    remaining=asset._format(remaining),
                    asked=asset._format(taken),
                ),
                remaining,
            )
        partner_id, sign = row
        if sign > 0 and not hold_key and not allow_owed:
            raise InvalidAmount(
                env._("A debit takes what was held before: hold it first.")
            )
    else:
        partner_id, sign = known["partner_id"], -known["amount"]
    posting_id, is_new = insert_posting(
        env,
        partner_id=partner_id,
        asset_id=asset.id,
        amount=-taken if sign > 0 else taken,
        kind=kind,
        request_key=request_key,
        hold_key=hold_key,
        allow_owed=allow_owed,
        reverses_posting_id=posting.id,
        **(context or Context()).columns(env),
    )
    posting.invalidate_recordset(["reversed_amount"], flush=False)
    if is_new:
        apply_after_commit(env, [posting_id])
    return env["member.posting"].browse(posting_id)


# === ROWS === #

_CONTENT = (
    "partner_id",
    "amount",
    "hold_key",
    "reverses_posting_id",
    "res_model",
    "res_id",
)
"""What two postings with one key must share to be the same posting."""


def insert_posting(env, **values) -> tuple[int, bool]:
    """Insert one intent; return its id and whether it is new."""
    values.setdefault("owed", Decimal(0))
    values.setdefault("allow_owed", False)
    names = [*values, "reversed_amount", "state", "created_at"]
    row = run(
        env,
        SQL(
            """INSERT INTO member_posting (%s)
               VALUES (%s, 0, 'pending', now() AT TIME ZONE 'utc')
               ON CONFLICT DO NOTHING RETURNING id""",
            SQL(", ").join(SQL.identifier(name) for name in names),
            SQL(", ").join(SQL("%s", value) for value in values.values()),
        ),
    ).fetchone()
    if row:
        return row[0], True
    known = find_posting(env, values["asset_id"], values["kind"], values["request_key"])
    if known and all(known[name] == values.get(name) for name in _CONTENT):
        return known["id"], False
    if not known and values.get("hold_key"):
        taken = find_hold(env, values["hold_key"])
        if taken and taken["state"] in ("released", "expired"):
            raise_gone(env, taken["state"])
    raise KeyReused(
        env._(
            "This payment was recorded before with other content. Nothing was "
            "recorded again; look at the member's entries."
        )
    )


_CLAIMED_AS = ", ".join("h.card_id" if n == "card_id" else f"%({n})s" for n in ORIGIN)
_INSERT_CLAIM = f"""
    INSERT INTO member_posting (partner_id, asset_id, amount, owed, allow_owed, kind,
                                request_key, hold_key, reversed_amount, state,
                                created_at, {", ".join(ORIGIN)})
    SELECT h.partner_id, h.asset_id, -h.amount, 0, false, 'spend', h.key, h.key, 0,
           'pending', now() AT TIME ZONE 'utc', {_CLAIMED_AS}
      FROM member_hold h
     WHERE h.key = %(key)s AND h.asset_id = %(asset_id)s AND h.amount = %(amount)s
       AND h.direction = 'out' AND h.state = 'pending'
        ON CONFLICT DO NOTHING RETURNING id, partner_id, card_id"""


def insert_claim(env, **values):
    """Insert the spending that a pending hold backs; return its id, member and card."""
    return run(env, _INSERT_CLAIM, values).fetchone()


def find_posting(env, asset_id, kind, request_key):
    return run(
        env,
        """SELECT id, partner_id, amount, hold_key, reverses_posting_id, res_model,
                  res_id
             FROM member_posting
            WHERE asset_id = %s AND kind = %s AND request_key = %s""",
        [asset_id, kind, request_key],
    ).dictfetchone()


def apply_after_commit(env, posting_ids) -> None:
    """Apply these intents once the caller's transaction has committed."""
    if not posting_ids:
        return
    postcommit = env.cr.postcommit
    if pending := postcommit.data.get(_PENDING):
        pending.extend(posting_ids)
        return
    postcommit.data[_PENDING] = list(posting_ids)

    @postcommit.add
    def apply_pending():
        ids = postcommit.data.pop(_PENDING, [])
        try:
            with callers_connection(env):
                apply(env, ids)
        except Exception:
            # the document is committed: its user must not be told that it failed
            _logger.exception("member ledger: postings %s are left to recovery", ids)


def find_hold(env, key):
    """Return a hold's columns as the caller sees it; if unseen, as it stands now.

    None when no hold has this key.
    """
    query = SQL(
        """SELECT partner_id, asset_id, direction, amount, state, expires_at, card_id,
                  pos_config_id
             FROM member_hold WHERE key = %s""",
        key,
    )
    if found := run(env, query).dictfetchone():
        return found
    with ledger_cursor(env) as cr:
        cr.execute(query)
        return cr.dictfetchone()


def raise_gone(env, state):
    if state == "released":
        raise HoldReleased(
            env._("This wallet payment was given back. Pay again with the PIN.")
        )
    raise HoldExpired(
        env._("The reservation of this wallet payment has run out. Pay again.")
    )
