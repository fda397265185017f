"""What paying one order has claimed so far."""

from collections import defaultdict
from decimal import Decimal


class Claims:
    """Collects, while an order is paid, what its receipt needs to know.

    The ledger's figures do not show what this very order does: intents are applied
    after the commit, and a hold placed just now is younger than the transaction.
    """

    def __init__(self):
        self.changes = defaultdict(Decimal)
        """By (member id, asset id): what is claimed and not applied yet, signed."""
        self.known = {}
        """By (member id, asset id): what is available after a hold placed just now."""
        self.cards = {}
        """By member id: the card that was shown, if the till said which."""

    def available(self, member_id, asset_id, figures) -> Decimal:
        """What is left to a member of one asset once this order is through."""
        known = self.known.get((member_id, asset_id), figures.available)
        return known + self.changes[member_id, asset_id]


CLAIMED = object()
"""Context mark of an order whose claims were just made; no client can send it."""
