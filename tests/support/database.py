"""Throwaway databases, copied from the template that has our add-ons."""

import itertools
import os
import subprocess
from contextlib import contextmanager

import psycopg2

from tests.support.settings import setting
from tests.support.shell import close_shell

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
