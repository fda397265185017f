"""Classes in the back office: a rule, a review carried out, a class given by hand."""

import pytest
from playwright.sync_api import expect

from tests.screens.screen import LANGUAGES, Office, cashier, turn
from tests.support.shell import run_in_odoo

GOLD = {"en": "Gold", "zh": "金卡"}
POINTS = {"en": "Points", "zh": "积分"}
SPENDING = {"en": "Spending", "zh": "消费"}
SPENT = 950
ENOUGH = 900
"""More than any other member of the dressed shop spends."""

MAKE_GOLD = """
    classes = env["member.class"].with_context(active_test=False)
    gold = classes.search([("code", "=", "gold")]) or classes.create({
        "name": "Gold", "code": "gold", "sequence": 90, "color": 3
    })
    gold.active = True
    gold.with_context(lang="zh_CN").name = "金卡"
    result = gold.id
"""
TAKE_GOLD = """
    gold = env["member.class"].browse(gold)
    env["member.class.rule"].with_context(active_test=False).search([
        ("class_id", "=", gold.id)
    ]).unlink()
    gold.active = False
"""


@pytest.fixture
def gold(shop):
    """Give a class that nobody has, for as long as a test looks at it."""
    gold = run_in_odoo(shop.database, MAKE_GOLD)
    yield gold
    run_in_odoo(shop.database, TAKE_GOLD, gold=gold)


@pytest.fixture
def member(shop, server, language, turns):
    """Give a member who has spent more than the others."""
    member = shop.members[turn(turns, "member", language)]
    till = shop.till(server, LANGUAGES[language], cashier(language))
    till.top_up(member["id"], SPENT)
    till.sell(member["id"], SPENT)
    return member


def class_of(shop, member):
    return shop.value(
        "SELECT member_class_id FROM res_partner WHERE id = %s", member["id"]
    )


def test_rule_and_review(page, shop, server, language, member, gold):
    """A6: the rule says in words what it does; a preview changes nothing yet."""
    office = Office(page, server, language, "manager")
    office.open("member_class_rule_action", "new", addon="member_loyalty")
    sheet = page.locator(".o_form_sheet")
    choose(sheet, "class_id", GOLD[language])
    pick(sheet, "metric", SPENDING[language])
    sheet.locator("[name=threshold] input").fill(str(ENOUGH))
    sheet.locator("[name=timing] input[data-value=review]").check()
    expect(sheet.locator("[name=summary]")).to_contain_text(f"{ENOUGH}")
    office.keep("class-rule", ours=sheet)
    page.locator(".o_form_button_save").click()
    expect(page.locator(".o_form_status_indicator_buttons")).to_be_hidden()

    before = class_of(shop, member)
    office.open("member_class_review_action", addon="member_loyalty")
    page.locator("button[name=action_preview]").click()
    carry_out = page.locator("button[name=action_carry_out]")
    expect(carry_out).to_be_visible()
    row = sheet.locator("[name=line_ids] .o_data_row")
    expect(row).to_have_count(1)
    expect(row).to_contain_text(GOLD[language])
    assert class_of(shop, member) == before != gold
    office.keep("class-review", carry_out, ours=sheet)
    carry_out.click()
    page.locator(".modal .btn-primary").click()
    expect(sheet.locator("[name=moved_count]")).to_contain_text("1")
    expect(office.trail).to_have_count(2)
    office.keep("class-review-done", ours=page.locator(".o_form_view"))
    assert class_of(shop, member) == gold


def test_change_class(page, shop, server, language, member):
    """A6: a class given by hand, until when, and why."""
    office = Office(page, server, language, "supervisor")
    office.open("member_action", member["id"])
    page.locator("button[name=action_member_change_class]").click()
    dialog = page.locator(".modal")
    change = dialog.locator("footer button[name=action_change]")
    expect(change).to_be_visible()
    badge = dialog.locator("[name=class_id] .o_selection_badge")
    badge.get_by_text(POINTS[language], exact=True).click()
    dialog.locator("[name=keep] input[data-value=always]").check()
    dialog.locator("[name=reason] input").fill({"en": "Guest", "zh": "贵宾"}[language])
    office.keep("class-change", change, ours=dialog)
    before = class_of(shop, member)
    change.click()
    expect(dialog).to_have_count(0)
    assert class_of(shop, member) != before


def choose(form, field, name):
    """Choose a record in a field by its name."""
    form.locator(f"[name={field}] input").fill(name)
    form.page.locator(
        ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)", has_text=name
    ).first.click()


def pick(form, field, label):
    """Pick one of a field's fixed values."""
    form.locator(f"[name={field}] input").click()
    form.page.locator(".o_select_menu_item", has_text=label).first.click()
