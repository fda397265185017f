"""What the tools say to the person at the terminal. All of it goes to stderr."""

import signal
import sys
import time
from contextlib import contextmanager


class Terminated(KeyboardInterrupt):
    """Somebody sent SIGTERM: end as after Ctrl-C, cleaning up."""


class Failure(Exception):
    """Something the user can mend; the message says what and how."""


def say(text):
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(text):
    """Announce a slow step, and say how long it took."""
    say(f"- {text} …")
    start = time.monotonic()
    yield
    say(f"  done in {time.monotonic() - start:.0f} s")


def main(function):
    """Run a command-line function: its exit code, a Failure as one line."""
    signal.signal(signal.SIGTERM, terminate)
    try:
        sys.exit(function())
    except Failure as failure:
        say(f"error: {failure}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def terminate(_signal, _frame):
    raise Terminated
