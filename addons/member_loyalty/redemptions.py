"""Taking rewards: points, the reward's number and its stock set aside together.

A redemption is reserved in one short transaction of the ledger: the points are held,
which locks the member's balance; then the reward's counter is raised by a conditional
UPDATE, and the redemption's row is written. Two tills that reach for the last gift
wait there for each other, one of them gets it, and the other's points were never held.

The document that uses the redemption only claims the hold (`ledger.capture`). What
became of it is read from hold and posting afterwards (redemption_outcome.py).
"""

from dataclasses import dataclass, field
from decimal import Decimal

from odoo import fields
from odoo.tools import SQL

from odoo.addons.member_card import ledger
from odoo.addons.member_card.errors import KeyReused
from odoo.addons.member_card.ledger.cursor import ledger_cursor

from .errors import RewardRefusal
from .redemption_outcome import follow, free_overdue
from .rewards import Expiring

STOCK_LOCK = "SELECT pg_advisory_xact_lock(28778, %s)"
"""One till at a time counts what is left of a product that is given away."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a member wants: `quantity` times a reward, for so many points."""

    key: str
    reward: object
    partner_id: int
    quantity: int
    points: Decimal
    value: Decimal
    product_id: int | None = None
    product_qty: Decimal = Decimal(0)
    warehouse_id: int | None = None
    is_from_stock: bool = False
    """Whether it can only be had while the warehouse has it."""
    is_for_expiring: bool = False
    """Whether only points that expire soon pay for it."""
    order_uuid: str | None = None
    context: ledger.Context = field(default_factory=ledger.Context)


# === RESERVE AND RELEASE === #


def reserve(env, wanted, *, ttl=ledger.HOLD_SECONDS) -> ledger.Held:
    """Hold the points and the reward together, and commit at once.

    The same key for the same reward answers as it was answered, and holds nothing
    twice. When there is too little, what has run out meanwhile is freed and it is tried
    once more.

    :raise RewardRefusal: sold_out, limit_reached, out_of_stock, not_expiring; nothing
        was held.
    :raise LedgerError: as `ledger.hold` does.
    """
    held = _hold(env, wanted, wanted.key, _insert, ttl)
    known = find(env, [wanted.key])[wanted.key]
    if (known["reward_id"], known["quantity"]) != (wanted.reward.id, wanted.quantity):
        raise KeyReused(
            env._("This was asked for before with another gift. Choose it again.")
        )
    return held


def reserve_again(env, wanted, hold_key, *, ttl=ledger.HOLD_SECONDS) -> ledger.Held:
    """Hold again what ran out before its order arrived, under another `hold_key`."""
    follow(env, keys=[wanted.key])
    return _hold(env, wanted, hold_key, _renew, ttl)


def release(env, keys) -> None:
    """Give points and rewards back; a document that claimed one first keeps it."""
    found = find(env, keys).values()
    ledger.release(env, [row["hold_key"] for row in found])
    follow(env, keys=keys)


def find(env, keys) -> dict[str, dict]:
    """Return the columns of redemptions by key, as they stand now.

    What a till reserved may be younger than the caller's snapshot.
    """
    if not keys:
        return {}
    with ledger_cursor(env) as cr:
        cr.execute(
            """SELECT key, hold_key, partner_id, company_id, reward_id, kind, quantity,
                      points, value, product_id, product_qty, warehouse_id, state,
                      pos_config_id, order_uuid
                 FROM member_redemption WHERE key = ANY(%s)""",
            [list(keys)],
        )
        return {row["key"]: row for row in cr.dictfetchall()}


def _hold(env, wanted, hold_key, write, ttl):
    def within(cr):
        _take(env, cr, wanted)
        write(cr, wanted, hold_key, ttl)

    asset = wanted.reward.company_id._member_asset("points")
    lines = [(wanted.partner_id, asset.id, wanted.points, hold_key)]
    try:
        return _held(env, lines, hold_key, ttl, wanted, within)
    except RewardRefusal:
        # others may have let go of it without anybody having looked since
        free_overdue(env, reward_ids=wanted.reward.ids)
        return _held(env, lines, hold_key, ttl, wanted, within)


def _held(env, lines, hold_key, ttl, wanted, within):
    (held,) = ledger.hold(
        env, lines, hold_key, ttl=ttl, context=wanted.context, within=within
    )
    env["member.reward"].invalidate_model(["held"], flush=False)
    return held


# === WHAT A RESERVATION TAKES === #


def _take(env, cr, wanted):
    """Raise the reward's counter; refuse what its limits do not allow.

    The member's balance is locked by the hold: nobody counts for this member beside us.
    """
    cr.execute(TAKE, {"quantity": wanted.quantity, "reward": wanted.reward.id})
    if not (row := cr.fetchone()):
        raise RewardRefusal(
            "sold_out",
            env._(
                "%(reward)s: none is left. Choose another gift.",
                reward=wanted.reward.name,
            ),
        )
    (limit,) = row
    if limit:
        _check_limit(env, cr, wanted, limit)
    if wanted.is_for_expiring:
        _check_expiring(cr, wanted)
    if wanted.is_from_stock and wanted.warehouse_id:
        _check_stock(env, cr, wanted)


def _check_limit(env, cr, wanted, limit):
    cr.execute(TAKEN_BY_MEMBER, [wanted.partner_id, [wanted.reward.id]])
    taken = dict(cr.fetchall()).get(wanted.reward.id, 0)
    if taken + wanted.quantity > limit:
        raise RewardRefusal(
            "limit_reached",
            env._(
                "%(reward)s: %(limit)s for each member, and this one has had "
                "%(taken)s. Choose another gift.",
                reward=wanted.reward.name,
                limit=limit,
                taken=taken,
            ),
        )


def lots_of(cr, partner_id, asset) -> tuple:
    """Return the lots of a member's points that will expire, as `Expiring.lots`.

    What is due already is in none of them.
    """
    cr.execute(LOTS, [partner_id, asset.id, fields.Datetime.now()])
    return tuple((left, asset._last_day_before(at)) for left, at in cr.fetchall())


def _check_expiring(cr, wanted):
    """Count again: another till may have held them since this one looked.

    What is held by now includes what this one asks for.
    """
    company = wanted.reward.company_id
    asset = company._member_asset("points")
    owner = [wanted.partner_id, asset.id]
    cr.execute(HELD, owner)
    (held,) = cr.fetchone()
    expiring = Expiring(
        today=company._member_today(),
        lots=lots_of(cr, wanted.partner_id, asset),
        held=held - wanted.points,
    )
    wanted.reward._check_expiring(expiring, wanted.points)


def _check_stock(env, cr, wanted):
    cr.execute(STOCK_LOCK, [wanted.product_id])
    cr.execute(FREE_STOCK, [[wanted.warehouse_id], [wanted.product_id]])
    free = dict(cr.fetchall()).get(wanted.product_id, Decimal(0))
    if free < wanted.product_qty:
        raise RewardRefusal(
            "out_of_stock",
            env._(
                "%(reward)s is not in stock here. Choose another gift.",
                reward=wanted.reward.name,
            ),
        )


TAKE = """
    UPDATE member_reward SET held = held + %(quantity)s
     WHERE id = %(reward)s AND active
       AND (coalesce(total_quantity, 0) = 0
            OR taken + held + %(quantity)s <= total_quantity)
 RETURNING limit_per_member"""
"""Guard and movement in one, which no number of tills can get round."""

TAKEN_BY_MEMBER = """
    SELECT reward_id, sum(quantity - returned_quantity) FROM member_redemption
     WHERE partner_id = %s AND reward_id = ANY(%s) AND state IN ('held', 'done')
     GROUP BY reward_id"""
"""How often a member has taken each of some rewards."""

HELD = """
    SELECT held FROM member_balance
     WHERE partner_id = %s AND asset_id = %s AND merged_into_id IS NULL"""

LOTS = """
    SELECT l.remaining, l.expires_at FROM member_lot l
      JOIN member_balance b ON b.id = l.balance_id
     WHERE b.partner_id = %s AND b.asset_id = %s AND b.merged_into_id IS NULL
       AND l.remaining > 0 AND l.expires_at > %s
     ORDER BY l.expires_at, l.id"""

FREE_STOCK = """
      WITH asked AS (SELECT w.id AS warehouse_id, w.company_id, l.parent_path
                       FROM stock_warehouse w
                       JOIN stock_location l ON l.id = w.view_location_id
                      WHERE w.id = ANY(%s)),
           here AS (SELECT q.product_id, q.quantity - q.reserved_quantity AS quantity
                      FROM stock_quant q
                      JOIN stock_location l ON l.id = q.location_id
                      JOIN asked ON l.parent_path LIKE asked.parent_path || '%%'
                     WHERE l.usage = 'internal'),
           promised AS (SELECT r.product_id, -r.product_qty AS quantity
                          FROM member_redemption r
                          JOIN asked ON asked.warehouse_id = r.warehouse_id
                     LEFT JOIN pos_order o
                            ON r.res_model = 'pos.order' AND o.id = r.res_id
                     LEFT JOIN pos_session s ON s.id = o.session_id
                     LEFT JOIN res_company c ON c.id = o.company_id
                         WHERE r.state = 'held'
                            OR r.state = 'done' AND s.state <> 'closed'
                           AND c.point_of_sale_update_stock_quantities = 'closing')
    SELECT product_id, sum(quantity)
      FROM (SELECT * FROM here UNION ALL SELECT * FROM promised) AS balance
     WHERE product_id = ANY(%s) GROUP BY product_id"""
"""What a warehouse has of products, less what is reserved or promised as a gift.

Stock that tills book when they close is promised until then.
"""

_COLUMNS = (
    "key",
    "hold_key",
    "partner_id",
    "company_id",
    "currency_id",
    "reward_id",
    "kind",
    "quantity",
    "points",
    "value",
    "product_id",
    "product_qty",
    "warehouse_id",
    "order_uuid",
    "state",
)


def _insert(cr, wanted, hold_key, ttl):
    company = wanted.reward.company_id
    values = {
        "key": wanted.key,
        "hold_key": hold_key,
        "partner_id": wanted.partner_id,
        "company_id": company.id,
        "currency_id": company.currency_id.id,
        "reward_id": wanted.reward.id,
        "kind": wanted.reward.kind,
        "quantity": wanted.quantity,
        "points": wanted.points,
        "value": wanted.value,
        "product_id": wanted.product_id,
        "product_qty": wanted.product_qty,
        "warehouse_id": wanted.warehouse_id,
        "order_uuid": wanted.order_uuid,
        "state": "held",
        **wanted.context.columns(wanted.reward.env),
    }
    cr.execute(
        SQL(
            """INSERT INTO member_redemption (%s, returned_quantity, returned_points,
                      placed_at, expires_at)
               VALUES (%s, 0, 0, now() AT TIME ZONE 'utc',
                       now() AT TIME ZONE 'utc' + %s * interval '1 second')""",
            SQL(", ").join(SQL.identifier(name) for name in values),
            SQL(", ").join(SQL("%s", value) for value in values.values()),
            ttl,
        )
    )


def _renew(cr, wanted, hold_key, ttl):
    cr.execute(
        """UPDATE member_redemption
              SET state = 'held', hold_key = %s,
                  expires_at = now() AT TIME ZONE 'utc' + %s * interval '1 second'
            WHERE key = %s AND state IN ('released', 'expired')""",
        [hold_key, ttl, wanted.key],
    )
