"""Kill this process, as a power cut would, at the point MEMBER_TEST_CRASH names.

| Point | When |
|---|---|
| `after_hold` | a hold is committed, its answer is not sent yet |
| `in_order` | an order has claimed its hold and is not committed |
| `before_apply` | an order is committed, its postings are not applied |
| `in_apply` | entry and balance are written and not committed |
| `after_place` | seats are held for a sale that is not written yet |
| `before_settle` | a sale is committed, its seats are not settled |
| `in_settle` | counters are written and not committed |
"""

import os
import signal
from functools import wraps

from odoo.addons.member_card.ledger import entries, holds, intents
from odoo.addons.member_ticketing.seats import after, backing, settling


def die(*_args, **_kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(function):
    @wraps(function)
    def last_call(*args, **kwargs):
        function(*args, **kwargs)
        die()

    return last_call


match os.environ.get("MEMBER_TEST_CRASH"):
    case "after_hold":
        holds.hold_once = die_after(holds.hold_once)
    case "in_order":
        intents.insert_claim = die_after(intents.insert_claim)
    case "before_apply":
        intents.apply = die
    case "in_apply":
        entries.Entries.flush = die_after(entries.Entries.flush)
    case "after_place":
        backing.place = die_after(backing.place)
    case "before_settle":
        after.settle = die
    case "in_settle":
        settling.settle_moves = die_after(settling.settle_moves)
