"""A clock that the demo turns back, so that a month goes by while it is built.

Everything is done by the verbs that people use, and they read two clocks: Python's,
which freezegun sets, and PostgreSQL's. `now()` and `clock_timestamp()` are looked up in
a schema of ours before PostgreSQL's own, in this database and while the clock runs;
afterwards nothing of it is left.
"""

from contextlib import contextmanager
from datetime import UTC, datetime

from freezegun import freeze_time

FUNCTIONS = """
    CREATE SCHEMA demo_clock;
    CREATE TABLE demo_clock.clock (behind interval NOT NULL);
    INSERT INTO demo_clock.clock VALUES ('0');
    CREATE FUNCTION demo_clock.now() RETURNS timestamptz LANGUAGE sql STABLE AS
        'SELECT pg_catalog.now() - behind FROM demo_clock.clock';
    CREATE FUNCTION demo_clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
        'SELECT pg_catalog.clock_timestamp() - behind FROM demo_clock.clock';
"""
SEARCH_PATH = "public, demo_clock, pg_catalog"
"""What is created goes to the first schema, as ever."""


class Clock:
    """Both clocks, set together. Every setting commits."""

    def __init__(self, env, frozen):
        self.env = env
        self.frozen = frozen

    def set(self, moment):
        """Make it `moment`, a naive datetime in UTC."""
        self.env.cr.commit()
        self.frozen.move_to(moment)
        self.env.cr.execute(
            "UPDATE demo_clock.clock"
            " SET behind = pg_catalog.clock_timestamp() AT TIME ZONE 'UTC' - %s",
            [moment],
        )
        self.env.cr.commit()


@contextmanager
def running(env):
    """Give a clock that can be set; afterwards it is now again."""
    cr = env.cr
    cr.commit()
    cr.execute(FUNCTIONS)
    _look_in(cr, SEARCH_PATH)
    try:
        with freeze_time(datetime.now(UTC).replace(tzinfo=None)) as frozen:
            yield Clock(env, frozen)
            cr.commit()
    finally:
        cr.rollback()
        _look_in(cr, None)
        cr.execute("DROP SCHEMA demo_clock CASCADE")
        cr.commit()


def _look_in(cr, path):
    """Set where this database looks names up; end the connections that do otherwise."""
    change = f"SET search_path = {path}" if path else "RESET search_path"
    cr.execute(f'ALTER DATABASE "{cr.dbname}" {change}')
    cr.execute(change)
    cr.commit()
    cr.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND usename = current_user"
    )
    cr.commit()
