"""A rush for seats: tills, an office and the website on two servers, flat out."""

import time
from dataclasses import dataclass, field
from functools import partial

from tests.support.parallel import at_once, work_off
from tests.support.rpc import RpcError
from tests.support.tickets import (
    Visitor,
    at_desk,
    at_till,
    held_at_till,
    in_office,
    sold,
)
from tests.support.web_shopper import Shopper, open_box_office

RETRY = "tries left, try again"
"""What Odoo logs when it replays a request after a conflict."""

NOW = "SELECT clock_timestamp() AT TIME ZONE 'UTC'"
LAST_SALE = """
    SELECT extract(epoch FROM max(create_date) - %s)
      FROM (SELECT create_date FROM event_registration
             WHERE event_id = %s AND active AND state IN ('open', 'done')
             ORDER BY create_date
             LIMIT (SELECT seats_max FROM event_event WHERE id = %s)) AS seats"""


@dataclass
class Outcome:
    """What a storm saw: seats sold, by seller the answers, and seconds.

    `to_full` is the time until a sale began that took the last seat there was.
    """

    sold: int
    seconds: float
    retries: int
    to_full: float = 0
    answers: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)


def channels(shop, servers, performance, *, each=1, buy=Shopper.buy):
    """Return `[(name, sell)]` of tills, clerks, desks, shoppers; sell to a member.

    A till holds its seats before they are paid for. Shoppers buy for themselves: seats
    are held in the cart, then paid for, or what `buy` does.
    """
    found = []
    logins = open_box_office(shop, each)
    for number, login in enumerate(logins):
        shopper = Shopper(servers[number % len(servers)], login)
        found += [
            *house_sellers(shop, servers, performance, number, held_at_till),
            ("web", lambda _member, shopper=shopper: buy(shopper, performance)),
        ]
    return found


def plain_channels(shop, servers, performance, *, each=1, at_till=at_till):
    """Return the sellers that plain Odoo has too: nobody holds a seat but by `at_till`.

    Visitors of the website take tickets that cost nothing.
    """
    found = []
    for number in range(each):
        visitor = Visitor(servers[number % len(servers)], performance)
        found += [
            *house_sellers(shop, servers, performance, number, at_till),
            ("web", lambda _member, visitor=visitor: visitor.register()),
        ]
    return found


def house_sellers(shop, servers, performance, number, at_till):
    """Return a till, a clerk and a desk, all at one of the servers."""
    server = servers[number % len(servers)]
    return [
        ("till", partial(at_till, shop.till(server, number), performance)),
        ("office", partial(in_office, server.client(), performance)),
        ("desk", partial(at_desk, server.client(), performance)),
    ]


def storm(shop, servers, performance, members, buyers, sellers):
    """Let `buyers` come to these sellers at once; each takes one seat.

    Each seller serves one of them, all at the same moment: none is too slow to sell
    while there are seats. Then a buyer goes to whoever is free next. Refusals are
    answers; `errors` are what should never be seen.
    """
    outcome = Outcome(0, 0, 0)

    def worker(name, sell):
        def serve(buyer):
            try:
                answer = sell(members[buyer % len(members)])
            except (RpcError, OSError) as error:
                outcome.errors.append(f"{name}: {error}")
                return
            outcome.answers.setdefault(name, []).append(answer)

        return serve

    workers = [worker(*seller) for seller in sellers]
    first, others = range(len(workers)), range(len(workers), buyers)
    before = retries(servers)
    begun = shop.value(NOW)
    start = time.perf_counter()
    for failure in at_once(*map(partial, workers, first)):
        if failure:
            raise failure
    work_off(others, workers)
    outcome.seconds = time.perf_counter() - start
    outcome.retries = retries(servers) - before
    outcome.sold = sold(shop, performance)
    outcome.to_full = float(
        shop.value(LAST_SALE, begun, performance["id"], performance["id"]) or 0
    )
    return outcome


def retries(servers):
    """Return how many requests the servers have replayed so far."""
    return sum(server.log.read_text().count(RETRY) for server in servers)
