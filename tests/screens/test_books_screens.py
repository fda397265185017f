"""Books and wallets side by side, a period's figures, and who may do what."""

import pytest
from playwright.sync_api import expect

from tests.screens.screen import LANGUAGES, Office, cashier, turn
from tests.support.shell import run_in_odoo

BY_HAND = 20
"""What somebody books by hand on a member's deposits, past the wallet."""

BOOK = """
    from odoo import Command

    company = env.company
    deposits, other = company.member_deposit_account_id, company.income_account_id
    journal = env["account.journal"].search([
        ("type", "=", "general"), ("company_id", "=", company.id)
    ], limit=1)
    move = env["account.move"].create({
        "journal_id": journal.id,
        "line_ids": [
            Command.create({"account_id": account.id, "partner_id": partner,
                            "name": "?", "debit": debit, "credit": credit})
            for account, debit, credit in (
                (deposits, amount, 0), (other, 0, amount)
            )
        ],
    })
    move.action_post()
    result = move.id
"""
UNBOOK = """
    move = env["account.move"].browse(move)
    move.button_draft()
    move.unlink()
"""


@pytest.fixture
def booked_by_hand(shop, server, language, turns):
    """Give a member with 50 in the wallet and less in the books, for a while."""
    member = topped_up(shop, server, language, turns)
    move = run_in_odoo(shop.database, BOOK, partner=member["id"], amount=BY_HAND)
    yield move, member
    run_in_odoo(shop.database, UNBOOK, move=move)


def topped_up(shop, server, language, turns):
    """Return a member with 50 in the wallet."""
    member = shop.members[turn(turns, "member", language)]
    till = shop.till(server, LANGUAGES[language], cashier(language))
    till.top_up(member["id"], 50)
    return member


def name_of(shop, member):
    return shop.value("SELECT name FROM res_partner WHERE id = %s", member["id"])


def test_difference(page, shop, server, language, turns, booked_by_hand):
    """B6: whose wallet and books differ comes first; why stands one tap away."""
    _move, member = booked_by_hand
    name = name_of(shop, member)
    other = name_of(shop, topped_up(shop, server, language, turns))
    office = Office(page, server, language, "accountant")
    office.open("member_reconciliation_action")
    agreeing = page.locator(".o_data_row", has_text=other)
    expect(agreeing).to_be_visible()
    page.locator("[name=only_differences] input").check()
    compare = page.locator("button[name=action_compare]")
    with page.expect_response("**/action_compare*"):
        compare.click()
    expect(compare).to_be_enabled()
    expect(agreeing).to_have_count(0)
    expect(office.trail).to_have_count(1)
    row = page.locator(".o_data_row", has_text=name)
    why = row.locator("button[name=action_explain]")
    expect(row).to_contain_text("20.00")
    labels = page.locator(".o_form_sheet label, .o_form_sheet th, .alert")
    office.keep("reconciliation-difference", compare, why, ours=labels)
    why.click()
    dialog = page.locator(".modal")
    expect(dialog.locator(".o_data_row")).to_contain_text("20.00")
    office.keep(
        "reconciliation-why",
        dialog.locator("button[name=action_view_items]"),
        ours=dialog.locator("label, th, .o_horizontal_separator, footer"),
    )


def test_period(page, server, language, booked_by_hand):
    """D12: the figures of a period follow what is chosen; the pivot shows them, too."""
    office = Office(page, server, language, "accountant")
    office.open("member_period_report_action")
    sheet = page.locator(".o_form_sheet")
    difference = sheet.locator("[name=difference]")
    expect(difference).to_contain_text("20.00")
    analyse = page.locator("button[name=action_analyse]")
    office.keep("period", analyse, ours=sheet)
    analyse.click()
    pivot = page.locator(".o_pivot")
    expect(pivot.locator("td").first).to_be_visible()
    office.keep("period-pivot", ours=pivot.locator("th"))


def test_rights(page, server, language):
    """A1: each right in a sentence, which roles have it, and one tap further who."""
    office = Office(page, server, language, "manager")
    office.open("member_right_action")
    rows = page.locator(".o_data_row")
    expect(rows.first).to_be_visible()
    office.keep("rights", ours=page.locator(".o_list_view"))
    rows.first.locator("button[name=action_view_people]").click()
    expect(
        page.locator(".o_data_row .o_data_cell[name=member_role]").first
    ).to_be_visible()
    office.keep("rights-people", ours=page.locator(".o_control_panel, th"))
