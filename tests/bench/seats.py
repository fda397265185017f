"""P8: a rush for one room, on ours and on plain Odoo registrations.

Two Odoo processes on copies of one database, in turns. Each storm fills a room of its
own with many more buyers than seats: tills, sale orders, attendees by hand, website.
"""

from statistics import median

from tests.support import database, modules
from tests.support.odoo_server import OdooServer
from tests.support.parallel import at_once
from tests.support.shop import Shop
from tests.support.ticket_storm import plain_channels, storm
from tests.support.tickets import at_till, held_at_till, make_performances

EACH = 4
"""Tills, clerks, desks and visitors that sell at once, of each."""

UNTRACKED = """
    DROP TRIGGER member_seat_track ON event_registration"""


class Rivals:
    """Our seats and plain Odoo's, each on a database and two servers of its own."""

    def __init__(self, template, ids, rooms):
        self.rooms = rooms
        self.members = [member["id"] for member in ids["members"]]
        self.shops, self.servers, self.performances = {}, {}, {}
        for name in ("ours", "plain"):
            shop = Shop(database.create(template), ids)
            self.shops[name] = shop
            self.performances[name] = make_performances(shop, *rooms)
        self.shops["plain"].query(UNTRACKED)

    def start(self):
        plain = modules.load("member_test_plain_seats")
        for name, options in (("ours", ()), ("plain", plain)):
            self.servers[name] = at_once(
                *[
                    OdooServer(
                        self.shops[name].database,
                        name=f"bench-{name}-{n}",
                        options=options,
                    ).start
                    for n in range(2)
                ]
            )
        return self

    def run(self, name, room, buyers):
        place = self.shops[name], self.servers[name], self.performances[name][room]
        till = held_at_till if name == "ours" else at_till
        sellers = plain_channels(*place, each=EACH, at_till=till)
        return storm(*place, self.members, buyers, sellers)

    def stop(self):
        for servers in self.servers.values():
            for server in servers:
                server.stop()
        for shop in self.shops.values():
            database.drop(shop.database)


def say_storms(name, seats, outcomes):
    """Return what the outcomes of one rival amount to, as a line."""
    oversold = [max(outcome.sold - seats, 0) for outcome in outcomes]
    rates = [min(outcome.sold, seats) / outcome.to_full for outcome in outcomes]
    errors = [error for outcome in outcomes for error in outcome.errors]
    return (
        f"P8 {name}: oversold: {sum(oversold)}, sold "
        f"{[outcome.sold for outcome in outcomes]} of {seats}, "
        f"{median(rates):.1f} sales/s until it was full, "
        f"{sum(outcome.retries for outcome in outcomes)} retries, "
        f"{len(errors)} errors {sorted(set(errors))[:3] or ''}"
    )
