"""A rush for seats: tills, an office and the website on two servers, flat out."""

import time
from dataclasses import dataclass, field
from functools import partial

from tests.support.parallel import work_off
from tests.support.rpc import RpcError
from tests.support.tickets import (
    Visitor,
    at_desk,
    at_till,
    held_at_till,
    in_office,
    sold,
)

RETRY = "tries left, try again"
"""What Odoo logs when it replays a request after a conflict."""


@dataclass
class Outcome:
    """What a storm saw: seats sold, by seller the answers, and seconds."""

    sold: int
    seconds: float
    retries: int
    answers: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)


def channels(shop, servers, performance, *, each=1, holds=True):
    """Return `[(name, sell)]` of tills, clerks, desks, visitors; sell to a member."""
    found = []
    for number in range(each):
        server = servers[number % len(servers)]
        till, clerk = shop.till(server, number), server.client()
        visitor = Visitor(server, performance)
        found += [
            ("till", partial(held_at_till if holds else at_till, till, performance)),
            ("office", partial(in_office, clerk, performance)),
            ("desk", partial(at_desk, server.client(), performance)),
            ("web", lambda _member, visitor=visitor: visitor.register()),
        ]
    return found


def storm(shop, servers, performance, members, buyers, *, each=4, holds=True):
    """Let `buyers` come to `each` tills, clerks, desks and visitors at once.

    A buyer takes one seat, with the next seller who is free. Refusals are answers;
    `errors` are what should never be seen.
    """
    outcome = Outcome(0, 0, 0)
    workers = channels(shop, servers, performance, each=each, holds=holds)

    def worker(name, sell):
        def serve(buyer):
            try:
                answer = sell(members[buyer % len(members)])
            except (RpcError, OSError) as error:
                outcome.errors.append(f"{name}: {error}")
                return
            outcome.answers.setdefault(name, []).append(answer)

        return serve

    before = retries(servers)
    start = time.perf_counter()
    work_off(range(buyers), [worker(*each) for each in workers])
    outcome.seconds = time.perf_counter() - start
    outcome.retries = retries(servers) - before
    outcome.sold = sold(shop, performance)
    return outcome


def retries(servers):
    """Return how many requests the servers have replayed so far."""
    return sum(server.log.read_text().count(RETRY) for server in servers)
