"""Give very many members points, by COPY. Runs inside Odoo (tools/populate.py).

The rows are what the verbs would have written: every entry is chained to the one before
and has its posting and its lot.
"""

from datetime import timedelta
from decimal import Decimal

from odoo import fields

from odoo.addons.member_card.ledger.chain import HASHED, chain_key, entry_hash
from odoo.addons.member_card.ledger.cursor import ExactCursor

LIFE = timedelta(days=365)
EVERY = timedelta(days=60)
"""Between two entries of a member."""
NULL = "\\N"

BALANCE = (
    "id", "partner_id", "asset_id", "company_id", "amount", "held", "incoming", "owed",
    "seq", "last_hash", "is_frozen", "next_expiry_at",
)  # fmt: skip
POSTING = (
    "id", "partner_id", "asset_id", "balance_id", "amount", "owed", "allow_owed",
    "kind", "request_key", "reversed_amount", "state", "created_at", "expires_at",
)  # fmt: skip
ENTRY = ("id", "hash", *HASHED)
LOT = ("balance_id", "entry_id", "amount", "remaining", "expires_at")


def copy_points(env, copy, reserve, partner_ids, each):
    """Write `each` earnings of 10, 20, 30 … points for members who have none yet.

    One every 60 days up to now, each good for a year: what is older is due to expire.

    :param copy, reserve: as in tools/populate_data.py.
    """
    asset = env.company._member_asset("points")
    if not asset or not each:
        return
    company_id = env.company._member_root().id
    key = chain_key(env, ExactCursor(env.cr.connection))
    now = fields.Datetime.now()
    count = len(partner_ids)
    balance_ids = reserve(env, "member_balance_id_seq", count)
    posting_ids = iter(reserve(env, "member_posting_id_seq", count * each))
    entry_ids = iter(reserve(env, "member_entry_id_seq", count * each))
    dates = [now - EVERY * (each - number) for number in range(1, each + 1)]
    balances, postings, entries, lots = [], [], [], []
    for partner_id, balance_id in zip(partner_ids, balance_ids, strict=True):
        total, previous = 0, ""
        for seq, date in enumerate(dates, 1):
            posting_id, entry_id = next(posting_ids), next(entry_ids)
            points, expires = 10 * seq, date + LIFE
            total += points
            entry = {
                **dict.fromkeys(HASHED),
                "balance_id": balance_id,
                "seq": seq,
                "date": date,
                "kind": "earn",
                "amount": Decimal(points),
                "balance_after": Decimal(total),
                "owed_change": Decimal(0),
                "request_key": f"populate:{partner_id}:{seq}",
                "posting_id": posting_id,
            }
            previous = entry_hash(key, previous, entry)
            entries.append((entry_id, previous, *map(as_text, entry.values())))
            postings.append(
                (
                    posting_id, partner_id, asset.id, balance_id, points, 0, "f",
                    "earn", entry["request_key"], 0, "applied", date, expires,
                )
            )  # fmt: skip
            lots.append((balance_id, entry_id, points, points, expires))
        balances.append(
            (
                balance_id, partner_id, asset.id, company_id, total, 0, 0, 0, each,
                previous, "f", dates[0] + LIFE,
            )
        )  # fmt: skip
    copy(env, "member_balance", BALANCE, balances)
    copy(env, "member_posting", POSTING, postings)
    copy(env, "member_entry", ENTRY, entries)
    copy(env, "member_lot", LOT, lots)


def as_text(value):
    return NULL if value is None else value
