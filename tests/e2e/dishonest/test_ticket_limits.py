"""What a policy limits, asked for around the screens: at the till and in the office.

A till sends orders for which it has never asked; a clerk calls what the forms call, and
what they do not.
"""

from functools import partial

import pytest

from tests.support import box_office
from tests.support.dishonest import attempts, refusal
from tests.support.rpc import RpcError
from tests.support.shell import run_in_odoo
from tests.support.shop import CASHIER
from tests.support.tickets import (
    PRICE,
    hire_clerk,
    in_office,
    make_performances,
    make_policy,
    office_order,
    seat_problems,
    sold,
)

CLERK = "limited_clerk"
PASSWORD = "limited_clerk_password"
ADMIN = 2

LIMITS = {
    "quota": {"quota": 2},
    "member": {"member_limit": 2},
    "order": {"order_limit": 2},
    "window": {"window": "dates", "start_date": "2099-01-01 00:00:00"},
    "clerk": {"user_ids": [[6, 0, [ADMIN]]]},
}
"""What the one policy of a performance says; without a policy nothing is sold."""

COUNTED = ("quota", "member", "order")
"""Limits that let two tickets through; the others let nothing through."""

SAID = {
    "quota": "All tickets of this offer are sold",
    "member": "may have 2 more",
    "order": "t most 2 tickets",
    "window": "On sale from",
    "clerk": "Only certain clerks",
}

ONLY_BY_POLICY = """
    env["event.event"].browse(events).is_ticket_policy_required = True
"""


@pytest.fixture(scope="module")
def performances(shop):
    """Give a performance with forty seats for each limit."""
    made = dict(zip(LIMITS, make_performances(shop, *[40] * len(LIMITS)), strict=True))
    for name, values in LIMITS.items():
        make_policy(shop, made[name], price_kind="ticket", name=name, **values)
    events = [performance["id"] for performance in made.values()]
    run_in_odoo(shop.database, ONLY_BY_POLICY, events=events)
    hire_clerk(shop, CLERK, PASSWORD)
    return made


@pytest.fixture(params=LIMITS)
def limit(request):
    return request.param


@pytest.fixture
def performance(shop, performances, limit):
    """Give the performance of a limit; what is refused sells and holds nothing."""
    performance = performances[limit]
    before = sold(shop, performance)
    yield performance
    assert sold(shop, performance) == before
    assert seat_problems(shop) == []


@pytest.fixture(scope="module")
def clerk(performances, server):
    return server.client(CLERK, PASSWORD)


@pytest.fixture
def buyer(shop):
    return shop.newcomer()


def test_at_the_till(shop, till, buyer, performance, limit):
    """A10: an order of three for which the till has never asked."""
    wanted = box_office.want(performance, 3)
    order = box_office.order_of(till, performance, wanted, PRICE, buyer)
    _name, said = refusal(till.send, order)
    assert SAID[limit] in said
    assert not shop.query("SELECT 1 FROM pos_order WHERE uuid = %s", order["uuid"])
    assert (buyer, said) in attempts(shop, CASHIER)


def test_in_the_office(clerk, buyer, performance, limit):
    """A10: a sale order of three, confirmed."""
    answer = in_office(clerk, performance, buyer, 3)
    assert isinstance(answer, RpcError)
    assert SAID[limit] in str(answer)


def test_reserved(clerk, buyer, performance, limit):
    """A10: the dialog would offer fewer, or none."""
    _name, said = refusal(reserve, clerk, buyer, performance, 3)
    assert SAID[limit] in said


def reserve(clerk, member, performance, seats):
    """Fill in the dialog and confirm it; return the order's id."""
    model = "member.ticket.reserve"
    vals = {"partner_id": member, "event_id": performance["id"]}
    (wizard,) = clerk.call(model, "create", [vals])
    (data,) = clerk.call(model, "read", [wizard], ["line_ids"])
    line = data["line_ids"][:1]
    clerk.call("member.ticket.reserve.line", "write", line, {"quantity": seats})
    answer = clerk.call(model, "action_reserve", [wizard])
    return int(answer["params"]["links"][0]["url"].rpartition("/")[2])


def test_called_sold(clerk, buyer, performance, limit):
    """A10: an order that is said to be confirmed, and a line written to have seats."""
    order = office_order(clerk, performance, buyer, 3)
    lines = clerk.call("sale.order.line", "search", [("order_id", "=", order)])
    clerk.call("sale.order", "write", [order], {"state": "sale"})
    ticket = {"event_ticket_id": performance["ticket"]}
    _name, said = refusal(clerk.call, "sale.order.line", "write", lines, ticket)
    assert SAID[limit] in said


@pytest.mark.parametrize("limit", COUNTED)
def test_sold_orders_that_grow(shop, clerk, buyer, performance, limit):
    """A10: two tickets may be had, a third is not added to them."""
    order = in_office(clerk, performance, buyer)
    (line,) = clerk.call("sale.order.line", "search", [("order_id", "=", order)])
    write = partial(clerk.call, "sale.order.line", "write", [line])
    write({"product_uom_qty": 2})
    assert sold(shop, performance) == 2
    _name, said = refusal(write, {"product_uom_qty": 3})
    assert SAID[limit] in said or "as many of these tickets" in said
    assert sold(shop, performance) == 2
    clerk.call("sale.order", "action_cancel", [order])


@pytest.mark.parametrize("limit", ["order"])
def test_held_and_called_sold(shop, clerk, buyer, performance, limit):
    """A10: what is held is agreed on; what is added to it is not."""
    order = reserve(clerk, buyer, performance, 2)
    lines = clerk.call("sale.order.line", "search", [("order_id", "=", order)])
    clerk.call("sale.order", "write", [order], {"state": "sale"})
    more = {"product_uom_qty": 3}
    _name, said = refusal(clerk.call, "sale.order.line", "write", lines, more)
    assert SAID[limit] in said
    clerk.call("sale.order", "action_cancel", [order])


@pytest.mark.parametrize("limit", ["order"])
def test_attendees_that_no_order_sells(shop, clerk, buyer, performance):
    """A10: who says that an order pays for attendees is not believed."""
    quotation = office_order(clerk, performance, buyer)
    bought = in_office(clerk, performance, buyer)
    for order in (quotation, bought):
        (line,) = clerk.call("sale.order.line", "search", [("order_id", "=", order)])
        attendee = {
            "event_id": performance["id"],
            "event_ticket_id": performance["ticket"],
            "sale_order_id": order,
        }
        for more in ({}, {"sale_order_line_id": line}):
            vals = {**attendee, **more, "state": "open"}
            _name, said = refusal(clerk.call, "event.registration", "create", [vals])
            assert "costs something" in said
    assert sold(shop, performance) == 1
    clerk.call("sale.order", "action_cancel", [bought])
