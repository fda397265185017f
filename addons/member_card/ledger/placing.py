"""Placing holds: one short transaction that reserves everything or nothing."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol

from ..errors import Frozen, Insufficient, KeyReused, OverCap
from .balances import ensure_balance
from .chain import ORIGIN
from .cursor import ledger_cursor
from .intents import raise_gone
from .values import Context, Held, HeldAmount


@dataclass(frozen=True, kw_only=True)
class Line:
    """One hold that is asked for."""

    partner_id: int
    asset: object
    amount: Decimal
    key: str

    @property
    def content(self):
        return self.partner_id, self.asset.id, self.amount, self.key


@dataclass(frozen=True, kw_only=True)
class Spread:
    """An amount of one member that is divided over pockets once they are looked at."""

    partner_id: int
    keys: dict
    amount: Decimal


class Proof(Protocol):
    """What is shown so that value of a member may be held, such as a PIN.

    It is looked at where the hold is placed, and once more by the very statement that
    places it, or before anything else is told: what others did meanwhile counts.
    """

    condition: str
    """SQL of that statement, true while the proof is good; with named parameters."""
    params: dict

    def passes(self, cr) -> bool:
        """Tell whether it is good and there is nothing to be written for it."""

    def settle(self) -> None:
        """Write what is to be written, in a transaction of its own; raise if not good.

        A wrong try is counted here, where the end of no hold undoes it.
        """

    def refusal(self, cr) -> Exception | None:
        """Say why `condition` is not true; None if that is not the reason."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked for: `lines`, or one amount to `spread` over pockets."""

    key: str
    ttl: int
    context: Context
    direction: str = "out"
    cap: Decimal | None = None
    lines: list[Line] = field(default_factory=list)
    spread: Spread | None = None
    within: Callable | None = None
    """Called with the cursor once all is held, unless this was answered before."""
    proof: Proof | None = None

    @property
    def owners(self):
        """The (partner, asset) pairs whose balances this request is about."""
        if self.spread:
            return [(self.spread.partner_id, asset.id) for asset in self.spread.keys]
        return [(line.partner_id, line.asset.id) for line in self.lines]

    @property
    def partner_ids(self):
        return list({partner_id for partner_id, _asset in self.owners})


def hold_once(env, request) -> HeldAmount:
    """Place the holds of a request in one transaction, or answer as it was answered."""
    with ledger_cursor(env) as cr:
        if not request.proof or request.proof.passes(cr):
            return _hold(env, cr, request)
    request.proof.settle()
    with ledger_cursor(env) as cr:
        return _hold(env, cr, request)


def _hold(env, cr, request) -> HeldAmount:
    known, balances = _find(cr, request)
    if known:
        _look_again(cr, request)
        held = _replayed(env, known, request)
    else:
        lines = _lines(env, cr, request, balances)
        # in the order of the balances, so that two holds never wait for each other
        lines.sort(key=lambda line: (balances[line.content[:2]].id or 0, line.key))
        held = [
            _place(env, cr, request, line, balances[line.content[:2]].id)
            for line in lines
        ]
        if request.within:
            request.within(cr)
    env["member.balance"].invalidate_model(["held", "incoming"], flush=False)
    free = {owner: balance.available for owner, balance in balances.items()}
    free |= {(line.partner_id, line.asset_id): line.available for line in held}
    return HeldAmount(lines=held, available=sum(free.values()))


@dataclass(frozen=True)
class _Found:
    """A balance as it stands before the hold; without an id there is none."""

    id: int | None = None
    available: Decimal = Decimal(0)


_FIND = """
    SELECT NULL AS key, b.id AS balance_id, b.partner_id, b.asset_id,
           b.amount - b.held AS available,
           NULL AS amount, NULL AS state, NULL AS direction, NULL AS expires_at
      FROM member_balance b
     WHERE b.partner_id = ANY(%(partner_ids)s) AND b.asset_id = ANY(%(asset_ids)s)
       AND b.merged_into_id IS NULL
 UNION ALL
   (SELECT h.key, h.balance_id, h.partner_id, h.asset_id, b.amount - b.held,
           h.amount, h.state, h.direction, h.expires_at
      FROM member_hold h JOIN member_balance b ON b.id = h.balance_id
     WHERE h.request_key = %(request_key)s ORDER BY h.id)"""


def _find(cr, request) -> tuple[list[dict], dict[tuple[int, int], _Found]]:
    """Return the holds that were placed for this request before, and the balances.

    The balances are those that it is about, by (partner, asset). Room may be asked for
    where nothing ever came in: such a balance is opened here.
    """
    cr.execute(
        _FIND,
        {
            "partner_ids": request.partner_ids,
            "asset_ids": [asset_id for _partner, asset_id in request.owners],
            "request_key": request.key,
        },
    )
    rows = cr.dictfetchall()
    known = [row for row in rows if row["key"]]
    found = defaultdict(_Found)
    for row in rows:
        if not row["key"]:
            owner = row["partner_id"], row["asset_id"]
            found[owner] = _Found(row["balance_id"], row["available"])
    if request.direction == "in":
        for line in request.lines:
            owner = line.partner_id, line.asset.id
            if owner not in found:
                company_id = line.asset.company_id.id
                found[owner] = _Found(ensure_balance(cr, *owner, company_id))
    return known, found


def _look_again(cr, request):
    """Refuse where the proof, good when it was looked at first, is so no more."""
    if request.proof and (refusal := request.proof.refusal(cr)):
        raise refusal


def _lines(env, cr, request, balances) -> list[Line]:
    if not (spread := request.spread):
        return list(request.lines)
    lines, missing = [], spread.amount
    for asset, key in spread.keys.items():
        owner = spread.partner_id, asset.id
        if (part := min(balances[owner].available, missing)) > 0:
            lines.append(Line(partner_id=owner[0], asset=asset, amount=part, key=key))
            missing -= part
    if missing:
        _look_again(cr, request)
        available = spread.amount - missing
        raise Insufficient(
            env._(
                "The balance is only %(available)s.",
                available=next(iter(spread.keys))._format(available),
            ),
            available,
        )
    return lines


_HOLD_OUT = """
    UPDATE member_balance b SET held = b.held + %(amount)s
      FROM res_partner p
     WHERE b.id = %(balance_id)s AND p.id = b.partner_id AND p.member_state = 'active'
       AND p.is_member AND p.member_company_id = b.company_id
       AND NOT b.is_frozen AND b.merged_into_id IS NULL
       AND b.amount - b.held >= %(amount)s
       AND (b.next_expiry_at IS NULL OR b.next_expiry_at > now() AT TIME ZONE 'utc')
       AND NOT EXISTS (SELECT 1 FROM member_card c
                        WHERE c.id = %(card_id)s AND c.state <> 'issued')
       AND {proof}
 RETURNING b.amount - b.held AS available"""

_HOLD_IN = """
    UPDATE member_balance b SET incoming = b.incoming + %(amount)s
     WHERE b.id = %(balance_id)s AND b.merged_into_id IS NULL
       AND (%(cap)s::numeric IS NULL
            OR b.amount + b.incoming + %(amount)s <= %(cap)s::numeric)
 RETURNING b.amount - b.held AS available"""

_COLUMNS = (
    "partner_id",
    "asset_id",
    "balance_id",
    "direction",
    "amount",
    "key",
    "request_key",
    *ORIGIN,
)
_INSERT = f"""
    INSERT INTO member_hold ({", ".join(_COLUMNS)}, state, placed_at, expires_at)
    SELECT {", ".join(f"%({name})s" for name in _COLUMNS)}, 'pending',
           now() AT TIME ZONE 'utc',
           now() AT TIME ZONE 'utc' + %(ttl)s * interval '1 second'
      FROM reserved
        ON CONFLICT (key) DO NOTHING RETURNING expires_at"""


def _place(env, cr, request, line, balance_id) -> Held:
    """Reserve and write the hold, in one statement.

    Guard and movement are one UPDATE: what no number of tills can get round.
    """
    proof = request.proof
    update = _HOLD_OUT if request.direction == "out" else _HOLD_IN
    update = update.format(proof=proof.condition if proof else "true")
    cr.execute(
        f"WITH reserved AS ({update}), placed AS ({_INSERT})"
        " SELECT available, expires_at FROM reserved LEFT JOIN placed ON true",
        {
            **(proof.params if proof else {}),
            **request.context.columns(env),
            "partner_id": line.partner_id,
            "asset_id": line.asset.id,
            "balance_id": balance_id,
            "direction": request.direction,
            "amount": line.amount,
            "key": line.key,
            "request_key": request.key,
            "cap": request.cap,
            "ttl": request.ttl,
        },
    )
    if not (row := cr.fetchone()):
        _raise_refused(env, cr, request, line, balance_id)
    available, expires_at = row
    if not expires_at:
        raise KeyReused(
            env._("This payment line is reserved already. Remove it and pay again.")
        )
    return Held(
        key=line.key,
        partner_id=line.partner_id,
        asset_id=line.asset.id,
        amount=line.amount,
        available=available,
        expires_at=expires_at,
    )


# === REPLAYS AND REFUSALS === #


def _replayed(env, known, request) -> list[Held]:
    """Answer a request that was made before: the same answer, or why not."""
    if known[0]["direction"] != request.direction or not _is_same(known, request):
        raise KeyReused(
            env._("This request was made before with other amounts. Pay again.")
        )
    states = {row["state"] for row in known}
    for gone in ("released", "expired"):
        if gone in states:
            raise_gone(env, gone)
    names = ("key", "partner_id", "asset_id", "amount", "available", "expires_at")
    return [Held(**{name: row[name] for name in names}) for row in known]


def _is_same(known, request):
    if spread := request.spread:
        return {row["partner_id"] for row in known} == {spread.partner_id} and (
            sum(row["amount"] for row in known) == spread.amount
        )
    before = {
        (row["partner_id"], row["asset_id"], row["amount"], row["key"]) for row in known
    }
    return before == {line.content for line in request.lines}


def _raise_refused(env, cr, request, line, balance_id):
    """Say why the conditional UPDATE found nothing to update."""
    _look_again(cr, request)
    cr.execute(
        """SELECT p.is_member AND p.member_state = 'active'
                  AND p.member_company_id = coalesce(b.company_id, p.member_company_id),
                  coalesce(b.is_frozen, false),
                  coalesce(b.amount, 0), coalesce(b.held, 0), coalesce(b.incoming, 0),
                  (SELECT c.state FROM member_card c WHERE c.id = %s)
             FROM res_partner p LEFT JOIN member_balance b ON b.id = %s
            WHERE p.id = %s""",
        [request.context.card_id, balance_id, line.partner_id],
    )
    may_spend, is_frozen, owned, held, incoming, card_state = cr.fetchone()
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
    if not may_spend:
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
