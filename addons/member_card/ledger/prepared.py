"""Statements that PostgreSQL plans once on a connection, not at each call.

The ledger's own statements are few and long: planning them took longer than running
them. A prepared statement stays with its connection, which Odoo's pool keeps for the
next request; neither a rollback nor the pool's reset drops it.
"""

from weakref import WeakKeyDictionary

_names_on = WeakKeyDictionary()
"""The names of the statements that were prepared on each connection."""


class Prepared:
    """One statement, written with `%(name)s`, and the types of what it is given."""

    def __init__(self, name, query, types):
        """`types` is `{name: type}` of all that the query names; `%` stands as `%%`."""
        self._name = name
        numbered = {each: f"${place}" for place, each in enumerate(types, 1)}
        self._definition = (
            f"PREPARE {name} ({', '.join(types.values())}) AS {query % numbered}"
        )
        values = (f"%({each})s::{kind}" for each, kind in types.items())
        self._call = f"EXECUTE {name} ({', '.join(values)})"

    def call(self, cursor) -> str:
        """Return what executes it with its values; it is prepared where it was not."""
        names = _names_on.setdefault(cursor.connection, set())
        if self._name not in names:
            cursor.execute(self._definition)
            names.add(self._name)
        return self._call
