"""The verbs of the ledger. Nothing else moves value.

Two kinds of transaction, never mixed (docs/ledger.md says why, with figures):

* *hold*, *release*, *expire* and *apply* are short READ COMMITTED transactions of their
  own (`cursor.py`);
* *post*, *capture*, *reverse* only insert intents (`member.posting`) in the caller's
  transaction, atomically with the document, and touch neither hold nor balance. A
  post-commit hook applies them; `recover` applies what a crash left behind.

Amounts are `Decimal` in units of the asset. `Decimal`, `int` and `str` must be exact;
a `float` (what Odoo's fields give) is rounded to the asset's unit first. The callers
check rights; these functions check the rules of the ledger.
"""

from .apply import apply, recover_postings as recover
from .balances import available, figures, freeze, link
from .chain import Problem, export_heads, verify
from .expiry import expire_lots, lots_expired
from .holds import (
    HOLD_SECONDS,
    claimed,
    expire_holds,
    hold,
    hold_from,
    lapse,
    release,
    settle,
)
from .intents import capture, capture_agreed, find_hold, post, reverse
from .transfers import merge, transfer
from .values import MAX_AMOUNT, Context, Figures, Held, HeldAmount, Intent


def expire(env) -> int:
    """Expire holds and lots that are due; return how many. For the job."""
    return expire_holds(env) + expire_lots(env)
