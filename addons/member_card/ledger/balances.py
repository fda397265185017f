"""Balances: what they stand at, their freezing, and what books their entries."""

from decimal import Decimal

from odoo.tools import SQL

from .apply import apply
from .cursor import ledger_cursor, run
from .values import Figures


def figures(env, partner_id, asset_ids, *, fresh=False) -> dict[int, Figures]:
    """Return one member's figures by asset id, as the caller's snapshot sees them.

    With `fresh`, as they stand now: that snapshot may be older.
    """
    query = SQL(
        """SELECT asset_id, amount, held, incoming, owed FROM member_balance
            WHERE partner_id = %s AND asset_id = ANY(%s) AND merged_into_id IS NULL""",
        partner_id,
        list(asset_ids),
    )
    if fresh:
        with ledger_cursor(env) as cr:
            cr.execute(query)
            rows = cr.fetchall()
    else:
        rows = run(env, query).fetchall()
    found = {
        asset_id: Figures(amount=amount, held=held, incoming=incoming, owed=owed)
        for asset_id, amount, held, incoming, owed in rows
    }
    return {asset_id: found.get(asset_id, Figures()) for asset_id in asset_ids}


def available(env, partner_id, asset_id) -> Decimal:
    """Return what the member may spend of one asset: the amount less what is held."""
    return figures(env, partner_id, [asset_id])[asset_id].available


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


def ensure_balance(cr, partner_id, asset_id, company_id) -> int:
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
