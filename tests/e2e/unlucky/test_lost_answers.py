"""The server did it and the till never heard: tapped again, it is done once.

All at one till, since only the connection suffers: joining, a top-up with its payment,
PINs, an approval, cards, a refund and an undone top-up.
"""

import itertools

import pytest
from playwright.sync_api import expect

from tests.support.browser import new_context, screenshot
from tests.support.shop import ledger_problems
from tests.support.till_page import TillPage
from tests.support.unlucky import NO_ANSWER, PRICE, lose_answers, send_again

MEMBERS = range(100, 200)
"""Of the shop; what comes before is for tests with a till of their own."""

NAME = "Ding Lost"
PHONE = "13800138077"
NEW_PIN = "8642"
CARDS = iter(("8800000000000070", "8800000000000088", "8800000000000096"))


@pytest.fixture(scope="module")
def till(browser, server, shop, numbers):
    context = new_context(browser, 1024, 600)
    page = context.new_page()
    till = TillPage(page, server, shop, next(numbers))
    # core says it once, whenever it notices
    page.add_locator_handler(
        page.locator(".modal", has_text="Connection Lost"),
        lambda modal: modal.locator(".modal-footer .btn").click(),
    )
    # of a card that is blocked the till may hear by the bus, before it asks again
    page.add_locator_handler(
        page.locator(".o_notification", has_text="cannot be used any more").first,
        lambda notice: notice.locator(".o_notification_close").click(),
    )
    yield till
    context.close()


@pytest.fixture(scope="module")
def newcomers():
    return itertools.count(MEMBERS.start)


@pytest.fixture
def member(shop, newcomers):
    return shop.members[next(newcomers)]


@pytest.fixture
def screen(request, till, server):
    """Give the till with a new order; after a test that failed, as if opened anew."""
    till.new_order()
    yield till
    if request.node.report_call.failed:
        screenshot(till.page, f"failed-{request.node.callspec.id}")
        till.page.unroute_all(behavior="ignoreErrors")
        till.open(server)


class Lost:
    """The answer to the next request of a verb is lost; afterwards it is told so."""

    def __init__(self, screen, verb, path="pos.config"):
        self.screen = screen
        self.reached = lose_answers(screen.page, f"**/{path}/{verb}")

    def was(self):
        """Wait until the popup says that no answer came, to what the server did."""
        expect(self.screen.message).to_contain_text(NO_ANSWER)
        assert self.reached == [200]


def confirm_twice(screen, verb):
    """Confirm a popup; the answer is lost, nothing that was typed is; once more."""
    lost = Lost(screen, verb)
    confirm = screen.page.locator(".modal .member-confirm")
    confirm.click()
    lost.was()
    confirm.click()


def pay_twice(screen):
    """Validate; the order's answer is lost, and the till sends it again."""
    lost = Lost(screen, "sync_from_ui", "pos.order")
    receipt = screen.validate()
    assert lost.reached == [200]
    send_again(screen)
    expect(receipt).to_be_visible()
    screen.next_order()


def logged(shop, partner):
    """Return what the operator log says of a member, but for joining."""
    rows = shop.query(
        "SELECT action FROM member_operator_log WHERE partner_id = %s ORDER BY id",
        partner,
    )
    return [action for (action,) in rows]


def pin_is(screen, member, pin):
    """Try a PIN without spending."""
    held = screen.till.hold(member["id"], 1, pin=pin)
    if held["status"] == "ok":
        screen.till.release(held["lines"][0]["key"])
    return held["status"]


def sold(shop, partner):
    """Return the totals of a member's paid orders, the last one first."""
    rows = shop.query(
        """SELECT amount_total::float FROM pos_order
            WHERE partner_id = %s AND state = 'paid' ORDER BY id DESC""",
        partner,
    )
    return [total for (total,) in rows]


# === WHAT IS DONE TWICE === #


def join(screen, shop, _member, _supervisor):
    page = screen.page
    card = next(CARDS)
    screen.find_member(PHONE)
    page.locator(".modal .member-join-new").click()
    page.locator(".modal .member-join-name").fill(NAME)
    page.locator(".modal .member-join-card_number").fill(card)
    page.locator(".modal .member-join-pin").fill(NEW_PIN)
    page.locator(".modal .member-join-pin_again").fill(NEW_PIN)
    confirm_twice(screen, "member_join")
    screen.told("is a member now")
    [(joined,)] = shop.query("SELECT id FROM res_partner WHERE name = %s", NAME)
    assert logged(shop, joined).count("member_register") == 1
    assert cards(shop, joined) == [(card, "issued")]


def top_up(screen, shop, member, _supervisor):
    screen.scan(member["card"])
    screen.open_top_up()
    usual = screen.page.locator(".modal .member-usual button").first
    lost = Lost(screen, "member_topup_reserve")
    usual.click()
    lost.was()
    usual.click()
    screen.tap_method("Cash")
    pay_twice(screen)
    assert sold(shop, member["id"]) == [100]
    assert shop.figures(member["id"]) == (100, 0, 0, 0)


def change_pin(screen, shop, member, _supervisor):
    screen.till.top_up(member["id"], 5)
    screen.scan(member["card"])
    screen.take_step("pin-change")
    screen.page.locator(".modal .member-pin-old").fill("2580")
    type_new_pin(screen, NEW_PIN)
    confirm_twice(screen, "member_pin_set")
    screen.told("is set")
    assert logged(shop, member["id"])[-1:] == ["pin_set"]
    assert "wrong_pin" not in logged(shop, member["id"])
    assert pin_is(screen, member, NEW_PIN) == "ok"


def forgotten_pin(screen, shop, member, supervisor):
    """The supervisor's approval is lost first, then what it was for."""
    page = screen.page
    screen.till.top_up(member["id"], 5)
    screen.scan(member["card"])
    screen.take_step("pin-change")
    page.locator(".modal .member-forgotten").click()
    expect(page.locator(".modal .member-approval-pin")).to_be_visible()
    lost = Lost(screen, "member_approve")
    screen.approve(member["name"], supervisor.approval_pin)
    lost.was()
    screen.approve(member["name"], supervisor.approval_pin)
    type_new_pin(screen, NEW_PIN)
    confirm_twice(screen, "member_pin_set")
    screen.told("is set")
    assert pin_is(screen, member, NEW_PIN) == "ok"
    assert logged(shop, member["id"])[-3:] == ["approval", "approval", "pin_set"]
    assert approvals_used(shop, member["id"]) == [False, True]


def lost_card(screen, shop, member, _supervisor):
    card = next(CARDS)
    screen.scan(member["card"])
    screen.take_step("lost")
    screen.page.locator(".modal .member-new-card").fill(card)
    confirm_twice(screen, "member_card_issue")
    screen.told("is blocked")
    assert cards(shop, member["id"]) == [(member["card"], "lost"), (card, "issued")]
    assert logged(shop, member["id"])[-2:] == ["card_lost", "card_issue"]


def blocked_then_replaced_card(screen, shop, member, _supervisor):
    card = next(CARDS)
    screen.scan(member["card"])
    screen.take_step("lost")
    only_block = screen.page.locator(".modal .member-only-block")
    lost = Lost(screen, "member_card_act")
    only_block.click()
    lost.was()
    only_block.click()
    screen.told("is blocked")
    screen.take_step("replace", member["card"])
    screen.page.locator(".modal .member-new-card").fill(card)
    confirm_twice(screen, "member_card_issue")
    screen.told("ready to be used")
    assert cards(shop, member["id"]) == [(member["card"], "lost"), (card, "issued")]
    assert logged(shop, member["id"])[-2:] == ["card_lost", "card_issue"]


def refund(screen, shop, member, _supervisor):
    till = screen.till
    till.top_up(member["id"], 100)
    held = till.hold(member["id"], PRICE)
    till.pay_held(member["id"], PRICE, held, product="ticket")
    lost = Lost(screen, "member_refund_plan")
    screen.start_refund(member["name"], "Ticket")
    screen.refused(NO_ANSWER)
    assert lost.reached == [200]
    expect(screen.payment_lines).to_have_count(0)
    screen.tap_method(screen.wallet_name)
    expect(screen.payment_lines).to_contain_text("-88.40")
    pay_twice(screen)
    assert sold(shop, member["id"]) == [-PRICE, PRICE, 100]
    assert shop.figures(member["id"]) == (100, 0, 0, 0)


def undo(screen, shop, member, supervisor):
    screen.till.top_up(member["id"], 100)
    screen.find_order(member["name"])
    screen.page.locator(".ticket-screen .pay-order-button").click()
    confirm = screen.page.locator(".modal .member-confirm")
    lost = Lost(screen, "member_topup_undo")
    confirm.click()
    screen.approve("100.00", supervisor.approval_pin)
    lost.was()
    confirm.click()
    expect(screen.payment_lines).to_contain_text("-100.00")
    pay_twice(screen)
    assert approvals_used(shop, member["id"]) == [True]
    assert sold(shop, member["id"]) == [-100, 100]
    assert shop.figures(member["id"]) == (0, 0, 0, 0)


def type_new_pin(screen, pin):
    screen.page.locator(".modal .member-pin-pin").fill(pin)
    screen.page.locator(".modal .member-pin-again").fill(pin)


def cards(shop, partner):
    return shop.query(
        "SELECT number, state FROM member_card WHERE partner_id = %s ORDER BY id",
        partner,
    )


def approvals_used(shop, partner):
    """Return for each approval about a member, in turn, whether it was used."""
    rows = shop.query(
        "SELECT used_at IS NOT NULL FROM member_approval WHERE partner_id = %s"
        " ORDER BY id",
        partner,
    )
    return [used for (used,) in rows]


STEPS = (
    join,
    top_up,
    change_pin,
    forgotten_pin,
    lost_card,
    blocked_then_replaced_card,
    refund,
    undo,
)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_answer_is_lost(screen, shop, member, supervisor, step):
    """D3, D9, D10: what the server did is not done again, and the till goes on."""
    step(screen, shop, member, supervisor)
    assert ledger_problems(shop.database) == []
