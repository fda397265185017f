"""Throwaway databases, copied from the template that has our add-ons."""

import itertools
import json
import os
import subprocess
from contextlib import contextmanager

import psycopg2

from tests.support.settings import setting
from tests.support.shell import close_shell
from tools import cache

_numbers = itertools.count(1)


def client(program, *arguments):
    """Run a PostgreSQL client program against the set-up's server."""
    subprocess.run([program, *arguments], check=True, capture_output=True, text=True)


def create(template):
    """Copy a template into a database with a name of its own."""
    close_shell(template)
    name = f"member_e2e_{os.getpid()}_{next(_numbers)}"
    client("createdb", "-T", template, "--strategy=file_copy", name)
    return name


def drop(name):
    close_shell(name)
    client("dropdb", "--if-exists", "--force", name)


@contextmanager
def throwaway(template=None):
    """Give a copy of the template, dropped afterwards whatever happened."""
    name = create(template or setting("TEMPLATE_DB"))
    try:
        yield name
    finally:
        drop(name)


@contextmanager
def shared(key, build, template=None):
    """Give a template that the parts of one run share, and what is known of it.

    The first part that wants `key` copies a template and has `build(name)` fill it,
    which returns what to know, as JSON has it. Nobody but `build` connects to it. A
    part that runs by itself has it for itself.
    """
    template = template or setting("TEMPLATE_DB")
    run = os.environ.get("SHARED_DB")
    if not run:
        with throwaway(template) as name:
            yield name, build(name)
        return
    name = f"{run}_{key}"
    with cache.lock(f"shared_{key}"):
        if not (known := _comment(name)):
            drop(name)
            close_shell(template)
            client("createdb", "-T", template, "--strategy=file_copy", name)
            known = json.dumps(build(name))
            close_shell(name)
            query("postgres", f'COMMENT ON DATABASE "{name}" IS %s', [known])
    yield name, json.loads(known)


def _comment(name):
    """Return what was noted when the database was complete."""
    rows = query(
        "postgres",
        """SELECT shobj_description(oid, 'pg_database') FROM pg_database
            WHERE datname = %s""",
        [name],
    )
    return rows[0][0] if rows else None


@contextmanager
def connection(name, *, autocommit=True):
    """Give a plain connection, to look behind Odoo's back or to act there."""
    conn = psycopg2.connect(dbname=name)
    conn.autocommit = autocommit
    try:
        yield conn
    finally:
        conn.close()


def query(name, sql, parameters=()):
    """Run one statement and return its rows, if it has any."""
    with connection(name) as conn, conn.cursor() as cr:
        cr.execute(sql, parameters)
        return cr.fetchall() if cr.description else []
