"""The box office on a real server: held, paid, given back, and too late.

Over RPC, and one journey on the screen of a till.
"""

import pytest
from playwright.sync_api import expect

from tests.support import box_office
from tests.support.browser import screenshot
from tests.support.points import only_rule, points
from tests.support.shop import ledger_problems, new_key
from tests.support.tickets import (
    PRICE,
    SOLD_OUT,
    in_office,
    make_performances,
    make_policy,
    seat_problems,
    sold,
    sold_by,
)
from tests.support.till_page import TillPage
from tests.support.web_shopper import sign_in

MEMBER_PRICE = 60
MONEY = 500


@pytest.fixture(scope="module")
def stored_value(shop):
    """Give the id of the class that all members of the shop are in."""
    return shop.value(
        "SELECT member_class_id FROM res_partner WHERE id = %s", shop.members[0]["id"]
    )


@pytest.fixture(scope="module")
def till(shop, server):
    return shop.till(server)


@pytest.fixture
def member(shop, till):
    member = shop.newcomer()
    till.top_up(member, MONEY)
    return member


@pytest.fixture
def performance(shop):
    """Give a performance of its own with ten seats."""
    return make_performances(shop, 10)[0]


@pytest.fixture
def cheaper(shop, performance, stored_value):
    """Give the policy by which members pay MEMBER_PRICE."""
    return make_policy(
        shop,
        performance,
        class_id=stored_value,
        price_kind="fixed",
        price=MEMBER_PRICE,
        name="Members",
    )


@pytest.fixture(autouse=True)
def agreeing(shop):
    """After each test all counters agree with what they count."""
    yield
    assert seat_problems(shop) == []


def test_policy_price_wallet_refund(shop, till, member, performance, cheaper):
    """A11, A12: the member's price, paid by wallet; refunded, seat and points too."""
    with only_rule(shop):
        order = box_office.held(till, performance, member, 2)
        assert order["amount_total"] == 2 * MEMBER_PRICE
        sent = till.send(box_office.with_wallet(till, order, member))
        assert sent["state"] == "paid"
        assert box_office.findings(shop, order["uuid"]) == []
        assert shop.figures(member)[0] == MONEY - 2 * MEMBER_PRICE
        assert points(shop, member)[0] == 2 * MEMBER_PRICE
        assert sold(shop, performance) == 2
        assert (
            shop.value(
                "SELECT DISTINCT member_policy_id FROM event_registration"
                " WHERE event_id = %s",
                performance["id"],
            )
            == cheaper
        )

        refund = till.refund_order(
            sent,
            MEMBER_PRICE,
            [(till.ids["wallet"], MEMBER_PRICE)],
            product_id=performance["product"],
        )
        till.send(refund)
        assert sold(shop, performance) == 1
        assert box_office.attendees(shop, order["uuid"]) == ["open", "cancel"]
        assert shop.figures(member)[0] == MONEY - MEMBER_PRICE
        assert points(shop, member)[0] == MEMBER_PRICE
    assert ledger_problems(shop.database) == []


def test_wallet_and_refund_on_the_screen(page, server, shop, member, stored_value):
    """A11, A12: one of two tickets comes back: money, points and that very seat."""
    (performance,) = make_performances(shop, 11)
    make_policy(
        shop,
        performance,
        class_id=stored_value,
        price_kind="fixed",
        price=MEMBER_PRICE,
    )
    name = next(each["name"] for each in shop.members if each["id"] == member)
    with only_rule(shop):
        screen = TillPage(page, server, shop, 2)
        modal = page.locator(".modal")
        screen.find_member(name)
        expect(screen.chip).to_contain_text("500.00")
        page.locator(".member-sell-tickets").click()
        modal.get_by_text("Show all that are to come").click()
        modal.locator(".member-performance", has_text="Storm of 11").click()
        stalls = modal.locator(".member-ticket", has_text="Stalls")
        stalls.locator(".member-more-tickets").click()
        stalls.locator(".member-more-tickets").click()
        modal.locator(".member-confirm").click()
        expect(screen.order_line("Stalls")).to_contain_text("120.00")
        screen.pay()
        screen.type_pin()
        receipt = screen.wait_for_receipt()
        expect(receipt.locator(".member-receipt-balance")).to_contain_text("380.00")
        assert shop.figures(member)[0] == MONEY - 2 * MEMBER_PRICE
        assert points(shop, member)[0] == 2 * MEMBER_PRICE
        assert seats_of(shop, performance) == ["open", "open"]

        screen.next_order()
        screen.choose_refund(name, "Stalls")
        modal.locator(".member-seat-back").first.click()
        screenshot(page, "box-office-which-seat")
        modal.locator(".member-confirm").click()
        expect(page.locator(".payment-screen")).to_be_visible()
        expect(screen.payment_lines).to_have_count(1)
        expect(screen.payment_lines).to_contain_text("-60.00")
        screenshot(page, "box-office-refund")
        receipt = screen.validate()
        expect(receipt.locator(".member-receipt-balance")).to_contain_text("440.00")
        assert shop.figures(member)[0] == MONEY - MEMBER_PRICE
        assert points(shop, member)[0] == MEMBER_PRICE
        assert seats_of(shop, performance) == ["cancel", "open"]
    assert ledger_problems(shop.database) == []


def seats_of(shop, performance):
    """Return the states of a performance's tickets, the first first."""
    rows = shop.query(
        "SELECT state FROM event_registration WHERE event_id = %s ORDER BY id",
        performance["id"],
    )
    return [state for (state,) in rows]


def test_a_limit_over_all_channels(shop, server, till, performance, stored_value):
    """A10: what a member bought in one channel counts in the others, each way round."""
    make_policy(shop, performance, class_id=stored_value, member_limit=4)
    member = shop.newcomer()
    shopper = sign_in(shop, server, member)
    clerk = server.client()
    server.allow_lines(SOLD_OUT)
    assert shopper.buy(performance) == "done"
    till.send(box_office.held(till, performance, member))
    assert isinstance(in_office(clerk, performance, member), int)
    assert sold_by(shop, performance) == {"web": 1, "till": 1, "office": 1}

    answer = box_office.ask(till, box_office.want(performance, 2), member)
    assert (answer["status"], answer["left"]) == ("limit_reached", 1)
    assert "may have 1 more" in str(in_office(clerk, performance, member, 2))
    assert not shopper.put_in_cart(performance, 2)
    assert "may have 1 more" in shopper.refusal(performance)

    # in the cart, not paid for yet, it counts as well
    assert shopper.put_in_cart(performance)
    answer = box_office.ask(till, box_office.want(performance), member)
    assert (answer["status"], answer["left"]) == ("limit_reached", 0)
    assert "as many of these tickets" in str(in_office(clerk, performance, member))
    assert shopper.pay() == "done"
    assert not shopper.put_in_cart(performance)
    assert "as many of these tickets" in shopper.refusal(performance)
    assert sold_by(shop, performance) == {"web": 2, "till": 1, "office": 1}


def test_a_quota_used_up_while_the_public_buys(shop, till, performance, stored_value):
    """A10: the members' quota is gone, all go on buying at the public's price."""
    make_policy(
        shop,
        performance,
        class_id=stored_value,
        price_kind="fixed",
        price=MEMBER_PRICE,
        quota=2,
    )
    make_policy(shop, performance, price_kind="fixed", price=PRICE, name="Public")
    first, second = shop.newcomers(2)
    till.send(box_office.held(till, performance, first, 2))
    order = box_office.held(till, performance, second)
    assert order["amount_total"] == PRICE
    till.send(order)
    till.send(box_office.held(till, performance))
    assert sold(shop, performance) == 4


def test_held_seats_are_nobody_elses(shop, server, till, performance):
    """A10: ten seats, all held at one till: the other one is told so."""
    order = box_office.held(till, performance, seats=10)
    other = shop.till(server, 1)
    answer = box_office.ask(other, box_office.want(performance))
    assert (answer["status"], answer["left"]) == ("sold_out", 0)
    till.verb("member_seats_release", [box_office.ticket_line(order)["uuid"]])
    assert box_office.ask(other, box_office.want(performance))["status"] == "ok"


def test_an_answer_that_was_lost_is_asked_for_again(shop, till, performance):
    """The same request twice holds once, and the order sent twice sells once."""
    wanted, order_uuid = box_office.want(performance, 3), new_key()
    first = box_office.ask(till, wanted, order_uuid=order_uuid)
    again = box_office.ask(till, wanted, order_uuid=order_uuid)
    assert first["lines"][0]["price"] == again["lines"][0]["price"] == PRICE
    order = box_office.order_of(till, performance, wanted, PRICE, False, order_uuid)
    till.send(order)
    till.send(order)
    assert sold(shop, performance) == 3


def test_a_late_order_gets_its_seats_again(shop, till, performance):
    order = box_office.held(till, performance, seats=4)
    box_office.expire(shop, order)
    till.send(box_office.held(till, performance, seats=6))
    assert till.send(order)["state"] == "paid"
    assert (sold(shop, performance), box_office.exceptions(shop, performance)) == (
        10,
        [],
    )


def test_an_order_that_comes_too_late_is_paid_and_listed(
    shop, server, till, performance
):
    """Nothing stops the till's queue; the order is listed, a refund settles it."""
    order = box_office.held(till, performance, seats=2)
    box_office.expire(shop, order)
    till.send(box_office.held(till, performance, seats=10))
    sent = till.send(order)
    assert sent["state"] == "paid"
    assert box_office.attendees(shop, order["uuid"]) == ["draft", "draft"]
    assert box_office.exceptions(shop, performance) == [("open", 2)]
    assert sold(shop, performance) == 10
    refund = till.refund_order(
        sent,
        2 * PRICE,
        [(till.ids["cash"], 2 * PRICE)],
        product_id=performance["product"],
        qty=-2,
        price_unit=PRICE,
    )
    till.send(refund)
    assert box_office.exceptions(shop, performance) == [("settled", 2)]
    assert box_office.attendees(shop, order["uuid"]) == ["cancel", "cancel"]


def test_a_reservation_is_paid_at_the_till(shop, till, member, performance, cheaper):
    """A11: reserved in the office, paid by wallet at the till, tickets made once."""
    reservation, line, price = box_office.reserve(shop, performance, member, 2)
    assert price == MEMBER_PRICE
    assert sold(shop, performance) == 0
    order = till.order(member, 2 * price, [(till.ids["cash"], 2 * price, new_key())])
    box_office.ticket_line(order).update(
        product_id=performance["product"],
        qty=2,
        price_unit=price,
        sale_order_origin_id=reservation,
        sale_order_line_id=line,
    )
    till.send(box_office.with_wallet(till, order, member))
    assert sold(shop, performance) == 2
    assert box_office.attendees(shop, order["uuid"]) == []
    assert box_office.findings(shop, order["uuid"]) == []
    assert (
        shop.value("SELECT state FROM sale_order WHERE id = %s", reservation) == "sale"
    )
    assert shop.figures(member)[0] == MONEY - 2 * price
