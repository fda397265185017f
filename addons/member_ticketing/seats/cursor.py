from contextlib import contextmanager, nullcontext

from odoo.modules import module

from odoo.addons.member_card.errors import Busy
from odoo.addons.member_card.ledger.cursor import (
    ExactCursor,
    ledger_cursor,
    one_connection,
)

from .errors import SeatRefusal


@contextmanager
def seat_cursor(env):
    """Open a short READ COMMITTED transaction of its own; an error rolls it back.

    As the ledger's, and for the same reason: a rush makes a counter as hot as a shared
    wallet. Nothing that is written to counters and holds is written anywhere else.

    :raise SeatRefusal: (busy) a lock was not had in time; nothing was written.
    """
    if in_test():
        # a test's events are in its own transaction, which nobody else can see
        with env.cr.savepoint():
            yield ExactCursor(env.cr.connection)
        return
    try:
        with ledger_cursor(env) as cr:
            yield cr
    except Busy as error:
        raise SeatRefusal(
            "busy",
            env._("Many people are buying these seats. Please try again."),
        ) from error


def same_connection(env):
    """Have the own transactions inside, which follow each other, on one connection."""
    return nullcontext() if in_test() else one_connection(env)


def in_test() -> bool:
    """Tell whether a test runs: its transaction is never committed."""
    return bool(module.current_test)
