"""The one door to the ledger's own short transactions, and to exact numbers."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from psycopg2.errors import LockNotAvailable
from psycopg2.extensions import (
    DECIMAL,
    ISOLATION_LEVEL_READ_COMMITTED,
    TRANSACTION_STATUS_IDLE,
    register_type,
)
from psycopg2.extensions import (
    connection as Connection,
)

from odoo.tools import SQL

from ..errors import Busy

LOCK_TIMEOUT_MS = 4000
"""How long a verb waits for another one on the same balance, in milliseconds."""
_at_hand = ContextVar("member_card.ledger_connection", default=None)


@dataclass
class _AtHand:
    """A connection that own transactions take before they borrow one."""

    connection: Connection
    is_lent: bool
    """Its owner gives up the transaction that is under way on it to the next one."""
    is_used: bool = False

    @property
    def is_free(self):
        if self.is_used or self.connection.readonly:
            return False
        return self.is_lent or _is_at_rest(self.connection)


class ExactCursor:
    """A cursor in the transaction of a connection that reads numbers as `Decimal`.

    Odoo's own cursors read `numeric` as `float`, which money must not pass through.
    """

    def __init__(self, connection, preamble=""):
        self._preamble = preamble
        self._cursor = connection.cursor()
        register_type(DECIMAL, self._cursor)

    @property
    def rowcount(self):
        return self._cursor.rowcount

    def execute(self, query, params=None):
        if isinstance(query, SQL):
            query, params = query.code, query.params
        # sent along with the first statement: a journey to the server less
        self._cursor.execute(self._preamble + query, params)
        self._preamble = ""

    def fetchone(self):
        return self._cursor.fetchone()

    def fetchall(self):
        return self._cursor.fetchall()

    def dictfetchone(self):
        row = self._cursor.fetchone()
        return row and dict(zip(self._names(), row, strict=True))

    def dictfetchall(self):
        names = self._names()
        return [dict(zip(names, row, strict=True)) for row in self._cursor.fetchall()]

    def _names(self):
        return [column.name for column in self._cursor.description]


def run(env, query, params=None) -> ExactCursor:
    """Execute in the caller's transaction; read the answer in exact numbers."""
    cr = ExactCursor(env.cr.connection)
    cr.execute(query, params)
    return cr


@contextmanager
def ledger_cursor(env, *, repeatable=False):
    """Open a READ COMMITTED transaction of its own; an error rolls it back.

    `repeatable` promises that whatever a crash of the database server loses will be
    done again: the commit then does not wait for the disk. Nothing is torn by that:
    later transactions that are on disk have all earlier ones before them.

    Odoo's cursors are REPEATABLE READ: a conflict on a shared wallet would replay the
    whole request after a random wait. Under READ COMMITTED a conditional UPDATE waits
    for the row and looks again.

    The caller must not have updated a ledger row in its own transaction: the two would
    wait for each other, which only the lock timeout ends. What the caller has written
    and not committed is invisible here, and what is written here may be invisible to
    the caller's older snapshot: verbs return the figures.

    :raise Busy: a lock was not had in time; nothing was written.
    """
    with _connection(env) as (connection, may_end):
        try:
            if may_end:
                with _transaction(connection, repeatable) as cr:
                    yield cr
            else:
                yield ExactCursor(connection)
        except LockNotAvailable as error:
            # Odoo would replay the whole request on this one
            raise Busy(
                env._("This wallet is in use at another till. Please try again.")
            ) from error


@contextmanager
def one_connection(env):
    """Have the own transactions inside, which follow each other, on one connection.

    Borrowing one takes as many journeys to the server as a short transaction.
    """
    if (at_hand := _at_hand.get()) and at_hand.is_free:
        yield
        return
    with env.registry.cursor() as cr, _keep_at_hand(cr.connection):
        yield


@contextmanager
def lent_connection(env):
    """Have the own transactions inside on the caller's connection, if it is at rest.

    For a request that is one verb of the ledger with the looks that lead up to it: it
    borrows no second connection, and what it reads inside is read at READ COMMITTED in
    the transaction of the verb that follows, and ends with it. The caller must write
    nothing inside that a verb inside may not commit or roll back. A caller that has
    read or written before keeps its transaction, and the verbs borrow as ever.
    """
    env.flush_all()
    connection = env.cr.connection
    if connection.readonly or not _is_at_rest(connection):
        yield
        return
    with _read_committed(connection), _keep_at_hand(connection, is_lent=True):
        yield


@contextmanager
def callers_connection(env):
    """Have the own transactions inside on the caller's connection.

    For hooks that run after its commit, when nothing of it is under way or unwritten.
    """
    with _keep_at_hand(env.cr.connection):
        yield


@contextmanager
def _keep_at_hand(connection, *, is_lent=False):
    token = _at_hand.set(_AtHand(connection, is_lent))
    try:
        yield
    finally:
        _at_hand.reset(token)


@contextmanager
def _connection(env):
    """Give a connection, that at hand or a borrowed one, and whether it may commit.

    Under tests the registry hands out a TestCursor on the test's own connection, which
    is in the test's transaction: that must be left alone.
    """
    at_hand = _at_hand.get()
    if at_hand and at_hand.is_free:
        at_hand.is_used = True
        try:
            yield at_hand.connection, True
        finally:
            at_hand.is_used = False
        return
    with env.registry.cursor() as cr:
        may_end = _is_at_rest(cr.connection)
        if not may_end:
            env.flush_all()
            # a test cursor takes note of where an error rolls back to
            cr.execute("SELECT 1")
        yield cr.connection, may_end


@contextmanager
def _transaction(connection, repeatable):
    """Give a cursor in a transaction; commit it, or roll back an error's."""
    preamble = f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS:d};"
    if repeatable:
        preamble += "SET LOCAL synchronous_commit = off;"
    with _read_committed(connection):
        try:
            yield ExactCursor(connection, preamble)
            connection.commit()
        finally:
            if not connection.closed:
                connection.rollback()  # nothing, once committed


@contextmanager
def _read_committed(connection):
    """Have transactions begun at READ COMMITTED; leave the connection as it was.

    Where one is under way at the end it stays as it is. Odoo sets the level anew for
    whoever borrows the connection next.
    """
    isolation = connection.isolation_level
    if isolation == ISOLATION_LEVEL_READ_COMMITTED:
        yield  # lent like that: setting it would end what is under way
        return
    connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)
    try:
        yield
    finally:
        if not connection.closed and _is_at_rest(connection):
            connection.set_isolation_level(isolation)


def _is_at_rest(connection):
    return connection.get_transaction_status() == TRANSACTION_STATUS_IDLE
