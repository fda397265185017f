"""The box office on a till, and tickets in the office: reserved, listed, let in."""

import pytest
from playwright.sync_api import expect

from tests.screens.cast import CASHIER
from tests.screens.screen import Office, turn
from tests.screens.season import NAMES
from tests.support.shell import run_in_odoo

SEASON = """
    from tests.screens.season import open_season
    result = open_season(env, ids, language)
"""

ORDER = """
    from tests.screens.season import order
    result = order(env, member, event, seats, is_paid=is_paid)
"""

RESERVE = """
    from tests.screens.season import reserve
    reserve(env, member, event, is_promised=is_promised)
"""

PROMISED = {"en": "Payment Promised", "zh": "已承诺付款"}

#: What a browser prints is shown for a picture, as wide as a roll of paper.
SHOW_PRINT = """() => {
    window.print = () => {
        const slip = document.querySelector(".member-ticket-slip").cloneNode(true);
        const paper = document.createElement("div");
        paper.className = "shown-slip pos-receipt bg-white position-fixed p-3";
        Object.assign(paper.style, { top: 0, left: 0, zIndex: 9999 });
        paper.append(slip);
        document.body.append(paper);
    };
}"""

#: A receipt printer without paper.
NO_PAPER = """() => {
    const message = { title: "TM-T20", body: "TM-T20" };
    posmodel.hardwareProxy.printer = {
        printReceipt: async () => ({ successful: false, canRetry: true, message }),
    };
}"""


@pytest.fixture
def season(shop, language):
    """Give the ids of the performances on sale."""
    return run_in_odoo(shop.database, SEASON, ids=shop.ids, language=language)


def order(shop, member, event, seats, is_paid):
    return run_in_odoo(
        shop.database, ORDER, member=member, event=event, seats=seats, is_paid=is_paid
    )


def open_tickets(screen, name):
    screen.page.locator(".member-sell-tickets").click()
    screen.modal.locator(".member-performance", has_text=name).click()
    expect(screen.modal.locator(".member-ticket")).to_have_count(3)


def test_box_office(season, screen):
    """UX: performance, tickets, PIN: each screen of it at 1024×600."""
    page, modal = screen.page, screen.modal
    names = NAMES[screen.language]
    member = screen.member(money=1000)
    screen.find_member(member["card"])
    page.locator(".member-sell-tickets").click()
    expect(modal.locator(".member-performance")).to_have_count(4)
    first = modal.locator(".member-performance").first
    screen.keep("performances", first, ours=modal)
    first.click()
    expect(modal.locator(".member-ticket")).to_have_count(3)
    stalls = modal.locator(".member-ticket").first
    for _seat in range(2):
        stalls.locator(".member-more-tickets").click()
    expect(modal.locator(".member-confirm")).to_contain_text("480")
    screen.keep("tickets", *screen.footer, ours=modal)
    modal.locator(".member-confirm").click()
    line = screen.order_line(names["stalls"])
    expect(line.locator(".member-hold-left")).to_be_visible()
    screen.keep("ticket-order", screen.button, ours=page.locator(".leftpane"))

    # the next ones are given away, to which a supervisor agrees
    open_tickets(screen, names["swan"])
    circle = modal.locator(".member-ticket").nth(1)
    circle.locator(".member-more-tickets").click()
    circle.locator(".member-free").click()
    reason = circle.locator(".member-free-reason")
    reason.fill({"en": "Press night", "zh": "媒体场"}[screen.language])
    screen.keep("ticket-free", *screen.footer, ours=modal)
    modal.locator(".member-confirm").click()
    expect(screen.modal.locator(".member-approver").first).to_be_visible()
    screen.keep("ticket-approval", ours=screen.modal)
    screen.approve()
    expect(page.locator(".modal")).to_have_count(0)
    expect(screen.order_line(names["circle"])).to_be_visible()

    # the wallet has enough: its PIN is asked for at once
    screen.pay()
    expect(screen.pin).to_be_visible()
    screen.keep("ticket-pin", screen.pin, *screen.footer, ours=modal)
    screen.type_pin()
    screen.wait_for_receipt()
    tickets = page.locator(".member-print-tickets")
    screen.keep("ticket-paid", tickets, ours=tickets)
    page.evaluate(SHOW_PRINT)
    tickets.click()
    slip = page.locator(".shown-slip")
    screen.keep_part("ticket-slip", slip, ours=slip)

    # a printer without paper: what is not printed is offered again
    slip.evaluate("paper => paper.remove()")
    page.evaluate(NO_PAPER)
    tickets.click()
    rest = page.locator(".modal").last
    expect(rest).to_contain_text("3")
    screen.keep("ticket-rest", ours=rest)


def test_collect(season, screen):
    """A15: the till says what waits for the member, and hands it out."""
    modal = screen.modal
    member = screen.member(money=100)
    order(screen.shop, member["id"], season["swan"], 2, is_paid=True)
    screen.find_member(member["card"])
    waiting = screen.page.locator(".member-ticket-bar .member-waiting")
    screen.keep("waiting", waiting, ours=screen.page.locator(".member-ticket-bar"))
    waiting.click()
    collect = modal.locator(".member-collect").first
    screen.keep("collect", collect, *screen.footer, ours=modal)


def choose(form, field, text, shown):
    """Choose a record by what is typed; as people do, from the list that opens."""
    form.locator(f".o_field_widget[name={field}] input").fill(text)
    form.locator(".o-autocomplete--dropdown-item", has_text=shown).first.click()


def test_office(page, shop, server, turns, season, language):
    """A11, A15: reserve by the card, the list of orders, collection, the door."""
    names = NAMES[language]
    member = shop.members[turn(turns, "member", language)]
    name = shop.value("SELECT name FROM res_partner WHERE id = %s", member["id"])
    order(shop, member["id"], season["tonight"], 2, is_paid=True)
    order(shop, member["id"], season["swan"], 1, is_paid=False)
    office = Office(page, server, language, "supervisor")
    page.set_viewport_size({"width": 1024, "height": 600})
    office.open("sale_order_processing_action", addon="member_ticketing")
    orders = page.locator(".o_list_view .o_list_renderer")
    expect(orders.locator(".o_data_row", has_text=name)).to_have_count(2)
    office.keep("orders", ours=orders)

    page.goto(f"{server.url}/odoo/action-member_ticketing.member_ticket_reserve_action")
    form = page.locator(".modal")
    choose(form, "partner_id", member["card"], name)
    choose(form, "event_id", names["swan"], names["swan"])
    rows = form.locator(".o_field_widget[name=line_ids] .o_data_row")
    expect(rows).to_have_count(3)
    rows.nth(1).locator("td[name=quantity]").click()
    rows.nth(1).locator("td[name=quantity] input").fill("2")
    form.locator(".o_field_widget[name=line_ids] thead").click()
    expect(form.locator("button[name=action_reserve]")).to_be_visible()
    office.keep("reserve", ours=form)
    form.locator("button[name=action_reserve]").click()
    expect(page.locator(".o_notification").first).to_be_visible()

    page.goto(f"{server.url}/odoo/action-member_ticketing.ticket_desk_action")
    desk = page.locator(".member-ticket-desk")
    desk.locator(".member-desk-query").fill(member["card"])
    desk.locator(".member-desk-query").press("Enter")
    expect(desk.locator(".member-desk-ticket")).to_have_count(3)
    office.keep("collection", ours=desk)

    page.goto(f"{server.url}/odoo/action-event.event_barcode_action_main_view")
    expect(page.locator(".o_event_barcode_main")).to_be_visible()
    page.keyboard.type(member["card"])
    page.keyboard.press("Enter")
    door = page.locator(".modal")
    expect(door.locator(".member-door-ticket")).to_have_count(2)
    office.keep("door", ours=door)
    door.locator(".member-let-all-in").click()
    expect(door.locator(".text-success")).to_have_count(2)


def test_promised(page, shop, server, turns, season, language):
    """A11: the clerk sees which reservations wait for a transfer, and until when."""
    for is_promised in (True, False):
        member = shop.members[turn(turns, "member", language)]
        run_in_odoo(
            shop.database,
            RESERVE,
            member=member["id"],
            event=season["swan"],
            is_promised=is_promised,
        )
    office = Office(page, server, language, CASHIER)
    office.open("member_reservation_action", addon="member_ticketing")
    orders = page.locator(".o_list_renderer")
    rows = orders.locator(".o_data_row")
    expect(rows).to_have_count(2)
    office.keep("reservations", ours=orders)

    # of those that are reserved
    page.locator(".o_searchview_dropdown_toggler").click()
    filters = page.locator(".o_filter_menu")
    filters.get_by_text(PROMISED[language], exact=True).click()
    office.keep("reservations-filter", ours=filters)
    page.keyboard.press("Escape")
    expect(rows).to_have_count(1)
    expect(rows.locator("td[name=member_promised_until]")).not_to_be_empty()

    rows.locator("td[name=name]").click()
    form = page.locator(".o_form_view .o_form_sheet")
    expect(form.locator("[name=member_promised_until]")).to_be_visible()
    office.keep("reservation", ours=form)
