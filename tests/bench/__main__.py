"""Run the benches named as arguments, all without any: `python -m tests.bench P1`.

Prints a table and writes build/bench.json. Nothing passes or fails by its time.
"""

import json
import sys
from pathlib import Path
from statistics import median

from tests.bench.measure import alternate, compare, table
from tests.support import database
from tests.support.odoo_server import OdooServer
from tests.support.shell import run_in_odoo
from tests.support.shop import Shop, build_shop

OUTPUT = Path("build/bench.json")
ORDERS = 60
HOLDS = 100
POSTS = 400
MONEY = 10**8

RUN = """
    from importlib import import_module
    result = import_module(module).measure(env, ids, rounds)
"""


def bench_order(name, ids):
    """P1: the wallet at the till against cash and the native eWallet."""
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


def bench_post(name, ids):
    """P2: one committed post against bare SQL, and its two parts apart."""
    samples = run_in_odoo(name, RUN, module="tests.bench.post", ids=ids, rounds=POSTS)
    bare = "UPDATE + INSERT + commit in psycopg2"
    fsync, synchronous = samples["settings"]
    say(f"P2 server: fsync {fsync}, synchronous_commit {synchronous}")
    return [
        compare("P2", what, bare, samples[part], samples["bare"], target)
        for what, part, target in (
            ("one post: intent, commit, apply", "post", "≤ 1.5"),
            ("  the intent in its document, with commit", "intent", ""),
            ("  the apply", "apply", ""),
        )
    ]


BENCHES = {"P1": bench_order, "P2": bench_post}


def say(text):
    print(text, flush=True)  # noqa: T201  the table is for the terminal


def main(wanted):
    if unknown := set(wanted) - set(BENCHES):
        say(f"error: {', '.join(sorted(unknown))}? There are {', '.join(BENCHES)}")
        return 2
    figures = []
    with database.throwaway() as name:
        ids = build_shop(name, tills=2, members=4, money=MONEY)
        for identifier, bench in BENCHES.items():
            if not wanted or identifier in wanted:
                figures += bench(name, ids)
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
