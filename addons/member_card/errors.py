"""One exception per rule of the ledger that can be broken.

Each has a stable `code` (for callers and the till) and a sentence that tells the
person in front of the screen what to do next.
"""

from odoo.exceptions import UserError

from .refusals import SHOWN_AS_WARNING


class LedgerError(UserError):
    """A rule of the ledger was broken; nothing was written."""

    context = SHOWN_AS_WARNING
    code = "ledger"


class InvalidAmount(LedgerError):
    """An amount that is zero, negative, too large or finer than the asset's unit."""

    code = "invalid_amount"


class UnknownAsset(LedgerError):
    """The asset is archived, missing or belongs to another legal entity."""

    code = "unknown_asset"


class Insufficient(LedgerError):
    """Less is free (`available`, a Decimal) than the hold asked for."""

    code = "insufficient"

    def __init__(self, message, available):
        super().__init__(message)
        self.available = available


class OverCap(LedgerError):
    """The credit would pass the cap; `room` (a Decimal) could still be credited."""

    code = "over_cap"

    def __init__(self, message, room):
        super().__init__(message)
        self.room = room


class Frozen(LedgerError):
    """The member, the balance or the card may not spend at present."""

    code = "frozen"


class Busy(LedgerError):
    """Another transaction kept the balance locked for longer than we wait."""

    code = "busy"


class KeyReused(LedgerError):
    """A key that was used before, now with other content."""

    code = "key_reused"


class HoldMissing(LedgerError):
    """No hold carries this key: the payment was never reserved."""

    code = "hold_missing"


class HoldReleased(LedgerError):
    """The hold was given back on purpose and cannot pay any more."""

    code = "hold_released"


class HoldExpired(LedgerError):
    """The hold ran out of time before a document claimed it."""

    code = "hold_expired"


class ReversalTooLarge(LedgerError):
    """More would be taken back than is left of the posting (`remaining`, a Decimal)."""

    code = "reversal_too_large"

    def __init__(self, message, remaining):
        super().__init__(message)
        self.remaining = remaining


class MergeRefused(LedgerError):
    """The members cannot be merged while value of one is held or on its way."""

    code = "merge_refused"
