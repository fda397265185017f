"""What follows the end of a transaction that sold or gave back seats."""

import logging

from odoo.addons.member_card.ledger.cursor import callers_connection

from .check import clean
from .cursor import in_test
from .holds import release
from .settling import AUTO, settle

_logger = logging.getLogger(__name__)
_PENDING = "member_ticketing.seats"
_DELETED = "member_ticketing.deleted"


def settle_after_commit(env, keys) -> None:
    """Settle these keys once the caller's transaction has committed.

    Those that a document took by itself are given back if their document is not
    there: because a part of its transaction was undone, or all of it.
    """
    if in_test():
        settle(env, list(keys))  # tests do not commit
        return
    postcommit = env.cr.postcommit
    if pending := postcommit.data.get(_PENDING):
        pending.update(keys)
        return
    postcommit.data[_PENDING] = set(keys)

    @postcommit.add
    def settle_pending():
        pending = postcommit.data.pop(_PENDING, set())
        try:
            with callers_connection(env):
                settle(env, sorted(pending))
                _give_back(env, pending)
        except Exception:
            # the document is committed: its user must not be told that it failed
            _logger.exception("seats %s are left to recovery", sorted(pending))


def release_after_rollback(env, key) -> None:
    """Give a hold back if the caller's transaction is rolled back."""
    if in_test():
        return  # the hold is in that transaction
    postrollback = env.cr.postrollback
    if pending := postrollback.data.get(_PENDING):
        pending.add(key)
        return
    postrollback.data[_PENDING] = {key}

    @postrollback.add
    def release_pending():
        pending = postrollback.data.pop(_PENDING, set())
        try:
            _give_back(env, pending)
        except Exception:
            # the caller has an error of its own to tell; the holds expire by themselves
            _logger.exception("holds %s are left to expire", sorted(pending))


def clean_after_commit(env, event_ids) -> None:
    """Forget what is counted of these performances and was deleted."""
    if in_test():
        clean(env, list(event_ids))
        return
    postcommit = env.cr.postcommit
    if (pending := postcommit.data.get(_DELETED)) is not None:
        pending.update(event_ids)
        return
    postcommit.data[_DELETED] = set(event_ids)

    @postcommit.add
    def clean_deleted():
        pending = postcommit.data.pop(_DELETED, set())
        try:
            with callers_connection(env):
                clean(env, sorted(pending))
        except Exception:
            # what was deleted is; its counters go at night
            _logger.exception("counters of performances %s are left", sorted(pending))


def _give_back(env, keys):
    release(env, [key for key in keys if key.startswith(AUTO)])
