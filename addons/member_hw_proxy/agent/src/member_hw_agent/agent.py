"""The parts of a running agent, for the server and for the commands."""

import time
from dataclasses import dataclass, field

from .config import Config
from .events import EventBus
from .state import State
from .supervisor import Supervisor


@dataclass(frozen=True)
class Agent:
    config: Config
    state: State
    bus: EventBus
    supervisor: Supervisor
    started: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, config: Config, state: State) -> "Agent":
        """Build the parts; nothing runs before `supervisor.start()`."""
        bus = EventBus()
        supervisor = Supervisor(
            bus, state, config.devices, config.discover, config.driver_options
        )
        return cls(config, state, bus, supervisor)

    def stock_device(self, kind: str):
        """Return the device that the stock routes use: named, or the first; or None."""
        if name := self.config.stock.get(kind):
            return self.supervisor.device(name)
        return self.supervisor.first(kind)
