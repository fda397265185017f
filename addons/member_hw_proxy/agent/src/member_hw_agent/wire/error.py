"""The one error of the wire."""


class WireError(ValueError):
    """What came in is not what was agreed.

    :param code: stable, for programs: malformed, bad_signature, expired, replayed …
    :param message: an English sentence for people, without anything secret in it.
    """

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message
