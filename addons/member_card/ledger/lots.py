"""Lots: which of them pay a debit, and where a credit goes.

A lot is what came in with one credit. These functions read and decide; `entries.py`
writes what they say.
"""

from dataclasses import dataclass, field


class Contradiction(Exception):
    """A posting that cannot be applied as it stands; its text goes to a human."""


@dataclass(frozen=True)
class Lots:
    """What an entry does to lots.

    `uses`: `(lot_id, signed amount, expires_at)` of lots there are; `new`:
    `(amount, expires_at)` of lots to lay down; `left`: when what stays open expires,
    None where the other lots stay as they were.
    """

    uses: list = field(default_factory=list)
    new: list = field(default_factory=list)
    left: list | None = None

    def next_expiry(self, before):
        """Return when the soonest open lot expires, `before` being what it was."""
        known = [before] if self.left is None else self.left
        filled = [expiry for _lot, amount, expiry in self.uses if amount > 0]
        laid = [expiry for _amount, expiry in self.new]
        return min(filter(None, [*known, *filled, *laid]), default=None)


def lots_out(cr, posting, amount):
    """Choose the lots that pay `amount`, soonest expiry first.

    A hold is entitled to the lots that lived when it was placed. Undoing a credit takes
    what that credit brought first.
    """
    if not amount:
        return Lots()
    cr.execute(
        """SELECT l.id, l.remaining, l.expires_at
             FROM member_lot l JOIN member_entry e ON e.id = l.entry_id
            WHERE l.balance_id = %(balance)s AND l.remaining > 0
            ORDER BY e.posting_id = %(undone)s DESC NULLS LAST,
                     l.expires_at IS NULL OR l.expires_at > %(as_of)s DESC,
                     l.expires_at NULLS LAST, l.id""",
        {
            "balance": posting["balance_id"],
            "undone": posting["reverses_posting_id"],
            "as_of": posting["placed_at"] or posting["now"],
        },
    )
    uses, open_expiries, missing = [], [], amount
    for lot_id, remaining, expires_at in cr.fetchall():
        if taken := min(remaining, missing):
            uses.append((lot_id, -taken, expires_at))
            missing -= taken
        if taken < remaining:
            open_expiries.append(expires_at)
    if missing:
        raise Contradiction(f"the lots hold {missing} less than the balance")
    return Lots(uses, left=open_expiries)


def lots_in(cr, posting):
    """Say where a credit goes: back to lots that paid, or to new ones."""
    if posting["reverses_posting_id"]:
        return _lots_back(cr, posting)
    if posting["mirror_posting_id"]:
        return Lots(new=_lots_of_other_side(cr, posting))
    return Lots(new=[(posting["amount"], posting["expires_at"])])


def _lots_back(cr, posting):
    """Give back to the lots that paid, the last used first; expired ones live again."""
    cr.execute(
        """WITH original AS (SELECT id FROM member_entry
                              WHERE posting_id = %(original)s),
                touched AS (SELECT id FROM original UNION ALL
                            SELECT r.id FROM member_entry r
                              JOIN original o ON r.reverses_id = o.id)
           SELECT l.id, l.balance_id, -sum(u.amount),
                  CASE WHEN l.expires_at <= %(now)s
                       THEN %(now)s + a.revival_days * interval '1 day'
                       ELSE l.expires_at END
             FROM member_lot_use u
             JOIN touched t ON t.id = u.entry_id
             JOIN member_lot l ON l.id = u.lot_id
             JOIN member_asset a ON a.id = %(asset)s
            GROUP BY l.id, a.revival_days HAVING sum(u.amount) < 0
            ORDER BY l.expires_at DESC NULLS FIRST, l.id DESC""",
        {
            "original": posting["reverses_posting_id"],
            "now": posting["now"],
            "asset": posting["asset_id"],
        },
    )
    uses, new, left = [], [], posting["amount"]
    for lot_id, balance_id, used, expires_at in cr.fetchall():
        given = min(used, left)
        if not given:
            break
        left -= given
        if balance_id == posting["balance_id"]:
            uses.append((lot_id, given, expires_at))
        else:  # the member was merged into another since
            new.append((given, expires_at))
    if left:
        new.append((left, posting["expires_at"]))
    return Lots(uses, new)


def _lots_of_other_side(cr, posting):
    """Return the lots that a transfer took, to be laid down again with their expiry."""
    cr.execute(
        """SELECT -u.amount, l.expires_at
             FROM member_lot_use u
             JOIN member_entry e ON e.id = u.entry_id
             JOIN member_lot l ON l.id = u.lot_id
            WHERE e.posting_id = %s ORDER BY u.id""",
        [posting["mirror_posting_id"]],
    )
    return cr.fetchall()
