"""How long the agent waits for its devices."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Seconds; tests take less."""

    poll_s: float = 1.0
    open_s: float = 20.0
    grace_s: float = 5.0
    """How long a thread may be overdue before it is given up."""
    backoff_s: float = 0.5
    backoff_max_s: float = 30.0
    settled_s: float = 10.0
    """A device that worked this long is opened again at once when it fails."""
    discover_s: float = 5.0


USUAL = Timing()
