"""Reservations on a real server: seats that are held, run out, and are sold again.

Over RPC, and one journey on the screens of an office and a till.
"""

import pytest
from playwright.sync_api import expect

from tests.support.browser import log_in
from tests.support.database import query
from tests.support.rpc import RpcError
from tests.support.shell import run_in_odoo
from tests.support.shop import ledger_problems
from tests.support.tickets import hire_clerk, seat_problems
from tests.support.till_page import TillPage

CLERK = "reservation_clerk"
PASSWORD = "reservation_clerk_password"
SEATS = 3

#: What clerks are refused, as Odoo logs it.
REFUSED = (
    r"WARNING odoo.http: .* is sold out",
    r"WARNING odoo.http: Seats left of",
    r"WARNING odoo.http: .*[Pp]repayment",
)

PREPARE = """
    from datetime import timedelta
    from odoo import Command, fields

    product = env["product.product"].create({
        "name": "Seat", "type": "service", "service_tracking": "event",
        "list_price": 100, "taxes_id": [Command.clear()], "available_in_pos": True,
    })
    result = []
    for name in (
        "Expires", "Fails", "Paid late", "On screens", "Refused", "Sold out"
    ):
        begins = fields.Datetime.now() + timedelta(days=9)
        event = env["event.event"].create({
            "name": name, "date_begin": begins,
            "date_end": begins + timedelta(hours=2), "date_tz": "UTC",
            "seats_limited": True, "seats_max": seats,
            "event_ticket_ids": [
                Command.create({"name": "Stalls", "product_id": product.id}),
            ],
        })
        result.append((event.id, event.event_ticket_ids.id))
"""

RUN_OUT = """
    from datetime import timedelta
    from odoo import fields

    order = env["sale.order"].browse(order_id)
    past = fields.Datetime.now() - timedelta(minutes=1)
    order.member_reserved_until = past
    order.order_line.member_held_until = past
    env.cr.commit()
    env.ref("member_ticketing.member_reservation_cron").method_direct_trigger()
"""


@pytest.fixture(scope="module")
def performances(shop):
    hire_clerk(shop, CLERK, PASSWORD)
    return iter(run_in_odoo(shop.database, PREPARE, seats=SEATS))


@pytest.fixture
def performance(performances):
    return next(performances)


@pytest.fixture
def clerk(performances, server):
    return server.client(CLERK, PASSWORD)


@pytest.fixture(autouse=True)
def counted(shop, server):
    """After each test the counters say what the registrations say."""
    server.allow_lines(*REFUSED)
    yield
    assert seat_problems(shop, recover=False) == []


def reserve(clerk, member, performance, quantity):
    """Fill in the dialog and confirm it; return the order's id."""
    event, ticket = performance
    (wizard,) = clerk.call(
        "member.ticket.reserve",
        "create",
        [{"partner_id": member, "event_id": event}],
    )
    (data,) = clerk.call("member.ticket.reserve", "read", [wizard], ["line_ids"])
    (line,) = clerk.call(
        "member.ticket.reserve.line",
        "search",
        [("id", "in", data["line_ids"]), ("ticket_id", "=", ticket)],
    )
    clerk.call("member.ticket.reserve.line", "write", [line], {"quantity": quantity})
    answer = clerk.call("member.ticket.reserve", "action_reserve", [wizard])
    assert clerk.call("member.ticket.reserve", "action_reserve", [wizard]) == answer
    return int(answer["params"]["links"][0]["url"].rpartition("/")[2])


def held(shop, performance):
    rows = query(
        shop.database,
        "SELECT taken, held FROM member_seat_counter WHERE key = %s",
        [f"{performance[0]}:0:0:0:0"],
    )
    return rows[0] if rows else (0, 0)


def state(clerk, order):
    (data,) = clerk.call("sale.order", "read", [order], ["member_reservation_state"])
    return data["member_reservation_state"]


def test_expires_and_is_sold_to_others(shop, clerk, performance):
    """Held for one, refused to another; over, and sold to the other."""
    ann, bob = shop.newcomers(2)
    order = reserve(clerk, ann, performance, SEATS)
    assert held(shop, performance) == (0, SEATS)
    with pytest.raises(RpcError, match="sold out"):
        reserve(clerk, bob, performance, 1)

    run_in_odoo(shop.database, RUN_OUT, order_id=order)
    assert state(clerk, order) == "expired"
    assert held(shop, performance) == (0, 0)
    other = reserve(clerk, bob, performance, SEATS)
    clerk.call("sale.order", "action_confirm", [other])
    assert held(shop, performance) == (SEATS, 0)
    assert state(clerk, other) == "done"
    with pytest.raises(RpcError, match="sold out"):
        prolong(clerk, order)
    assert state(clerk, order) == "expired"


def test_what_fails_holds_nothing(shop, clerk, performance):
    """Seats that were held are given back when the request fails after all."""
    ann = shop.newcomer()
    order = reserve(clerk, ann, performance, 1)
    lines = clerk.call("sale.order.line", "search", [("order_id", "=", order)])
    more = [0, 0, {**line(clerk, lines[0]), "product_uom_qty": 1}]
    with pytest.raises(RpcError, match="repayment"):
        # looked at after the new line has its seat
        vals = {"order_line": [more], "require_payment": True, "prepayment_percent": 9}
        clerk.call("sale.order", "write", [order], vals)
    assert held(shop, performance) == (0, 1)
    clerk.call("sale.order", "write", [order], {"order_line": [more]})
    assert held(shop, performance) == (0, 2)
    clerk.call("sale.order", "action_member_cancel_reservation", [order])
    assert held(shop, performance) == (0, 0)


def test_quantity_and_cancel(shop, clerk, performance):
    """What is changed is held at once; what is confirmed and cancelled is free."""
    order = reserve(clerk, shop.newcomer(), performance, 1)
    lines = clerk.call("sale.order.line", "search", [("order_id", "=", order)])
    clerk.call("sale.order.line", "write", lines, {"product_uom_qty": SEATS})
    assert held(shop, performance) == (0, SEATS)
    with pytest.raises(RpcError):
        clerk.call("sale.order.line", "write", lines, {"product_uom_qty": SEATS + 1})
    assert held(shop, performance) == (0, SEATS)
    clerk.call("sale.order", "action_confirm", [order])
    assert held(shop, performance) == (SEATS, 0)
    clerk.call("sale.order.line", "write", lines, {"product_uom_qty": 1})
    assert held(shop, performance) == (1, 0)
    clerk.call("sale.order", "action_cancel", [order])
    assert held(shop, performance) == (0, 0)


def test_a_save_that_is_refused_leaves_the_seats(shop, clerk, performances):
    """One line is changed, the other refused: what the first held it holds still."""
    first, second = next(performances), next(performances)
    ann, bob = shop.newcomers(2)
    order = reserve(clerk, ann, first, 2)
    event, ticket = second
    (seat,) = clerk.call("sale.order.line", "search", [("order_id", "=", order)])
    more = {**line(clerk, seat), "event_id": event, "event_ticket_id": ticket}
    more["product_uom_qty"] = 1
    clerk.call("sale.order", "write", [order], {"order_line": [[0, 0, more]]})
    lines = clerk.call("sale.order.line", "search", [("order_id", "=", order)])
    (other,) = {*lines} - {seat}
    reserve(clerk, bob, second, SEATS - 1)
    for quantity in (1, SEATS):
        quantities = [(seat, quantity), (other, 2)]
        vals = [[1, each, {"product_uom_qty": n}] for each, n in quantities]
        with pytest.raises(RpcError, match="Seats left of"):
            clerk.call("sale.order", "write", [order], {"order_line": vals})
        assert held(shop, first) == (0, 2)
        assert held(shop, second) == (0, SEATS)
    clerk.call("sale.order", "action_confirm", [order])
    assert held(shop, first) == (2, 0)
    assert held(shop, second) == (1, SEATS - 1)


def test_on_the_screens(page, server, shop, clerk, performance):
    """A11, A12: reserved in the office, paid by wallet at the till, one given back."""
    member = shop.members[-1]
    event, _ticket = performance
    name = shop.value("SELECT name->>'en_US' FROM event_event WHERE id = %s", event)
    log_in(page, clerk, server.url)
    page.goto(f"{server.url}/odoo/action-member_ticketing.member_ticket_reserve_action")
    modal = page.locator(".modal")
    choose(modal, "partner_id", member["card"], member["name"])
    choose(modal, "event_id", name, name)
    quantity = modal.locator(".o_data_row", has_text="Stalls").locator(
        "td[name=quantity]"
    )
    quantity.click()
    quantity.locator("input").fill("2")
    modal.locator("button[name=action_reserve]").click()
    expect(page.locator(".o_notification").first).to_contain_text(member["name"])
    assert held(shop, performance) == (0, 2)

    screen = TillPage(page, server, shop, 5)
    screen.till.top_up(member["id"], 500)
    screen.find_member(member["name"])
    page.locator(".member-ticket-bar .member-waiting").click()
    modal.locator(".member-reservation .member-settle").click()
    modal.get_by_text("Settle the order").click()
    expect(screen.order_line("Stalls")).to_contain_text("170.00")
    screen.pay()
    screen.tap_wallet()
    screen.type_pin()
    screen.wait_for_receipt()
    assert held(shop, performance) == (2, 0)
    assert shop.figures(member["id"])[0] == 330

    screen.next_order()
    screen.start_refund(member["name"], "Stalls")
    expect(screen.payment_lines).to_contain_text("-85.00")
    screen.validate()
    assert held(shop, performance) == (1, 0)
    assert shop.figures(member["id"])[0] == 415
    assert ledger_problems(shop.database) == []


def choose(form, field, text, shown):
    """Choose a record by what is typed, from the list that opens."""
    form.locator(f".o_field_widget[name={field}] input").fill(text)
    form.locator(".o-autocomplete--dropdown-item", has_text=shown).first.click()


def line(clerk, line_id):
    names = ["product_id", "event_id", "event_ticket_id"]
    (data,) = clerk.call("sale.order.line", "read", [line_id], names)
    return {name: data[name][0] for name in names}


def prolong(clerk, order):
    (wizard,) = clerk.call("member.ticket.prolong", "create", [{"order_id": order}])
    clerk.call("member.ticket.prolong", "action_confirm", [wizard])
