"""What a program without an agent does with a card: run by the agent's Python.

Answers each line of its input with one number: `wait`, the Unix time at which PC/SC
says that a card is there; `read`, the milliseconds of connecting and reading the UID;
`gone`, the Unix time at which the card is away.
"""

import sys
import time

from smartcard import scard

GET_UID = [0xFF, 0xCA, 0, 0, 0]


class BareReader:
    def __init__(self):
        self.context = done(scard.SCardEstablishContext(scard.SCARD_SCOPE_USER))
        self.name = done(scard.SCardListReaders(self.context, []))[0]

    def wait(self):
        return self.until(lambda state: state & scard.SCARD_STATE_PRESENT)

    def gone(self):
        return self.until(lambda state: state & scard.SCARD_STATE_EMPTY)

    def until(self, is_so):
        state = scard.SCARD_STATE_UNAWARE
        while True:
            ((_name, now, _atr),) = done(
                scard.SCardGetStatusChange(
                    self.context, scard.INFINITE, [(self.name, state)]
                )
            )
            if is_so(now):
                return time.time()
            state = now & ~scard.SCARD_STATE_CHANGED

    def read(self):
        start = time.perf_counter()
        card, protocol = done(
            scard.SCardConnect(
                self.context,
                self.name,
                scard.SCARD_SHARE_SHARED,
                scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
            )
        )
        uid = done(scard.SCardTransmit(card, protocol, GET_UID))
        assert uid[-2:] == [0x90, 0], uid
        spent = (time.perf_counter() - start) * 1000
        done(scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD))
        return spent


def done(answer):
    """Return what a call of PC/SC gave; its first value says whether it worked."""
    result, *values = answer if isinstance(answer, (list, tuple)) else [answer]
    assert result == scard.SCARD_S_SUCCESS, scard.SCardGetErrorMessage(result)
    return values[0] if len(values) == 1 else values


def main():
    reader = BareReader()
    for line in sys.stdin:
        answer = getattr(reader, line.strip())()
        print(answer, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
