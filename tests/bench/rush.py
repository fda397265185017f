"""P9: many tills at once, all paying from one wallet against each from its own.

Two Odoo processes; every till has a config of its own, for core's sequences serialise a
config. A phase has every till sell the same number of orders, flat out: hold, then the
paid order, as its browser does. Phases alternate, and each gives one p95.
"""

import statistics
import time
from dataclasses import dataclass, field

from tests.support.parallel import work_off
from tests.support.rpc import RpcError

AMOUNT = 8.85
RETRY = "tries left, try again"
"""What Odoo logs when it replays a request after a conflict."""


@dataclass
class Phase:
    """What one phase saw: milliseconds of each order, errors, replayed requests."""

    orders_ms: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    retries: int = 0
    seconds: float = 0

    @property
    def p95_ms(self):
        return statistics.quantiles(self.orders_ms, n=20)[-1]


class Rush:
    """32 tills, or so, on two servers; `run` plays one phase."""

    def __init__(self, servers, shop, tills):
        self.servers = servers
        self.tills = [
            shop.till(servers[number % len(servers)], number) for number in range(tills)
        ]

    def run(self, members, orders):
        """Let till n sell `orders` times to `members[n]`."""
        phase, before = Phase(), self.retries()
        start = time.perf_counter()
        work_off(
            range(len(self.tills)),
            [self.worker(phase, members, orders) for _till in self.tills],
        )
        phase.seconds = time.perf_counter() - start
        phase.retries = self.retries() - before
        assert len(phase.orders_ms) + len(phase.errors) == orders * len(self.tills)
        return phase

    def worker(self, phase, members, orders):
        """Return what sells at one till; the till itself is the job."""

        def sell(number):
            till = self.tills[number]
            for _order in range(orders):
                start = time.perf_counter()
                try:
                    answer = till.sell(members[number], AMOUNT)
                except (RpcError, OSError) as error:
                    phase.errors.append(str(error))
                    continue
                if answer.get("state") != "paid":
                    phase.errors.append(answer.get("message"))
                    continue
                phase.orders_ms.append((time.perf_counter() - start) * 1000)

        return sell

    def retries(self):
        """Return how many requests the servers have replayed so far."""
        return sum(server.log.read_text().count(RETRY) for server in self.servers)
