"""How the agent is: what `/health` shows and `member-hw-agent list` prints."""

import dataclasses
import time

from . import __version__
from .agent import Agent


def health(agent: Agent) -> dict:
    """Return plain JSON types; no secret, no pairing, nothing of a card.

    Keys: name, version, uptime_s, devices (each DeviceState as a dictionary), troubles
    (sentences about devices that cannot be looked for).
    """
    return {
        "name": agent.config.name,
        "version": __version__,
        "uptime_s": int(time.monotonic() - agent.started),
        "devices": [
            dataclasses.asdict(device) for device in agent.supervisor.devices()
        ],
        "troubles": agent.supervisor.troubles(),
    }
