"""A till where things go wrong: money is held, and what must be true afterwards."""

from playwright.sync_api import expect

from tests.support.command import odoo_command
from tests.support.shop import ledger_problems

MONEY = 50
PRICE = 88.4
"""Of a ticket, for a member: more than MONEY, so that cash pays the rest."""

NO_ANSWER = "No answer from the server"


def sell_ticket(screen, member):
    """Sell a ticket to the member who shows the card, up to the payment screen."""
    screen.tap_product("Ticket")
    screen.scan(member["card"])
    expect(screen.order_line("Ticket")).to_contain_text("88.40")
    screen.pay()


def hold_all(screen, member):
    """Have the wallet pay all it has; the rest is still due."""
    sell_ticket(screen, member)
    screen.tap_wallet()
    screen.type_pin()
    expect(screen.remaining).to_contain_text("38.40")


def lose_answers(page, path):
    """Let the next request of a path reach the server and its answer get lost."""
    reached = []

    def lose(route):
        reached.append(route.fetch().status)
        route.abort()

    page.route(path, lose, times=1)
    return reached


def expire_holds(shop):
    """Let time pass: what is held has run out, and the job has seen it."""
    shop.query(
        "UPDATE member_hold SET expires_at = placed_at - interval '1 second'"
        " WHERE state = 'pending'"
    )
    result = odoo_command(shop.database, "member_ledger", "recover")
    assert result.returncode == 0, result.stderr


def holds(shop, member):
    return [
        state
        for (state,) in shop.query(
            """SELECT state FROM member_hold
                WHERE partner_id = %s AND direction = 'out' ORDER BY id""",
            member["id"],
        )
    ]


def assert_sold_once(shop, member):
    """One order, MONEY of it from the wallet and the rest in cash; nothing is held."""
    paid = shop.query(
        """SELECT o.id, o.state, method.member_asset_id IS NOT NULL,
                  payment.amount::float
             FROM pos_order o JOIN pos_payment payment ON payment.pos_order_id = o.id
             JOIN pos_payment_method method ON method.id = payment.payment_method_id
            WHERE o.partner_id = %s AND NOT o.is_member_topup ORDER BY 3 DESC""",
        member["id"],
    )
    order_id = paid[0][0]
    assert paid == [
        (order_id, "paid", True, MONEY),
        (order_id, "paid", False, round(PRICE - MONEY, 2)),
    ]
    assert shop.figures(member["id"]) == (0, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def online_again(screen):
    """Bring the network back and wait until the till has noticed."""
    screen.page.context.set_offline(False)
    expect(screen.page.locator(".pos-topheader .fa-chain-broken")).to_have_count(0)


def send_again(screen):
    """Have the till send what it has kept: it does when the network comes back."""
    screen.page.context.set_offline(True)
    with screen.page.expect_response("**/pos.order/sync_from_ui"):
        screen.page.context.set_offline(False)
