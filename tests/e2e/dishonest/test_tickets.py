"""Tickets that a cashier forges: refused and logged, or listed; no seat is moved."""

import pytest

from tests.support import box_office
from tests.support.dishonest import ACCESS, attempts, refusal
from tests.support.shop import CASHIER
from tests.support.tickets import (
    PRICE,
    make_performances,
    make_policy,
    seat_problems,
    sold,
)

MEMBER_PRICE = 60
WRITTEN_BY_NONE = (
    "member.seat.claim",
    "member.seat.counter",
    "member.seat.hold",
    "member.seat.move",
    "member.ticket.exception",
    "member.ticket.policy",
    "member.till.ticket",
)


@pytest.fixture(scope="module")
def performance(shop):
    return make_performances(shop, 40)[0]


@pytest.fixture(scope="module")
def policy(shop, performance):
    """Give the policy by which the shop's members pay MEMBER_PRICE, four at most."""
    return make_policy(
        shop,
        performance,
        class_id=shop.value(
            "SELECT member_class_id FROM res_partner WHERE id = %s",
            shop.members[0]["id"],
        ),
        price_kind="fixed",
        price=MEMBER_PRICE,
        member_limit=4,
    )


@pytest.fixture(autouse=True)
def agreeing(shop):
    yield
    assert seat_problems(shop) == []


@pytest.fixture
def forged(till, performance, policy):
    """Return `forged(price, member, seats, **line)`: an order that nobody agreed to."""

    def make(price=PRICE, member=False, seats=1, **line):
        wanted = box_office.want(performance, seats)
        order = box_office.order_of(till, performance, wanted, price, member)
        box_office.ticket_line(order).update(line)
        return order

    return make


def assert_refused(shop, till, performance, order, sentence):
    """Send an order that must leave no trace, except of who tried."""
    before = sold(shop, performance)
    _name, said = refusal(till.send, order)
    assert sentence in said
    assert not shop.query("SELECT 1 FROM pos_order WHERE uuid = %s", order["uuid"])
    assert sold(shop, performance) == before
    assert any(sentence in words for _partner, words in attempts(shop, CASHIER))


def test_a_price_of_somebody_else(shop, till, forged):
    """A10: the members' price is for members; the sale is listed."""
    order = forged(MEMBER_PRICE)
    till.send(order)
    assert box_office.findings(shop, order["uuid"]) == [(PRICE, MEMBER_PRICE)]


def test_a_policy_of_ones_own_choice(shop, till, forged, policy):
    """A10: which policy sells is not sent with the order."""
    order = forged(
        MEMBER_PRICE,
        member_ticket_policy_id=policy,
        member_ticket_price=MEMBER_PRICE,
        member_free_reason="A friend",
    )
    till.send(order)
    assert box_office.findings(shop, order["uuid"]) == [(PRICE, MEMBER_PRICE)]
    assert shop.query(
        """SELECT l.member_ticket_policy_id, l.member_free_reason
             FROM pos_order_line l JOIN pos_order o ON o.id = l.order_id
            WHERE o.uuid = %s""",
        order["uuid"],
    ) == [(None, None)]


@pytest.mark.parametrize("line", [{"discount": 100}, {"price_unit": 0}], ids=str)
def test_a_ticket_for_nothing(shop, till, forged, performance, line):
    """A10: who gives tickets away has the right to, or an approval, and a reason."""
    order = forged(0, **{"price_unit": PRICE, **line})
    assert_refused(shop, till, performance, order, "mark it as complimentary")


def test_complimentary_tickets_without_the_right(till, performance):
    answer = box_office.ask(till, box_office.want(performance, free_reason="A friend"))
    assert (answer["status"], answer["act"]) == ("approval_needed", "ticket_free")


def test_another_policy_without_the_right(till, performance, policy):
    answer = box_office.ask(till, box_office.want(performance, policy_id=policy))
    assert (answer["status"], answer["act"]) == ("approval_needed", "ticket_policy")


def test_more_tickets_than_are_paid_for(shop, till, forged, performance):
    """A10: a line has as many tickets as it sells, of the kind it sells."""
    attendee = {"event_id": performance["id"], "event_ticket_id": performance["ticket"]}
    order = forged(event_registration_ids=[[0, 0, attendee]] * 3)
    assert_refused(shop, till, performance, order, "not those that this line sells")


def test_more_than_the_limit(shop, till, forged, performance):
    """A10: the limit holds when the order comes without having asked."""
    member = shop.newcomer()
    order = forged(MEMBER_PRICE, member, seats=5)
    before = sold(shop, performance)
    _name, said = refusal(till.send, order)
    assert "may have 4 more" in said
    assert sold(shop, performance) == before


def test_tickets_that_no_order_pays_for(shop, till, performance):
    """A10: a cashier makes no tickets by hand, nor confirms them."""
    call = till.client.call
    vals = {"event_id": performance["id"], "event_ticket_id": performance["ticket"]}
    before = sold(shop, performance)
    _name, said = refusal(call, "event.registration", "create", [vals])
    assert "costs something" in said
    draft = call("event.registration", "create", [{**vals, "state": "draft"}])
    for state in ("open", "done"):
        _name, said = refusal(
            call, "event.registration", "write", draft, {"state": state}
        )
        assert "costs something" in said
    assert sold(shop, performance) == before
    assert any("costs something" in words for _p, words in attempts(shop, CASHIER))


def test_more_tickets_for_an_order_that_is_paid(shop, till, performance):
    """A10: a paid order stands behind the tickets that it sold, not behind others."""
    sale = till.send(box_office.held(till, performance))
    before = sold(shop, performance)
    (line,) = sale["lines"]
    vals = {
        "event_id": performance["id"],
        "event_ticket_id": performance["ticket"],
        "pos_order_line_id": line,
    }
    _name, said = refusal(till.client.call, "event.registration", "create", [vals])
    assert "costs something" in said
    assert sold(shop, performance) == before


def test_a_ticket_that_was_given_back(shop, till, performance):
    """A10: the money went back; the ticket opens no door again."""
    order = box_office.held(till, performance)
    sale = till.send(order)
    seat = {"product_id": performance["product"], "price_unit": PRICE}
    till.send(till.refund_order(sale, PRICE, [(till.ids["cash"], PRICE)], **seat))
    before = sold(shop, performance)
    call = till.client.call
    given_back = call(
        "event.registration", "search", [("pos_order_line_id", "in", sale["lines"])]
    )
    _name, said = refusal(
        call, "event.registration", "write", given_back, {"state": "open"}
    )
    assert "costs something" in said
    assert sold(shop, performance) == before


def test_a_draft_order_with_tickets_that_open_the_door(shop, till, forged, performance):
    """A10: only paying confirms tickets."""
    before = sold(shop, performance)
    attendee = {
        "event_id": performance["id"],
        "event_ticket_id": performance["ticket"],
        "state": "open",
    }
    order = forged(event_registration_ids=[[0, 0, attendee]])
    order.update(state="draft", payment_ids=[], amount_paid=0)
    sent = till.send(order)
    assert sold(shop, performance) == before
    _name, said = refusal(
        till.client.call, "pos.order", "write", [sent["id"]], {"state": "paid"}
    )
    assert "Pay it at the till" in said
    assert sold(shop, performance) == before


def test_paid_tickets_are_not_changed(till, performance):
    order = till.send(box_office.held(till, performance))
    for vals in ({"qty": 9}, {"price_unit": 1}, {"event_ticket_id": False}):
        _name, said = refusal(
            till.client.call, "pos.order.line", "write", order["lines"], vals
        )
        assert "paid for" in said


def test_seats_and_what_was_agreed_are_the_servers(till):
    """A10: nobody at a till writes counters, holds, policies or exceptions."""
    for model in WRITTEN_BY_NONE:
        assert refusal(till.client.call, model, "create", [{}])[0] == ACCESS
