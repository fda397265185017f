"""Points at the till: earned, redeemed, given up, and taken back with the goods."""

import pytest
from playwright.sync_api import expect

from tests.support.shell import run_in_odoo
from tests.support.shop import ledger_problems
from tests.support.till_page import TillPage

REWARDS = """
    tea = env["product.product"].browse(tea_id)
    env["member.reward"].create(
        [
            {"name": "Money off", "kind": "discount", "points_per_unit": 100},
            {"name": "A cup of tea", "product_id": tea.id, "points_cost": 300},
        ]
    )
"""
GIVE = """
    from tests.support.shop_data import give
    give(env, env["res.partner"].browse(partner_id), points, "points")
"""


@pytest.fixture(scope="module")
def rewards(shop):
    """Offer money off and a gift."""
    run_in_odoo(shop.database, REWARDS, tea_id=shop.products["tea"])


@pytest.fixture
def open_till(page, server, shop, rewards):
    """Return `open_till(number)`: a till, and a member with 1,000 points."""

    def open_one(number):
        member = shop.members[number]
        run_in_odoo(shop.database, GIVE, partner_id=member["id"], points=1000)
        return TillPage(page, server, shop, number), member

    return open_one


def sell_to(screen, member):
    """Sell a ticket for 88.40 up to the payment screen."""
    screen.tap_product("Ticket")
    screen.scan(member["card"])
    expect(screen.page.locator(".member-chip .member-points")).to_contain_text("1,000")
    screen.pay()


def open_rewards(screen):
    screen.page.locator(".payment-screen .member-redeem").click()
    expect(screen.page.locator(".modal .member-rewards")).to_be_visible()


def points_of(shop, member):
    """Return (amount, held, owed) of a member's points."""
    rows = shop.query(
        """SELECT balance.amount, balance.held, balance.owed
             FROM member_balance balance
             JOIN member_asset asset ON asset.id = balance.asset_id
            WHERE balance.partner_id = %s AND asset.kind = 'points'
              AND balance.merged_into_id IS NULL""",
        member["id"],
    )
    return tuple(map(float, rows[0]))


def test_earn_redeem_and_give_back(open_till, shop):
    """B3, D5, D11: 500 points take 5.00 off; the refund undoes all of it."""
    screen, member = open_till(0)
    sell_to(screen, member)
    earns = screen.page.locator(".payment-screen .member-earns")
    expect(earns).to_contain_text("88")
    open_rewards(screen)
    screen.page.locator(".modal .member-choice", has_text="500 points").click()
    expect(screen.page.locator(".payment-screen .total")).to_contain_text("83")
    expect(earns).to_contain_text("83")
    assert points_of(shop, member) == (1000, 500, 0)
    screen.tap_method("Cash")
    receipt = screen.validate()
    expect(receipt.locator(".member-receipt-earned")).to_contain_text("+83")
    expect(receipt.locator(".member-receipt-spent")).to_contain_text("-500")
    expect(receipt.locator(".member-receipt-points")).to_contain_text("583")
    assert points_of(shop, member) == (583, 0, 0)
    screen.next_order()

    screen.start_refund(member["name"], "Ticket")
    expect(screen.page.locator(".payment-screen .total")).to_contain_text("83")
    screen.tap_method("Cash")
    receipt = screen.validate()
    expect(receipt.locator(".member-receipt-earned")).to_contain_text("-83")
    expect(receipt.locator(".member-receipt-spent")).to_contain_text("+500")
    assert points_of(shop, member) == (1000, 0, 0)
    assert ledger_problems(shop.database) == []


def test_what_is_given_up_is_free_again(open_till, shop):
    """A gift taken off, an order cancelled: nothing stays reserved."""
    screen, member = open_till(1)
    sell_to(screen, member)
    open_rewards(screen)
    screen.page.locator(".modal .member-reward", has_text="tea").click()
    points = screen.page.locator(".member-chip .member-points")
    expect(points).to_contain_text("700")
    open_rewards(screen)
    screen.page.locator(".modal .member-redemption-remove").click()
    expect(points).to_contain_text("1,000")
    assert points_of(shop, member) == (1000, 0, 0)

    open_rewards(screen)
    screen.page.locator(".modal .member-choice").first.click()
    expect(points).to_have_count(0)
    assert points_of(shop, member) == (1000, 1000, 0)
    screen.page.locator(".payment-screen .back-button").click()
    screen.page.locator(".product-screen .more-btn").click()
    screen.page.locator(".control-buttons-modal button:has(.fa-trash)").click()
    screen.page.locator(".modal .modal-footer .btn-primary").click()
    expect(screen.page.locator(".member-chip")).to_have_count(0)
    assert points_of(shop, member) == (1000, 0, 0)
