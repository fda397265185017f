"""Promotions and codes that only members of a class get, at a real till."""

import pytest
from playwright.sync_api import expect

from tests.support.browser import screenshot
from tests.support.shell import run_in_odoo
from tests.support.till_page import TillPage

CODE = "OPENINGNIGHT"

PROGRAMS = """
    env["loyalty.program"].search([]).active = False
    member_class = env.ref("member_card.member_class_stored_value")
    env["loyalty.program"].create([
        {
            "name": name, "program_type": kind, "trigger": trigger,
            "applies_on": "current", "member_class_ids": [(6, 0, member_class.ids)],
            "rule_ids": [(0, 0, {"minimum_qty": 0, "minimum_amount": 0, **rule})],
            "reward_ids": [(0, 0, {
                "reward_type": "discount", "discount": percent,
                "discount_mode": "percent", "discount_applicability": "order",
                "required_points": 1, "description": name,
            })],
        }
        for name, kind, trigger, percent, rule in (
            ("Class Week", "promotion", "auto", 10, {}),
            ("Opening Night", "promo_code", "with_code", 50,
             {"mode": "with_code", "code": code}),
        )
    ])
    # somebody of another class
    points_class = env.ref("member_card.member_class_points")
    env["res.partner"].browse(stranger).member_class_id = points_class
"""

SOLD = """
    SELECT o.amount_total::float, count(l.reward_id), count(e.id)
      FROM pos_order o JOIN pos_order_line l ON l.order_id = o.id
 LEFT JOIN member_price_exception e ON e.order_id = o.id
     WHERE o.partner_id = %s AND o.state = 'paid' GROUP BY o.id ORDER BY o.id
"""


@pytest.fixture(scope="module")
def people(shop):
    """Return a member of the class and one of another; both cards are known."""
    member, stranger = shop.members[:2]
    run_in_odoo(shop.database, PROGRAMS, code=CODE, stranger=stranger["id"])
    return member, stranger


def test_a_promotion_comes_and_goes_with_the_member(page, server, shop, people):
    """D14: nobody else's order has it, and the paid order is right for the server."""
    member, stranger = people
    screen = TillPage(page, server, shop, 0)
    screen.tap_product("Ticket")
    expect(screen.order_line("Ticket")).to_contain_text("104.00")
    expect(screen.order_line("Class Week")).to_have_count(0)

    screen.scan(member["card"])
    expect(screen.order_line("Class Week")).to_contain_text("-8.84")
    screenshot(page, "program-of-class")
    screen.scan(stranger["card"])
    expect(screen.order_line("Ticket")).to_contain_text("104.00")
    expect(screen.order_line("Class Week")).to_have_count(0)
    screen.scan(member["card"])
    expect(screen.order_line("Class Week")).to_contain_text("-8.84")
    screen.pay()
    expect(screen.total).to_contain_text("79.56")
    screen.tap_method("Cash")
    screen.validate()
    assert shop.query(SOLD, member["id"]) == [(79.56, 1, 0)]


def test_a_code_is_refused_to_others_with_what_to_do(page, server, shop, people):
    """C7: the sentence names the classes; the right member gets it, same order."""
    member, stranger = people
    screen = TillPage(page, server, shop, 1)
    screen.tap_product("Ticket")
    screen.scan(stranger["card"])
    enter_code(screen)
    told = page.locator(".o_notification")
    expect(told).to_contain_text("is for members of these classes: Stored Value")
    screenshot(page, "program-refused")
    expect(screen.order_line("Opening Night")).to_have_count(0)

    screen.scan(member["card"])
    expect(screen.order_line("Class Week")).to_be_visible()
    enter_code(screen)
    expect(screen.order_line("Opening Night")).to_be_visible()


def enter_code(screen):
    screen.page.locator(".product-screen .more-btn").click()
    screen.page.locator(".control-buttons-modal button:has(.fa-barcode)").click()
    screen.page.locator(".modal input, .modal textarea").last.fill(CODE)
    screen.page.locator(".modal .modal-footer .btn-primary").last.click()
    expect(screen.page.locator(".modal")).to_have_count(0)
