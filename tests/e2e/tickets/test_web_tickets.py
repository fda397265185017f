"""Tickets on the website: real browsers, a real server, payments that are simulated.

What sells is decided again at every step, so each test looks at the database in the
end, not only at the page.
"""

import pytest
from playwright.sync_api import expect

from tests.support.browser import new_context
from tests.support.shell import run_in_odoo
from tests.support.web_page import WebPage

GOLD, PLAIN = "gold.member", "plain.customer"

OPEN = """
    from tests.support.web_shop_data import open_website
    result = open_website(env, gold=gold, plain=plain)
"""

PERFORM = """
    from tests.support.web_shop_data import perform
    result = perform(env, ids, name, seats=seats, policies=policies)
"""

RUN_OUT = """
    from datetime import timedelta
    from odoo import fields
    from odoo.addons.member_ticketing import seats
    order = env["sale.order"].browse(order_id)
    past = fields.Datetime.now() - timedelta(minutes=1)
    order.order_line.member_held_until = past
    env.flush_all()
    env.cr.execute(
        "UPDATE member_seat_hold SET expires_at = %s WHERE key LIKE %s",
        [past, f"so:{order.id}:%"],
    )
    env.cr.commit()
    seats.expire(env)
"""

SELL = """
    env["event.registration"].create(
        [
            {"event_id": event_id, "event_ticket_id": ticket_id, "name": "At the desk"}
            for _number in range(count)
        ]
    )
"""

PAID_LATE = """
    transaction = env["payment.transaction"].browse(transaction_id)
    transaction.action_demo_set_done()
    transaction._post_process()
    env.cr.commit()
"""

TROUBLE = """
    from odoo.addons.member_ticketing import seats
    seats.recover(env)
    env.cr.commit()
    result = [str(problem) for problem in seats.verify(env)]
"""


class Theatre:
    """The website of a shop: its performances, and what became of orders."""

    def __init__(self, shop, ids):
        self.shop = shop
        self.ids = ids

    def perform(self, name, seats=10, policies=()):
        return run_in_odoo(
            self.shop.database,
            PERFORM,
            ids=self.ids,
            name=name,
            seats=seats,
            policies=list(policies),
        )

    def run(self, script, **arguments):
        return run_in_odoo(self.shop.database, script, **arguments)

    def orders(self, show):
        """Return (id, state, total) of the orders for a performance."""
        rows = self.shop.query(
            """SELECT DISTINCT o.id, o.state, o.amount_total FROM sale_order o
                 JOIN sale_order_line l ON l.order_id = o.id
                WHERE l.event_id = %s ORDER BY o.id""",
            show["event"],
        )
        return [(number, state, float(total)) for number, state, total in rows]

    def sold(self, show):
        """Return how many seats of a performance are sold."""
        return self.shop.value(
            """SELECT count(*) FROM event_registration
                WHERE event_id = %s AND active AND state IN ('open', 'done')""",
            show["event"],
        )

    def payments(self, order_id):
        """Return (operation, amount, state) of an order's payments and refunds."""
        rows = self.shop.query(
            """SELECT t.operation, t.amount, t.state FROM payment_transaction t
                WHERE t.id IN (SELECT transaction_id FROM sale_order_transaction_rel
                                WHERE sale_order_id = %s)
                   OR t.source_transaction_id IN
                      (SELECT transaction_id FROM sale_order_transaction_rel
                        WHERE sale_order_id = %s)
                ORDER BY t.id""",
            order_id,
            order_id,
        )
        return [(kind, float(amount), state) for kind, amount, state in rows]


@pytest.fixture(scope="module")
def theatre(shop):
    return Theatre(shop, run_in_odoo(shop.database, OPEN, gold=GOLD, plain=PLAIN))


@pytest.fixture(autouse=True)
def no_trouble(theatre):
    """Whatever a test did, the counters agree with the tickets in the end."""
    yield
    assert theatre.run(TROUBLE) == []


@pytest.fixture
def page(page):
    page.set_viewport_size({"width": 1280, "height": 900})
    return page


@pytest.fixture
def other_page(browser):
    context = new_context(browser, 1280, 900)
    yield context.new_page()
    context.close()


def test_a_member_buys_at_the_own_price(theatre, server, page):
    """A10, A15: the member's price from the page to the code in the portal."""
    show = theatre.perform(
        "Swan Lake",
        policies=[
            {"name": "For Gold", "for_gold": True, "price_kind": "fixed", "price": 71}
        ],
    )
    web = WebPage(page, server, GOLD)
    web.open(show["event"])
    web.ticket_modal()
    expect(web.ticket()).to_contain_text("71.00")
    expect(web.ticket().locator("del")).to_contain_text("100.00")
    page.reload()
    web.put_in_cart(2)
    expect(page.locator(".o_member_hold_clock")).to_be_visible()
    web.pay()
    expect(page.locator("body")).to_contain_text("Thank you for your order")
    [(order_id, state, total)] = theatre.orders(show)
    assert (state, total) == ("sale", 142)
    assert theatre.sold(show) == 2
    assert theatre.payments(order_id) == [("online_direct", 142, "done")]
    page.goto(f"{server.url}/my/tickets")
    page.get_by_text("Show 2 codes").first.click()
    expect(page.locator(".o_member_ticket img")).to_have_count(2)


def test_a_presale_is_open_for_one_class_only(theatre, server, page, other_page):
    """F4: the page says it to everybody else, and offers nothing."""
    show = theatre.perform(
        "Presale",
        policies=[
            {"name": "Public", "window": "dates", "start_date": "2099-01-01 00:00:00"},
            {"name": "For Gold", "for_gold": True, "price_kind": "fixed", "price": 80},
        ],
    )
    public = WebPage(other_page, server)
    public.open(show["event"])
    public.ticket_modal()
    expect(public.ticket()).to_contain_text("On sale from")
    expect(public.ticket()).to_contain_text("Gold")
    expect(public.ticket().locator("input")).to_have_count(0)
    web = WebPage(page, server, GOLD)
    web.open(show["event"])
    web.put_in_cart(1)
    web.pay()
    assert theatre.sold(show) == 1


def test_the_last_seat_goes_to_one_of_two(theatre, server, page, other_page):
    """A10: both ask at the same moment; who comes second reads why."""
    show = theatre.perform("One Seat", seats=1)
    shoppers = [WebPage(page, server, GOLD), WebPage(other_page, server, PLAIN)]
    forms = []
    for web in shoppers:
        web.open(show["event"])
        forms.append(web.choose(1))
        web.fill_attendees(forms[-1])
    for form in forms:
        form.locator("button[type=submit]").click(no_wait_after=True)
    refused = [web.is_refused() for web in shoppers]
    assert sorted(refused) == [False, True]
    shoppers[refused.index(False)].pay()
    assert theatre.sold(show) == 1
    assert [state for _id, state, _total in theatre.orders(show)] == ["sale"]


def test_a_second_tap_buys_nothing_twice(theatre, server, page):
    """Double clicks on "Confirm" and on "Pay": one order, one payment."""
    show = theatre.perform("Double Tap")
    web = WebPage(page, server, GOLD)
    web.open(show["event"])
    form = web.choose(2)
    web.fill_attendees(form)
    form.locator("button[type=submit]").dblclick()
    page.wait_for_url("**/shop/payment")
    page.locator("button[name=o_payment_submit_button]:visible").dblclick()
    page.wait_for_url("**/shop/confirmation")
    [(order_id, state, total)] = theatre.orders(show)
    assert (state, total) == ("sale", 200)
    assert theatre.payments(order_id) == [("online_direct", 200, "done")]
    assert theatre.sold(show) == 2


SEND_TWICE = """() => {
    const form = document.querySelector("form#attendee_registration");
    const send = () => fetch(form.action, { method: "POST", body: new FormData(form) });
    return Promise.all([send(), send()]).then((answers) => answers.map((a) => a.url));
}"""


def test_one_form_sent_twice_at_once_orders_once(theatre, server, page):
    """Somebody unknown without a cart: neither two carts nor twice the tickets."""
    show = theatre.perform("Form Twice")
    web = WebPage(page, server)
    web.open(show["event"])
    form = web.choose(2)
    web.fill_attendees(form)
    places = page.evaluate(SEND_TWICE)
    assert not [place for place in places if "/register" in place]
    [(_order_id, state, total)] = theatre.orders(show)
    assert (state, total) == ("draft", 200)
    page.goto(f"{server.url}/shop/cart")
    expect(page.locator(".o_member_hold_clock:visible").first).to_be_visible()
    web.open(show["event"])
    form = web.choose(1)
    web.fill_attendees(form)
    form.locator("button[type=submit]").click()
    page.wait_for_url(lambda url: "/register" not in url)
    assert [total for _id, _state, total in theatre.orders(show)] == [300]


def pay_later(theatre, server, page, show, count=1):
    """Buy with a payment that stays pending; return its order and transaction."""
    web = WebPage(page, server, GOLD)
    web.open(show["event"])
    web.put_in_cart(count)
    web.pay("pending")
    [(order_id, _state, _total)] = theatre.orders(show)
    transaction_id = theatre.shop.value(
        "SELECT transaction_id FROM sale_order_transaction_rel"
        " WHERE sale_order_id = %s",
        order_id,
    )
    return order_id, transaction_id


def test_a_payment_that_comes_too_late_goes_back(theatre, server, page):
    """Paid when the seats are gone: refunded to its source by itself, and told."""
    show = theatre.perform("Too Late", seats=2)
    order_id, transaction_id = pay_later(theatre, server, page, show, 2)
    theatre.run(RUN_OUT, order_id=order_id)
    theatre.run(SELL, event_id=show["event"], ticket_id=show["stalls"], count=1)
    theatre.run(PAID_LATE, transaction_id=transaction_id)
    assert theatre.payments(order_id) == [
        ("online_direct", 200, "done"),
        ("refund", -200, "done"),
    ]
    assert [state for _id, state, _total in theatre.orders(show)] == ["cancel"]
    assert theatre.sold(show) == 1
    rows = theatre.shop.query(
        """SELECT e.state, m.subject FROM member_ticket_exception e
             JOIN mail_message m ON m.model = 'member.ticket.exception'
                                AND m.res_id = e.id
             JOIN mail_mail sent ON sent.mail_message_id = m.id
            WHERE e.sale_order_id = %s AND m.subject LIKE '%%goes back%%'""",
        order_id,
    )
    assert [state for state, _subject in rows] == ["settled"]
    assert "Too Late" in rows[0][1]
    page.goto(f"{server.url}/shop/confirmation")
    expect(page.locator(".o_member_late_payment")).to_contain_text("goes back")


def test_a_late_payment_gets_its_seats_when_they_are_still_free(theatre, server, page):
    """The hold ran out, nobody took the seats: they are held again and sold."""
    show = theatre.perform("Late but Free", seats=2)
    order_id, transaction_id = pay_later(theatre, server, page, show, 2)
    theatre.run(RUN_OUT, order_id=order_id)
    theatre.run(PAID_LATE, transaction_id=transaction_id)
    assert [state for _id, state, _total in theatre.orders(show)] == ["sale"]
    assert theatre.payments(order_id) == [("online_direct", 200, "done")]
    assert theatre.sold(show) == 2


def test_a_late_payment_that_is_looked_at_twice_goes_back_once(theatre, server, page):
    """The provider and the shopper's page may both bring the news, at once."""
    show = theatre.perform("Twice", seats=1)
    order_id, transaction_id = pay_later(theatre, server, page, show)
    theatre.run(RUN_OUT, order_id=order_id)
    theatre.run(SELL, event_id=show["event"], ticket_id=show["stalls"], count=1)
    theatre.run(PAID_LATE, transaction_id=transaction_id)
    theatre.run(PAID_LATE, transaction_id=transaction_id)
    refunds = [kind for kind, _amount, _state in theatre.payments(order_id)]
    assert refunds.count("refund") == 1
