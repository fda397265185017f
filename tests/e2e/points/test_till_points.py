"""Points at the till: a real Chromium, a real server, a real database.

Earned, redeemed, given up and taken back with the goods; a member day seen before
paying; a class that points reach, and its prices at the next sale.
"""

import pytest
from playwright.sync_api import expect

from tests.support.browser import screenshot
from tests.support.points import (
    credit,
    end_rule,
    make_class_rule,
    make_gift,
    make_money_off,
    make_rule,
    points,
)
from tests.support.shell import run_in_odoo
from tests.support.shop import ledger_problems
from tests.support.till_page import TillPage

TO_CLASS = """
    points_class = env.ref(f"member_card.member_class_{code}")
    env["res.partner"].browse(member).member_class_id = points_class
"""


@pytest.fixture(scope="module")
def rewards(shop):
    """Offer money off and a gift."""
    make_money_off(shop)
    make_gift(shop, "Cup", points=300)


@pytest.fixture
def open_till(page, server, shop, rewards):
    """Return `open_till(number, points)`: a till, and a member with points."""

    def open_one(number, start=0):
        member = shop.members[number]
        if start:
            credit(shop, member["id"], start)
        return TillPage(page, server, shop, number), member

    return open_one


def sell_ticket(screen, member, price="88.40"):
    """Sell a ticket up to the payment screen."""
    screen.tap_product("Ticket")
    screen.scan(member["card"])
    expect(screen.order_line("Ticket")).to_contain_text(price)
    screen.pay()


def test_earn_redeem_and_give_back(open_till, shop):
    """C5, D11: 500 points take 5.00 off; the refund undoes that, and no gift."""
    screen, member = open_till(0, start=1000)
    sell_ticket(screen, member)
    expect(screen.earns).to_contain_text("88")
    screen.take_money_off("500")
    expect(screen.total).to_contain_text("83.40")
    expect(screen.earns).to_contain_text("83")
    screen.take_gift("Cup")
    expect(screen.points).to_contain_text("200")
    assert points(shop, member["id"]) == (1000, 800, 0)
    screenshot(screen.page, "points-payment")
    screen.tap_method("Cash")
    receipt = screen.validate()
    expect(receipt.locator(".member-receipt-earned")).to_contain_text("+83")
    expect(receipt.locator(".member-receipt-spent")).to_contain_text("-800")
    expect(receipt.locator(".member-receipt-points")).to_contain_text("283")
    assert points(shop, member["id"]) == (283, 0, 0)
    screen.next_order()

    screen.start_refund(member["name"], "Ticket")
    expect(screen.total).to_contain_text("83.40")
    screen.tap_method("Cash")
    receipt = screen.validate()
    expect(receipt.locator(".member-receipt-earned")).to_contain_text("-83")
    expect(receipt.locator(".member-receipt-spent")).to_contain_text("+500")
    screenshot(screen.page, "points-refunded")
    assert points(shop, member["id"]) == (700, 0, 0)
    assert ledger_problems(shop.database) == []


def test_what_is_given_up_is_free_again(open_till, shop):
    """A gift taken off, an order cancelled: nothing stays reserved."""
    screen, member = open_till(1, start=1000)
    sell_ticket(screen, member)
    screen.take_gift("Cup")
    expect(screen.points).to_contain_text("700")
    screen.open_rewards()
    screen.page.locator(".modal .member-redemption-remove").click()
    expect(screen.points).to_contain_text("1,000")
    assert points(shop, member["id"]) == (1000, 0, 0)

    screen.take_money_off("1,000")
    expect(screen.points).to_have_count(0)
    assert points(shop, member["id"]) == (1000, 1000, 0)
    screen.page.locator(".payment-screen .back-button").click()
    screen.page.locator(".product-screen .more-btn").click()
    screen.page.locator(".control-buttons-modal button:has(.fa-trash)").click()
    screen.page.locator(".modal .modal-footer .btn-primary").click()
    expect(screen.page.locator(".member-chip")).to_have_count(0)
    assert points(shop, member["id"]) == (1000, 0, 0)


def test_member_day_is_seen_before_paying(open_till, shop):
    """B3: the multiplier stands on the screen while there is time to add goods."""
    rule = make_rule(shop, name="Member day", effect="multiplier", multiplier=2)
    screen, member = open_till(2)
    sell_ticket(screen, member)
    expect(screen.earns).to_contain_text("176")
    expect(screen.earns).to_contain_text("Member day: ×2")
    screenshot(screen.page, "points-member-day")
    screen.tap_method("Cash")
    receipt = screen.validate()
    expect(receipt.locator(".member-receipt-earned")).to_contain_text("+176")
    assert points(shop, member["id"]) == (176, 0, 0)
    end_rule(shop, rule)


def test_nothing_moves_when_it_is_known_what_is_earned(open_till):
    """UX: on a phone the means of payment are below it, and tapped already."""
    screen, member = open_till(4)
    page = screen.page
    page.set_viewport_size({"width": 390, "height": 844})
    screen.tap_product("Ticket")
    page.locator(".review-button").click()
    screen.scan(member["card"])
    expect(screen.chip).to_be_visible()
    asked = []

    def hold_back(route):
        asked.append(route)

    page.route("**/pos.config/member_points_preview", hold_back)
    with page.expect_request("**/pos.config/member_points_preview"):
        screen.pay()
    cash = page.locator(".paymentmethod").filter(has_text="Cash")
    before = cash.bounding_box()
    for route in asked:
        route.continue_()
    expect(screen.earns).to_contain_text("88")
    assert cash.bounding_box() == before


def test_class_that_points_reach_is_there_at_the_next_sale(open_till, shop):
    """A6: one purchase earns enough; the next one has the new class's prices."""
    screen, member = open_till(3)
    run_in_odoo(shop.database, TO_CLASS, member=member["id"], code="points")
    rule = make_class_rule(shop, "stored_value", threshold=100)
    sell_ticket(screen, member, price="104.00")
    expect(screen.earns).to_contain_text("104")
    screen.tap_method("Cash")
    screen.validate()
    screen.next_order()

    sell_ticket(screen, member, price="88.40")
    screenshot(screen.page, "points-class")
    assert shop.query(
        """SELECT a.reason, c.code FROM member_class_assignment a
             JOIN member_class c ON c.id = a.class_id
            WHERE a.partner_id = %s AND a.date_to IS NULL""",
        member["id"],
    ) == [("rule", "stored_value")]
    assert ledger_problems(shop.database) == []
    end_rule(shop, rule, model="member.class.rule")
