"""The verbs of the ledger. Nothing else moves value.

Two kinds of transaction, never mixed (docs/ledger.md says why, with figures):

* *hold*, *release*, *expire* and *apply* are short READ COMMITTED transactions of their
  own (`ledger_cursor`);
* *post*, *capture*, *reverse* only insert intents (`member.posting`) in the caller's
  transaction, atomically with the document, and touch neither hold nor balance. A
  post-commit hook applies them; `recover` applies what a crash left behind.

Amounts are `Decimal` in units of the asset. `Decimal`, `int` and `str` must be exact;
a `float` (what Odoo's fields give) is rounded to the asset's unit first. The callers
check rights; these functions check the rules of the ledger.
"""

import logging
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from odoo.tools import SQL

from .errors import (
    Frozen,
    HoldExpired,
    HoldMissing,
    HoldReleased,
    Insufficient,
    InvalidAmount,
    KeyReused,
    MergeRefused,
    OverCap,
    ReversalTooLarge,
    UnknownAsset,
)
from .ledger_apply import apply, expire_lots, recover_postings
from .ledger_chain import Problem, export_heads, verify
from .ledger_cursor import ExactCursor, ledger_cursor

__all__ = [
    "Context",
    "Figures",
    "Held",
    "Intent",
    "Problem",
    "apply",
    "available",
    "capture",
    "claimed",
    "expire",
    "export_heads",
    "figures",
    "freeze",
    "hold",
    "link",
    "merge",
    "post",
    "recover",
    "release",
    "reverse",
    "split",
    "transfer",
    "verify",
]

_logger = logging.getLogger(__name__)

HOLD_SECONDS = 900
"""How long a hold lasts unless its caller says otherwise."""
MAX_AMOUNT = Decimal(10) ** 11
"""An amount at or above this is a slip of the keyboard, not money."""
_PENDING = "member_card.pending_postings"


@dataclass(frozen=True, kw_only=True)
class Context:
    """Who, where, with what and for which document; copied onto every row."""

    store_id: int | None = None
    operator_id: int | None = None
    salesperson_id: int | None = None
    card_id: int | None = None
    pos_config_id: int | None = None
    res_model: str | None = None
    res_id: int | None = None
    reference: str | None = None
    note: str | None = None

    def columns(self, env) -> dict:
        """Return the columns, the operator being the user unless another is named."""
        values = {name: value or None for name, value in vars(self).items()}
        values["operator_id"] = self.operator_id or env.uid
        return values


@dataclass(frozen=True, kw_only=True)
class Intent:
    """One movement that a document wants: signed `amount` of an asset of a member.

    A debit needs either `hold_key` (it takes what was held) or `allow_owed` (a
    claw-back: what is free is taken, the rest is owed).
    """

    partner_id: int
    asset_id: int
    amount: Decimal | int | str | float
    kind: str
    request_key: str
    hold_key: str | None = None
    expires_at: object = None
    allow_owed: bool = False
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, kw_only=True)
class Held:
    """One hold as it was placed; `available` is what is free after it."""

    key: str
    partner_id: int
    asset_id: int
    amount: Decimal
    available: Decimal
    expires_at: object


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One balance as it stands; all zero when the member never had this asset."""

    amount: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    incoming: Decimal = Decimal(0)
    owed: Decimal = Decimal(0)

    @property
    def available(self) -> Decimal:
        return self.amount - self.held


# === READING === #


def figures(env, partner_id, asset_ids) -> dict[int, Figures]:
    """Return the figures of one member's balances by asset id, as the caller sees them."""
    cr = _run(
        env,
        """SELECT asset_id, amount, held, incoming, owed FROM member_balance
            WHERE partner_id = %s AND asset_id = ANY(%s) AND merged_into_id IS NULL""",
        [partner_id, list(asset_ids)],
    )
    found = {
        asset_id: Figures(amount=amount, held=held, incoming=incoming, owed=owed)
        for asset_id, amount, held, incoming, owed in cr.fetchall()
    }
    return {asset_id: found.get(asset_id, Figures()) for asset_id in asset_ids}


def available(env, partner_id, asset_id) -> Decimal:
    """Return what the member may spend of one asset: the amount less what is held."""
    return figures(env, partner_id, [asset_id])[asset_id].available


def split(env, partner_id, company, amount, kinds=("bonus", "principal")):
    """Divide a payment over the member's pockets, in their spending order.

    :return: `[(member.asset, Decimal)]`; their sum is at most `amount`, and less when
        the pockets hold less.
    """
    # sudo: which pockets a company has is no secret to whoever may take a payment
    assets = (
        env["member.asset"]
        .sudo()
        .search(
            [("company_id", "=", company.root_id.id), ("kind", "in", list(kinds))],
            order="spending_order, id",
        )
    )
    pockets, found = [], figures(env, partner_id, assets.ids)
    left = Decimal(str(amount))
    for asset in assets:
        part = min(found[asset.id].available, left)
        if part > 0:
            pockets.append((asset, part))
            left -= part
    return pockets


# === INTENTS, IN THE CALLER'S TRANSACTION === #


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
        asset = _asset(env, intent.asset_id)
        amount = _exact(env, asset, abs_of(intent.amount))
        if _is_negative(intent.amount):
            amount = -amount
            if not intent.hold_key and not intent.allow_owed:
                raise InvalidAmount(
                    env._("A debit takes what was held before: hold it first.")
                )
        posting_id, is_new = _insert_posting(
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
    _apply_after_commit(env, fresh)
    return env["member.posting"].browse(ids)


def capture(env, key, *, amount=None, kind="spend", request_key=None, context=None):
    """Claim a hold for a document, in the document's transaction.

    A hold that takes (`out`) becomes a debit, reserved room (`in`) a credit. `amount`
    (positive) may be less than what was held, never more.

    :raise HoldMissing, HoldReleased, HoldExpired: there is nothing to claim.
    :raise KeyReused: another document claimed it.
    :raise InvalidAmount: more than was held.
    """
    found = _find_hold(env, key)
    if not found:
        raise HoldMissing(
            env._(
                "This wallet payment was not reserved. Remove it and pay again "
                "with the member's PIN."
            )
        )
    asset = _asset(env, found["asset_id"])
    taken = found["amount"] if amount is None else _exact(env, asset, amount)
    if taken > found["amount"]:
        raise InvalidAmount(
            env._(
                "%(held)s was reserved, %(asked)s cannot be taken.",
                held=found["amount"],
                asked=taken,
            )
        )
    if found["state"] in ("released", "expired"):
        _raise_gone(env, found["state"])
    posting_id, is_new = _insert_posting(
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
        _apply_after_commit(env, [posting_id])
    return env["member.posting"].browse(posting_id)


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
    asset = _asset(env, posting.sudo().asset_id.id)
    taken = _exact(env, asset, amount)
    known = _find_posting(env, asset.id, kind, request_key)
    if not known:
        row = _run(
            env,
            """UPDATE member_posting SET reversed_amount = reversed_amount + %(taken)s
                WHERE id = %(id)s AND state IN ('pending', 'applied')
                  AND reversed_amount + %(taken)s <= abs(amount)
            RETURNING partner_id, sign(amount)""",
            {"taken": taken, "id": posting.id},
        ).fetchone()
        if not row:
            (remaining,) = _run(
                env,
                "SELECT abs(amount) - reversed_amount FROM member_posting WHERE id = %s",
                [posting.id],
            ).fetchone()
            raise ReversalTooLarge(
                env._(
                    "Only %(remaining)s of this payment is left to be given back, "
                    "not %(asked)s.",
                    remaining=remaining,
                    asked=taken,
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
    posting_id, is_new = _insert_posting(
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
        _apply_after_commit(env, [posting_id])
    return env["member.posting"].browse(posting_id)


def transfer(
    env,
    source_partner_id,
    target_partner_id,
    asset_id,
    amount,
    request_key,
    context=None,
):
    """Move value between two members of the company; lots keep their expiry.

    Holds the amount (an own transaction), then inserts both intents in the caller's.

    :return: `member.posting`: the debit and the credit.
    """
    context = context or Context()
    hold_key = f"{request_key}:out"
    hold(
        env,
        [(source_partner_id, asset_id, amount, hold_key)],
        hold_key,
        context=context,
    )
    out = capture(env, hold_key, kind="transfer_out", context=context)
    posting_id, is_new = _insert_posting(
        env,
        partner_id=target_partner_id,
        asset_id=asset_id,
        amount=-_amount_of(env, out),
        kind="transfer_in",
        request_key=request_key,
        mirror_posting_id=out.id,
        **context.columns(env),
    )
    if is_new:
        _apply_after_commit(env, [posting_id])
    return out | env["member.posting"].browse(posting_id)


def merge(env, source_partner_ids, target_partner_id, context=None):
    """Move all that the sources own or owe to the target, for a merge of contacts.

    The sources' balances stay, with their history, marked as merged; nobody can hold
    them from here on.

    :raise MergeRefused: value of a source is held, or on its way.
    """
    columns = (context or Context()).columns(env)
    env.flush_all()
    sources = list(source_partner_ids)
    _apply_pending_of(env, sources)
    cr = _run(
        env,
        """UPDATE member_balance SET merged_into_id = id
            WHERE partner_id = ANY(%s) AND merged_into_id IS NULL
              AND held = 0 AND incoming = 0
        RETURNING id, asset_id, company_id, amount, owed""",
        [sources],
    )
    rows = cr.fetchall()
    cr.execute(
        """SELECT 1 FROM member_balance
            WHERE partner_id = ANY(%(sources)s) AND merged_into_id IS NULL
            UNION ALL
           SELECT 1 FROM member_posting
            WHERE partner_id = ANY(%(sources)s) AND state = 'pending'""",
        {"sources": sources},
    )
    if cr.fetchone():
        raise MergeRefused(
            env._(
                "A payment of one of these members is in progress. Finish or release "
                "it first, then merge."
            )
        )
    fresh = []
    for balance_id, asset_id, company_id, amount, owed in sorted(rows):
        target_id = _ensure_balance(cr, target_partner_id, asset_id, company_id)
        cr.execute(
            "UPDATE member_balance SET merged_into_id = %s WHERE id = %s",
            [target_id, balance_id],
        )
        if not amount and not owed:
            continue
        request_key = f"merge:{balance_id}:{target_id}"
        common = {"asset_id": asset_id, "request_key": request_key, **columns}
        out_id, _new = _insert_posting(
            env,
            partner_id=target_partner_id,
            amount=-amount,
            owed=-owed,
            kind="transfer_out",
            balance_id=balance_id,
            **common,
        )
        in_id, _new = _insert_posting(
            env,
            partner_id=target_partner_id,
            amount=amount,
            owed=owed,
            kind="transfer_in",
            balance_id=target_id,
            mirror_posting_id=out_id,
            **common,
        )
        fresh += [out_id, in_id]
    env["member.balance"].invalidate_model(flush=False)
    _apply_after_commit(env, fresh)


# === HOLDS, IN TRANSACTIONS OF THEIR OWN === #


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
        asset = _asset(env, asset_id)
        asked.append((partner_id, asset, _exact(env, asset, amount), key))
    if not asked:
        raise InvalidAmount(env._("There is nothing to reserve."))
    try:
        return _hold_once(env, asked, request_key, ttl, direction, cap, context)
    except (Insufficient, OverCap, KeyReused):
        # money may wait in intents that a crash left behind, in holds that ran out, or
        # be due to expire; or the same request came twice at once: settle, look again
        partner_ids = [partner_id for partner_id, *_rest in asked]
        _apply_pending_of(env, partner_ids)
        _expire_holds(env, partner_ids)
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


def expire(env) -> int:
    """Expire holds and lots that are due; return how many. For the job."""
    return _expire_holds(env) + expire_lots(env)


def recover(env) -> int:
    """Apply every intent that a crash left behind; return how many."""
    return recover_postings(env)


def freeze(env, balance, frozen: bool) -> None:
    """Block or free the spending of balances; refunds always go through."""
    with ledger_cursor(env) as cr:
        cr.execute(
            "UPDATE member_balance SET is_frozen = %s WHERE id = ANY(%s)",
            [frozen, balance.ids],
        )
    balance.invalidate_recordset(["is_frozen"], flush=False)


def link(env, pairs) -> int:
    """Record which journal item books which posting; return how many links are new.

    `pairs` is `[(posting_id, move_line_id)]`, both committed. Own transaction.
    """
    pairs = sorted(set(pairs))
    if not pairs:
        return 0
    apply(env, [posting_id for posting_id, _line in pairs])
    with ledger_cursor(env) as cr:
        cr.execute(
            """INSERT INTO member_entry_link (entry_id, move_line_id)
               SELECT e.id, p.line_id
                 FROM unnest(%s, %s) AS p (posting_id, line_id)
                 JOIN member_entry e ON e.posting_id = p.posting_id AND e.amount <> 0
               ON CONFLICT DO NOTHING""",
            [[posting for posting, _line in pairs], [line for _posting, line in pairs]],
        )
        count = cr.rowcount
    env["member.entry.link"].invalidate_model(flush=False)
    env["member.entry"].invalidate_model(["link_ids"], flush=False)
    return count


def _run(env, query, params=None) -> ExactCursor:
    """Execute in the caller's transaction; read the answer in exact numbers."""
    cr = ExactCursor(env.cr)
    cr.execute(query, params)
    return cr


# === AMOUNTS === #


def abs_of(amount):
    """Return the magnitude of an amount given in any accepted type."""
    if isinstance(amount, str):
        return amount.strip().removeprefix("-")
    return abs(amount)


def _is_negative(amount) -> bool:
    return amount.strip().startswith("-") if isinstance(amount, str) else amount < 0


def _exact(env, asset, amount) -> Decimal:
    """Return `amount` as a positive multiple of the asset's unit, or refuse it."""
    unit = asset._unit()
    try:
        value = Decimal(str(amount))
        if not value.is_finite():
            raise InvalidOperation
        rounded = value.quantize(unit, rounding=ROUND_HALF_UP)
    except InvalidOperation:
        raise InvalidAmount(
            env._("“%s” is not an amount. Enter a number.", amount)
        ) from None
    if not isinstance(amount, float) and rounded != value:
        raise InvalidAmount(
            env._(
                "%(amount)s is finer than %(unit)s, the smallest unit of %(asset)s.",
                amount=amount,
                unit=unit,
                asset=asset.name,
            )
        )
    if rounded <= 0:
        raise InvalidAmount(env._("Enter an amount above zero."))
    if rounded >= MAX_AMOUNT:
        raise InvalidAmount(env._("%s is too large. Check the amount.", f"{rounded:,}"))
    return rounded


def _asset(env, asset_id):
    # sudo: rounding and company of an asset are needed to refuse, whoever asks
    asset = env["member.asset"].sudo().browse(asset_id).exists()
    if not asset or not asset.active:
        raise UnknownAsset(env._("This kind of value is not set up in this company."))
    return asset


def _amount_of(env, posting) -> Decimal:
    query = "SELECT amount FROM member_posting WHERE id = %s"
    return _run(env, query, [posting.id]).fetchone()[0]


# === POSTINGS === #

_CONTENT = (
    "partner_id",
    "amount",
    "hold_key",
    "reverses_posting_id",
    "res_model",
    "res_id",
)
"""What two postings with one key must share to be the same posting."""


def _insert_posting(env, **values) -> tuple[int, bool]:
    """Insert one intent; return its id and whether it is new."""
    values.setdefault("owed", Decimal(0))
    values.setdefault("allow_owed", False)
    names = [*values, "reversed_amount", "state", "created_at"]
    row = _run(
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
    known = _find_posting(
        env, values["asset_id"], values["kind"], values["request_key"]
    )
    if known and all(known[name] == values.get(name) for name in _CONTENT):
        return known["id"], False
    if not known and values.get("hold_key"):
        taken = _find_hold(env, values["hold_key"])
        if taken and taken["state"] in ("released", "expired"):
            _raise_gone(env, taken["state"])
    raise KeyReused(
        env._(
            "This payment was recorded before with other content. Nothing was "
            "recorded again; look at the member's entries."
        )
    )


def _find_posting(env, asset_id, kind, request_key):
    return _run(
        env,
        """SELECT id, partner_id, amount, hold_key, reverses_posting_id, res_model, res_id
             FROM member_posting
            WHERE asset_id = %s AND kind = %s AND request_key = %s""",
        [asset_id, kind, request_key],
    ).dictfetchone()


def _apply_after_commit(env, posting_ids) -> None:
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
            apply(env, ids)
        except Exception:
            # the document is committed: its user must not be told that it failed
            _logger.exception("member ledger: postings %s are left to recovery", ids)


def _apply_pending_of(env, partner_ids) -> None:
    apply(env, partner_ids=partner_ids)


def _ensure_balance(cr, partner_id, asset_id, company_id) -> int:
    cr.execute(
        """INSERT INTO member_balance (partner_id, asset_id, company_id, amount, held,
                  incoming, owed, seq, last_hash, is_frozen)
           VALUES (%(partner)s, %(asset)s, %(company)s, 0, 0, 0, 0, 0, '', false)
           ON CONFLICT (partner_id, asset_id) WHERE merged_into_id IS NULL DO NOTHING
           RETURNING id""",
        {"partner": partner_id, "asset": asset_id, "company": company_id},
    )
    if row := cr.fetchone():
        return row[0]
    cr.execute(
        """SELECT id FROM member_balance
            WHERE partner_id = %s AND asset_id = %s AND merged_into_id IS NULL""",
        [partner_id, asset_id],
    )
    return cr.fetchone()[0]


# === HOLDS === #


def _find_hold(env, key):
    """Return the hold as the caller sees it; if unseen, as it stands now."""
    query = SQL(
        """SELECT partner_id, asset_id, direction, amount, state, expires_at
             FROM member_hold WHERE key = %s""",
        key,
    )
    if found := _run(env, query).dictfetchone():
        return found
    with ledger_cursor(env) as cr:
        cr.execute(query)
        return cr.dictfetchone()


def _raise_gone(env, state):
    if state == "released":
        raise HoldReleased(
            env._("This wallet payment was given back. Pay again with the PIN.")
        )
    raise HoldExpired(
        env._("The reservation of this wallet payment has run out. Pay again.")
    )


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
        return _ensure_balance(cr, partner_id, asset.id, asset.company_id.id)
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
        _raise_gone(env, min(gone, key="released".__ne__))
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


def _expire_holds(env, partner_ids=None) -> int:
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
