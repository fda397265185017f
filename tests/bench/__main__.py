"""Run the benches named as arguments, all without any: `python -m tests.bench P1`.

Prints a table and writes build/bench.json. Nothing passes or fails by its time. For a
quick look `ORDERS` makes P7 and P9 smaller (orders of a session, orders of a till),
`SEATS` and `BUYERS` P8, and `MEMBERS` and `ENTRIES` P6.
"""

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

from tests.bench import hardware
from tests.bench.measure import alternate, compare, table
from tests.bench.rush import Rush
from tests.bench.seats import EACH, Rivals, say_storms
from tests.simulators.private_pcscd import PrivatePcscd
from tests.support import database
from tests.support.hardware import CardReader
from tests.support.odoo_server import OdooServer
from tests.support.parallel import at_once
from tests.support.shell import run_in_odoo
from tests.support.shop import Shop, build_shop

OUTPUT = Path("build/bench.json")
ORDERS = 60
HOLDS = 100
POSTS = 400
MONEY = 10**8
BULK_MEMBERS = 1_000_000
BULK_ENTRIES = 10
BULK_ROUNDS = 3
CLOSED_ORDERS = 5000
ORDERS_EACH = 10
"""Orders of one member in a session that is closed."""
CLOSINGS = 4
RUSH_TILLS = 32
RUSH_ORDERS = 10
RUSH_PHASES = 6
ROOM = 200
BUYERS = 1000
STORMS = 3
STORM_MEMBERS = 200
TAPS = 60
PRINTS = 60

RUN = """
    from importlib import import_module
    result = import_module(module).measure(env, ids, rounds)
"""


BUILD_CLOSING = """
    from tests.bench.closing import build
    result = build(env, ids, orders)
"""

BUILD_BULK = """
    from tests.bench.bulk import build
    result = build(env, members, entries)
"""

BULK = """
    from tests.bench.bulk import measure
    result = measure(env, rounds, entries)
"""

CLOSE = """
    from tests.bench.closing import measure
    result = measure(env, ids, names)
"""


@contextmanager
def shop_of(**size):
    """Give a database with a shop, and the shop's ids."""
    with database.throwaway() as name:
        yield name, build_shop(name, money=MONEY, **size)


def size(usual, name="ORDERS"):
    """Return how many to make: what the variable says, or as many as usual."""
    return int(os.environ.get(name) or usual)


def bench_order():
    """P1: the wallet at the till against cash and the native eWallet."""
    with shop_of(tills=2, members=4) as (name, ids):
        return measure_order(name, ids)


def measure_order(name, ids):
    samples = run_in_odoo(name, RUN, module="tests.bench.order", ids=ids, rounds=ORDERS)
    order = "hold + order + apply, less PIN hash"
    say(f"P1 PIN hash {median(samples['pin']):.2f} ms (target ≤ 20), "
        f"hold verb {median(samples['hold']):.2f} ms of the order's time")  # fmt: skip
    return [
        compare("P1", order, "the same order paid in cash",
                samples["wallet"], samples["cash"], "≤ 1.08"),
        compare("P1", order, "native eWallet, all its calls",
                samples["wallet"], samples["ewallet"], "< 1"),
        compare("P1", "native eWallet, all its calls", "the same order paid in cash",
                samples["ewallet"], samples["cash"], "(1.10)"),
        bench_hold(name, ids, median(samples["pin"])),
    ]  # fmt: skip


def bench_hold(name, ids, hash_ms):
    """A hold over HTTP beside a call that does nothing, the PIN's hash taken off."""
    server = OdooServer(name, name="bench").start()
    try:
        till = Shop(name, ids).till(server)
        member = ids["members"][2]["id"]

        def hold():
            till.hold(member, 0.01)
            return hash_ms

        def nothing():
            till.client.call(
                "res.users", "has_group", [till.client.uid], "base.group_user"
            )

        samples = alternate({"hold": hold, "nothing": nothing}, rounds=HOLDS)
    finally:
        server.stop()
    above = median(samples["hold"]) - median(samples["nothing"])
    say(f"P1 a hold over HTTP takes {above:.2f} ms more than a call that does nothing")
    return compare(
        "P1",
        "hold over HTTP, less PIN hash",
        "an RPC that does nothing",
        samples["hold"],
        samples["nothing"],
        "+2 ms",
    )


def bench_post():
    """P2: one committed post against bare SQL, and its two parts apart."""
    with shop_of(tills=1, members=4) as (name, ids):
        samples = run_in_odoo(
            name, RUN, module="tests.bench.post", ids=ids, rounds=POSTS
        )
    bare = "UPDATE + INSERT + commit in psycopg2"
    fsync, synchronous = samples["settings"]
    say(f"P2 server: fsync {fsync}, synchronous_commit {synchronous}")
    return [
        compare("P2", what, bare, samples[part], samples["bare"], target)
        for what, part, target in (
            ("one post: intent, commit, apply", "post", "≤ 1.5"),
            ("  the intent in its document, with commit", "intent", ""),
            ("  the apply", "apply", ""),
            ("  its statements, two commits, no Odoo", "floor", ""),
        )
    ]


def bench_bulk():
    """P6: review and expiry of all members; RFM is not there yet."""
    members = size(BULK_MEMBERS, "MEMBERS")
    entries = size(BULK_ENTRIES, "ENTRIES")
    with database.throwaway() as name:
        run_in_odoo(name, BUILD_BULK, members=members, entries=entries)
        samples = run_in_odoo(name, BULK, rounds=BULK_ROUNDS, entries=entries)
    figures = []
    for job, what in (("review", "classes reviewed"), ("expire", "lots expired")):
        found = samples[job]
        say(f"P6 {what}: {found['count']:,} of {members:,} members")
        figures.append(
            compare(
                "P6",
                f"{what}, {members * entries:,} entries",
                "the best single SQL statement",
                found["ours"],
                found["bare"],
                "≤ 2",
            )
        )
    return figures


def bench_closing():
    """P7: closing a session, on copies of one database, in turns."""
    orders = size(CLOSED_ORDERS)
    samples = {"wallet": [], "cash": []}
    with shop_of(tills=3, members=max(orders // ORDERS_EACH, 1)) as (name, ids):
        run_in_odoo(name, BUILD_CLOSING, ids=ids, orders=orders)
        for closing in range(CLOSINGS):
            names = sorted(samples, reverse=bool(closing % 2))
            with database.throwaway(name) as copy:
                spent = run_in_odoo(copy, CLOSE, ids=ids, names=names)
            for each in names:
                samples[each].append(spent[each])
    return [
        compare(
            "P7",
            f"closing {orders} wallet orders",
            f"closing {orders} cash orders",
            samples["wallet"],
            samples["cash"],
            "≤ 1.1",
        )
    ]


def bench_rush():
    """P9: one shared wallet against spread ones, phases in turns after a warm-up."""
    orders = size(RUSH_ORDERS)
    with shop_of(tills=RUSH_TILLS, members=RUSH_TILLS) as (name, ids):
        servers = at_once(
            *[OdooServer(name, name=f"bench-rush-{n}").start for n in range(2)]
        )
        try:
            rush = Rush(servers, Shop(name, ids), RUSH_TILLS)
            own = [member["id"] for member in ids["members"]]
            rivals = {"shared": own[:1] * RUSH_TILLS, "spread": own}
            phases = {"shared": [], "spread": []}
            rush.run(own, 1)
            for number in range(RUSH_PHASES):
                for each in sorted(rivals, reverse=bool(number % 2)):
                    phases[each].append(rush.run(rivals[each], orders))
        finally:
            for server in servers:
                server.stop()
    for each, found in phases.items():
        say_phases(each, found)
    return [
        compare(
            "P9",
            f"p95 of an order, {RUSH_TILLS} tills, one wallet",
            "the same on spread wallets",
            [phase.p95_ms for phase in phases["shared"]],
            [phase.p95_ms for phase in phases["spread"]],
            "≤ 1.2",
        )
    ]


def bench_seats():
    """P8: 200 seats and 1,000 buyers; timed until the last seat there is was sold.

    What a rival sells beyond that, and how long it refuses the others, is no sale.
    """
    seats, buyers = size(ROOM, "SEATS"), size(BUYERS, "BUYERS")
    with shop_of(tills=EACH, members=STORM_MEMBERS) as (name, ids):
        rivals = Rivals(name, ids, [seats] * (STORMS + 1))
        try:
            rivals.start()
            found = {"ours": [], "plain": []}
            for each in found:
                rivals.run(each, STORMS, EACH)  # to warm up
            for number in range(STORMS):
                for each in sorted(found, reverse=bool(number % 2)):
                    found[each].append(rivals.run(each, number, buyers))
        finally:
            rivals.stop()
    for each, outcomes in found.items():
        say(say_storms(each, seats, outcomes))
    sales = {
        each: [
            outcome.to_full * 1000 / min(outcome.sold, seats) for outcome in outcomes
        ]
        for each, outcomes in found.items()
    }
    return [
        compare(
            "P8",
            f"one sale of {seats} seats to {buyers} buyers, in sum",
            "plain Odoo registrations",
            sales["ours"],
            sales["plain"],
            "≤ 1",
        )
    ]


def bench_hardware():
    """P10: the reader's own time, a loopback socket, and what we add to them."""
    with shop_of(tills=1, members=1) as (name, ids), PrivatePcscd() as pcscd:
        shop = Shop(name, ids)
        server = OdooServer(name, name="bench-hardware").start()
        try:
            with (
                hardware.counter(server, shop, pcscd) as (page, printer),
                hardware.bare_program(pcscd) as bare,
                CardReader(pcscd) as reader,
            ):
                till = ids["tills"][0]["config"]
                taps = hardware.measure_taps(page, till, reader, shop, bare, TAPS)
                prints = hardware.measure_prints(page, printer, PRINTS)
        finally:
            server.stop()
    for what, ours, rival in (
        ("a card in the browser", taps["browser"], taps["reader"]),
        ("its member in the browser", taps["member"], taps["reader"]),
        ("a receipt printed", prints["agent"], prints["socket"]),
    ):
        say(f"P10 {what}: {above(ours, rival)}")
    own, line = "PC/SC event, connect, UID", "its bytes on a loopback socket"
    return [
        compare("P10", "card on the reader → in the browser", own,
                taps["browser"], taps["reader"], "+30 ms"),
        compare("P10", "card on the reader → its member", own,
                taps["member"], taps["reader"], ""),
        compare("P10", "receipt: browser → paper → browser", line,
                prints["agent"], prints["socket"], "+20 ms"),
    ]  # fmt: skip


def above(ours, rival):
    """Say how much longer ours takes: the median and quartiles of paired rounds."""
    more = [mine - theirs for mine, theirs in zip(ours, rival, strict=True)]
    low, middle, high = quantiles(more, n=4)
    return f"{middle:+.1f} ms (quartiles {low:+.1f} to {high:+.1f}, n {len(more)})"


def say_phases(name, phases):
    """Print what a till would have noticed beside the time."""
    orders = sum(len(phase.orders_ms) for phase in phases)
    seconds = sum(phase.seconds for phase in phases)
    errors = [error for phase in phases for error in phase.errors]
    retries = sum(phase.retries for phase in phases)
    say(f"P9 {name}: {orders} orders, {orders / seconds:.1f}/s, {retries} retries, "
        f"{len(errors)} errors {sorted(set(errors))[:3] or ''}")  # fmt: skip


BENCHES = {
    "P1": bench_order,
    "P2": bench_post,
    "P6": bench_bulk,
    "P7": bench_closing,
    "P8": bench_seats,
    "P9": bench_rush,
    "P10": bench_hardware,
}


def say(text):
    print(text, flush=True)  # noqa: T201  the table is for the terminal


def main(wanted):
    if unknown := set(wanted) - set(BENCHES):
        say(f"error: {', '.join(sorted(unknown))}? There are {', '.join(BENCHES)}")
        return 2
    figures = []
    for identifier, bench in BENCHES.items():
        if not wanted or identifier in wanted:
            figures += bench()
    say(table(figures))
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(
        json.dumps(
            [figure.as_json() for figure in figures], indent=2, ensure_ascii=False
        )
        + "\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
