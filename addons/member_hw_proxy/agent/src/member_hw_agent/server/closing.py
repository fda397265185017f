"""How a socket ends: by an exception with the code that the page gets."""

MALFORMED = 4400
NOT_AUTHORISED = 4401
SCOPE = 4403
TOO_SLOW = 4408
RATE = 4429


class Closed(Exception):
    """The socket is to be closed; codes and sentence go to the page.

    :param close_code: of the protocol: one of the above, or WebSocket's own.
    :param code: stable, for programs; empty if the page ended it.
    """

    def __init__(self, close_code: int, code: str, message: str):
        super().__init__(message)
        self.close_code = close_code
        self.code = code


def too_slow() -> Closed:
    return Closed(TOO_SLOW, "too_slow", "The page does not keep up.")
