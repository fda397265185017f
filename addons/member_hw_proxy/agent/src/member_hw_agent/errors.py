"""The one error that crosses a driver's boundary."""

CODES = frozenset(
    {
        "auth_failed",
        "bad_request",
        "blocked",
        "busy",
        "card_removed",
        "closed",
        "cover_open",
        "device_error",
        "no_card",
        "no_device",
        "offline",
        "paper_out",
        "timeout",
        "unsupported",
        "verify_failed",
        "write_failed",
        "wrong_card",
    }
)


class DeviceError(Exception):
    """A device did not do what was asked.

    :param code: one of CODES; what the browser and Odoo decide by.
    :param message: an English sentence that says what to do next; Odoo has its own
        words for each code, so that people read theirs.
    """

    def __init__(self, code, message):
        super().__init__(message)
        assert code in CODES, code
        self.code = code
