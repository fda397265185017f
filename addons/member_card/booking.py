"""Linking ledger entries to the journal items that book them."""

import logging

from . import ledger

_logger = logging.getLogger(__name__)


def link_after_commit(env, pairs):
    """Link postings to journal items once both are committed.

    Before that the ledger cannot see the items, and the entries may not exist yet. What
    a crash leaves out is linked by the reconciliation (`res.company._member_relink`).

    :param pairs: `[(posting_id, move_line_id)]`
    """
    if not pairs:
        return

    @env.cr.postcommit.add
    def link():
        try:
            ledger.link(env, pairs)
        except Exception:
            # the document is committed: its user must not be told that it failed
            _logger.exception("member wallet: links are left to reconciliation")
