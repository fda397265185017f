"""Hold a lock in the way of a request, and see that it has come that far."""

import time
from contextlib import contextmanager

from tests.support import database

LIMIT = 60
"""Seconds after which something that must happen counts as not happening."""

WAITING = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock'"""


@contextmanager
def locked(shop, statement, *parameters):
    """Hold what this statement locks; gives the connection, to roll it back earlier."""
    with (
        database.connection(shop.database, autocommit=False) as conn,
        conn.cursor() as cr,
    ):
        cr.execute(statement, parameters)
        yield conn
        conn.rollback()


def waiting_backend(shop):
    """Return the process of a statement that waits for a lock, once there is one."""
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        if found := shop.query(WAITING):
            return found[0][0]
    raise AssertionError("nothing waits for the lock")
