"""Every operation is done exactly once, however often and wherever it is sent."""

import random
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from threading import Barrier

import pytest

from tests.support.parallel import at_once
from tests.support.rpc import RpcError
from tests.support.shop import Shop, ledger_problems, new_key
from tests.support.shop_fixtures import MEMBERS, TILLS

OPERATIONS = 500
CONNECTIONS = 20
OPENING = 1000
RESENDS = 20
"""How often a till sends an order again that Odoo answered with an error."""
GATE_LIMIT = 120
"""Seconds that one sender may wait for the other."""


@dataclass
class Operation:
    """What one till wants once: the same keys however often it is sent."""

    number: int
    kind: str
    member: int
    amount: float
    key: str = field(default_factory=new_key)
    order_uuid: str = field(default_factory=new_key)
    gate: Barrier | None = None
    """Where two senders wait for each other, to send at the same moment."""

    @property
    def till(self):
        return self.number // 2 % TILLS

    @property
    def effect(self):
        """What it does to the member's balance."""
        sign = {"topup": 1, "sale": -1, "release": 0}[self.kind]
        return sign * Decimal(str(self.amount))

    @property
    def points(self):
        """What it earns: 1 for ¥1 of goods."""
        return int(self.amount) if self.kind == "sale" else 0

    def send(self, till):
        if self.gate:
            self.gate.wait(GATE_LIMIT)
        return getattr(self, f"send_{self.kind}")(till)

    def send_topup(self, till):
        order = till.topup_order(self.member, self.amount, self.key, self.order_uuid)
        return resend(till, order)

    def send_sale(self, till):
        held = till.hold(self.member, self.amount, self.key)
        if held["status"] != "ok":
            raise AssertionError(f"{self}: {held}")
        payments = [
            (line["payment_method_id"], line["amount"], line["key"])
            for line in held["lines"]
        ]
        order = till.order(self.member, self.amount, payments, uuid=self.order_uuid)
        return resend(till, order)

    def send_release(self, till):
        """Hold and change one's mind; whoever comes later finds it given back."""
        held = till.hold(self.member, self.amount, self.key)
        if held["status"] not in ("ok", "hold_released"):
            raise AssertionError(f"{self}: {held}")
        return till.release(self.key)["status"]


def resend(till, order):
    """Send an order as a till does, until the server has taken it; return its id.

    Odoo refuses one of two equal orders that come at the same moment.
    """
    for _attempt in range(RESENDS):
        try:
            return till.send(order)["id"]
        except RpcError as error:
            refusal = error
    raise refusal


@pytest.fixture
def shop(odoo_db, shop_template):
    """Give a shop of one's own, because all that happens in it is counted."""
    _template, ids = shop_template
    return Shop(odoo_db, ids)


@pytest.fixture
def pair(start_server):
    return at_once(start_server, start_server)


def test_each_operation_is_done_once(shop, pair):
    """Guarantees 3 and 4: 500 operations sent twice are 500 done and 500 replays.

    Over 20 connections, for 80 members, to two Odoo processes.
    """
    for server in pair:
        server.allow_lines("could not obtain lock|could not serialize|duplicate key")
    shop.give(OPENING)
    operations = make_operations(shop)
    plans = share_out(operations)

    def work(number):
        """Send what one connection sends, each operation at the till it belongs to."""
        till = shop.till(pair[number % 2], number)
        return [
            (operation, operation.send(till.at(operation.till)))
            for operation in plans[number]
        ]

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = [*chain.from_iterable(pool.map(work, range(CONNECTIONS)))]

    assert len(answers) == 2 * OPERATIONS
    assert ledger_problems(shop.database) == []
    assert_replays_agree(answers)
    assert_done_once(shop, operations)
    assert_balances(shop, operations)
    assert_points(shop, operations)


def make_operations(shop):
    dice = random.Random(19)
    kinds = ["topup"] * 150 + ["sale"] * 250 + ["release"] * 100
    dice.shuffle(kinds)
    return [
        Operation(
            number,
            kind,
            shop.members[dice.randrange(MEMBERS)]["id"],
            dice.randint(1, 5000) / 100,
        )
        for number, kind in enumerate(kinds)
    ]


def share_out(operations):
    """Return what each connection sends: every operation twice.

    Half of them leave from two connections, hence two processes, at the same moment;
    the others are sent again by the next connection when all else is done.
    """
    plans = [[] for _connection in range(CONNECTIONS)]
    again = [[] for _connection in range(CONNECTIONS)]
    for operation in operations:
        first = operation.till
        if operation.number % 2:
            operation.gate = Barrier(2)
            plans[first].append(operation)
            plans[first ^ 1].append(operation)
        else:
            plans[first].append(operation)
            again[first ^ 1].append(operation)
    return [plan + later for plan, later in zip(plans, again, strict=True)]


def assert_replays_agree(answers):
    """The second answer is the first one: the same order, the same state."""
    by_operation = defaultdict(set)
    for operation, answer in answers:
        by_operation[operation.number].add(answer)
    assert len(by_operation) == OPERATIONS
    assert {n: found for n, found in by_operation.items() if len(found) != 1} == {}


def assert_done_once(shop, operations):
    wanted = Counter(op.kind for op in operations)
    orders = shop.query("SELECT is_member_topup, count(*) FROM pos_order GROUP BY 1")
    assert dict(orders) == {True: wanted["topup"], False: wanted["sale"]}
    entries = dict(shop.query("SELECT kind, count(*) FROM member_entry GROUP BY 1"))
    assert entries == {
        "opening": MEMBERS,
        "topup": wanted["topup"],
        "spend": wanted["sale"],
        "earn": sum(op.points > 0 for op in operations),
    }
    holds = dict(shop.query("SELECT state, count(*) FROM member_hold GROUP BY 1"))
    assert holds == {"captured": wanted["sale"], "released": wanted["release"]}


def assert_balances(shop, operations):
    """Every wallet has what plain arithmetic says, and the sums are zero."""
    expected = {member["id"]: Decimal(OPENING) for member in shop.members}
    for operation in operations:
        expected[operation.member] += operation.effect
    found = shop.query(
        "SELECT partner_id, amount FROM member_balance WHERE asset_id = %s",
        shop.principal,
    )
    assert dict(found) == expected
    assert shop.value("SELECT sum(held) + sum(incoming) FROM member_balance") == 0
    assert (
        shop.value(
            """SELECT (SELECT sum(amount) FROM member_balance)
                    - (SELECT sum(amount) FROM member_entry)"""
        )
        == 0
    )


def assert_points(shop, operations):
    """Every sale has earned its points once, under a key of its own."""
    expected = Counter()
    for operation in operations:
        expected[operation.member] += operation.points
    found = shop.query(
        "SELECT partner_id, amount::int FROM member_balance WHERE asset_id = %s",
        shop.ids["assets"]["points"],
    )
    assert Counter(dict(found)) == expected
