"""No seat is sold twice, whoever sells it at the same moment."""

from functools import partial

from tests.support.parallel import at_once
from tests.support.rpc import RpcError
from tests.support.shell import run_in_odoo
from tests.support.tickets import (
    SOLD_OUT,
    at_desk,
    at_till,
    make_performances,
    make_policy,
    refused,
    seat_problems,
    sellers,
    sold,
)

BUYERS = 16
ROUNDS = 3

HAS_ENOUGH = r"odoo\.http: .* has as many of these tickets"


def test_one_seat_has_one_buyer(shop, pair):
    """Of sixteen buyers at tills and desks one has it; the others are told so."""
    members = shop.newcomers(BUYERS)
    for performance in make_performances(shop, *[1] * ROUNDS):
        answers = at_once(*sellers(shop, pair, performance, members))

        refused(answers, pair)
        assert sold(shop, performance) == 1, answers
    assert seat_problems(shop, recover=False) == []


def test_without_the_lock_it_has_several(unguarded_shop, unguarded):
    """Negative control: the same race sells the seat more than once."""
    members = unguarded_shop.newcomers(4)
    found = []
    for performance in make_performances(unguarded_shop, *[1] * ROUNDS):
        unguarded_shop.race(*sellers(unguarded_shop, unguarded, performance, members))
        found.append(sold(unguarded_shop, performance))

    for server in unguarded:
        server.allow_lines(SOLD_OUT)
    assert min(found) > 1


def test_a_room_is_filled_and_not_overfilled(shop, pair):
    """Seven seats, orders of one and of two: all are sold, none twice."""
    members = shop.newcomers(8)
    (performance,) = make_performances(shop, 7)
    tills = [shop.till(pair[n % 2], n) for n in range(8)]

    answers = at_once(
        *(
            partial(at_till, till, performance, member, 1 + number % 2)
            for number, (till, member) in enumerate(zip(tills, members, strict=True))
        )
    )

    refused(answers, pair)
    assert sold(shop, performance) in (6, 7), answers
    assert seat_problems(shop, recover=False) == []


def test_the_last_seat_of_a_slot_has_one_taker(shop, pair):
    """Who moves there and who buys there: one of them."""
    members = shop.newcomers(8)
    clients = [server.client() for server in pair * 4]
    for performance in make_performances(shop, *[1] * ROUNDS, slots=2):
        early, late = performance["slots"]
        (mover,) = at_desk(clients[0], performance, members[0], slot=early)

        def move(mover=mover, late=late):
            try:
                clients[0].call(
                    "event.registration", "write", [mover], {"event_slot_id": late}
                )
            except RpcError as error:
                return error

        answers = at_once(
            move,
            *(
                partial(at_desk, client, performance, member, slot=late)
                for client, member in zip(clients[1:], members[1:], strict=True)
            ),
        )

        refused(answers, pair)
        assert sold(shop, performance, late) == 1, answers
        assert sold(shop, performance, early) == (0 if answers[0] is None else 1)
    assert seat_problems(shop, recover=False) == []


def test_a_seat_given_back_has_one_taker(shop, pair):
    """Eight wait for the one who cancels: at most one gets it, and nothing is stuck."""
    members = shop.newcomers(8)
    clients = [server.client() for server in pair * 4]
    for performance in make_performances(shop, *[1] * ROUNDS):
        (first,) = at_desk(clients[0], performance, members[0])

        answers = at_once(
            partial(clients[0].call, "event.registration", "action_cancel", [first]),
            *(
                partial(at_desk, client, performance, member)
                for client, member in zip(clients[1:], members[1:], strict=True)
            ),
        )

        refused(answers, pair)
        assert sold(shop, performance) <= 1, answers
        again = at_desk(clients[0], performance, members[0])
        refused([again], pair)
        assert sold(shop, performance) == 1
    assert seat_problems(shop, recover=False) == []


def test_a_member_at_several_desks_has_no_more_than_the_limit(shop, pair):
    """A limit of two counts what is bought anywhere at the same moment."""
    (member,) = shop.newcomers(1)
    (performance,) = make_performances(shop, 50)
    make_policy(shop, performance, name="Two each", member_limit=2)
    clients = [server.client() for server in pair * 4]

    def buy(client):
        values = {
            "event_id": performance["id"],
            "event_ticket_id": performance["ticket"],
            "partner_id": member,
            "member_free_reason": "At the desk",
        }
        try:
            return client.call("event.registration", "create", [values])
        except RpcError as error:
            return error

    answers = at_once(*(partial(buy, client) for client in clients))

    for server in pair:
        server.allow_lines(HAS_ENOUGH)
    assert sold(shop, performance) == 2, answers
    assert seat_problems(shop, recover=False) == []


SELL_TWICE = """
    from odoo.addons.member_ticketing import seats
    event = env["event.event"].browse(performance["id"])
    order = env["sale.order"].create({
        "partner_id": member,
        "order_line": [(0, 0, {
            "product_id": performance["product"],
            "product_uom_qty": 2,
            "event_id": event.id,
            "event_ticket_id": performance["ticket"],
        })],
    })
    line = order.order_line
    env.cr.commit()
    want = seats.Want(event.id, 0, performance["ticket"], 0, member, 2)
    seats.resize(env, f"so:{order.id}:{line.id}:", [want])
    for count in (2, 1):
        env["event.registration"].create([
            {"sale_order_line_id": line.id, "sale_order_id": order.id, "state": "open"}
        ] * count).write({"state": "open"})
    result = len(line.registration_ids.filtered(lambda each: each.state == "open"))
"""


def test_a_line_may_sell_more_than_it_held(shop):
    """In one transaction, which must not wait for the claim that it made itself."""
    (member,) = shop.newcomers(1)
    (performance,) = make_performances(shop, 3)

    count = run_in_odoo(
        shop.database, SELL_TWICE, performance=performance, member=member
    )

    assert count == sold(shop, performance) == 3
    assert seat_problems(shop, recover=False) == []
