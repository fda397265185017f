"""Sales policies as a manager edits them on a performance."""

from playwright.sync_api import expect

from tests.screens.screen import Office
from tests.support.shell import run_in_odoo

PREPARE = """
    from datetime import timedelta

    from odoo import Command, fields

    begin = fields.Datetime.now() + timedelta(days=30)
    event = env["event.event"].create(
        {
            "name": names["event"],
            "date_begin": begin,
            "date_end": begin + timedelta(hours=3),
            "seats_limited": True,
            "seats_max": 200,
            "event_ticket_ids": [
                Command.create(
                    {"name": names["stalls"], "price": 280, "seats_max": 80}
                ),
                Command.create({"name": names["balcony"], "price": 120}),
            ],
        }
    )
    stalls, balcony = event.event_ticket_ids.sorted("price", reverse=True)
    discount = env.ref("member_card.member_class_discount").id
    stored = env.ref("member_card.member_class_stored_value").id
    # what they are called by themselves is in the manager's language
    env["member.ticket.policy"].with_context(lang=names["lang"]).create(
        [
            {
                "event_id": event.id,
                "class_id": discount,
                "price_kind": "percent",
                "percent": 25,
                "member_limit": 2,
                "window": "days",
                "days_before_start": 35,
                "days_before_end": 7,
            },
            {
                "event_id": event.id,
                "class_id": stored,
                "ticket_id": stalls.id,
                "price_kind": "fixed",
                "price": 300,
                "quota": 100,
            },
            {
                "event_id": event.id,
                "ticket_id": balcony.id,
                "channel": "web",
                "order_limit": 4,
                "window": "days",
                "days_before_start": 14,
            },
        ]
    )
    result = event.id
"""

NAMES = {
    "en": {
        "event": "Swan Lake",
        "stalls": "Stalls",
        "balcony": "Balcony",
        "lang": "en_US",
    },
    "zh": {"event": "天鹅湖", "stalls": "池座", "balcony": "楼座", "lang": "zh_CN"},
}


def test_policies(page, shop, server, language):
    """The grid says who pays what and what is odd; a cell opens its policy."""
    event = run_in_odoo(shop.database, PREPARE, names=NAMES[language])
    office = Office(page, server, language, "manager")
    page.set_viewport_size({"width": 1024, "height": 600})
    office.open("action_event_view", event, addon="event")
    page.locator(".o_notebook a[name=member_ticket_policies]").click()
    grid = page.locator(".o_member_policy_grid")
    expect(grid.locator(".o_member_policy")).to_have_count(3)
    expect(grid.locator(".alert-warning")).to_have_count(2)
    expect(page.locator(".o_loading_indicator")).to_have_count(0)
    # as much as shows the whole table below the performance's head
    page.set_viewport_size({"width": 1024, "height": 720})
    grid.locator("table").scroll_into_view_if_needed()
    office.keep("policies", ours=grid)
    page.set_viewport_size({"width": 1024, "height": 600})
    grid.locator(".o_member_policy").first.click()
    form = page.locator(".modal")
    expect(form.locator(".o_form_sheet")).to_be_visible()
    office.keep("policy", ours=form)
    form.locator(".o_form_button_cancel").click()
    # what closes gives the focus back to where it was
    expect(form).to_have_count(0)
    # at the keyboard: from the public's first cell to a free one, and a new policy
    grid.locator("tbody td button").first.focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    expect(form.locator(".o_form_sheet")).to_be_visible()
    expect(form.locator("[name=ticket_id] input")).not_to_have_value("")
    form.locator(".o_form_button_save").click()
    expect(grid.locator(".o_member_policy")).to_have_count(4)
