"""Points in the back office as a supervisor and a manager meet them."""

from playwright.sync_api import expect

from tests.screens.cast import GOODS
from tests.screens.screen import LANGUAGES, Office, cashier, turn
from tests.screens.test_points_screens import GIVE
from tests.support.shell import run_in_odoo

LISTS = {
    "gifts": "member_reward_action",
    "rules": "member_point_rule_action",
    "points-report": "member_points_report_action",
    "points-expiring": "member_lot_expiring_action",
    "class-rules": "member_class_rule_action",
}
FORMS = {
    "points-period": "member_points_period_action",
    "provision": "member_points_provision_action",
    "simulation": "member_point_simulation_action",
}


def test_supervisor(page, shop, server, language, turns, rewards):
    """The form of a member says what there is, what expires and what moved it."""
    member = shop.members[turn(turns, "member", language)]
    till = shop.till(server, LANGUAGES[language], cashier(language))
    till.top_up(member["id"], 500)
    till.sell(member["id"], 30)
    run_in_odoo(shop.database, GIVE, partner_id=member["id"], points=1240)
    office = Office(page, server, language, "supervisor")
    office.open("member_action", member["id"])
    page.locator(".o_notebook a[name=points]").click()
    tab = page.locator(".o_notebook .tab-pane.active")
    expect(tab.locator(".o_data_row").first).to_be_visible()
    office.keep("points", ours=tab)


def test_manager(page, server, language, rewards):
    """Rules, gifts and reports open, and say in words what they are for."""
    office = Office(page, server, language, "manager")
    for name, action in LISTS.items():
        office.open(action, addon="member_loyalty")
        shown = ".o_data_row, .o_kanban_record, .o_pivot td, .o_view_nocontent"
        expect(page.locator(shown).first).to_be_visible()
        office.keep(name, ours=page.locator(".o_control_panel, .o_content th"))
    for name, action in FORMS.items():
        office.open(action, addon="member_loyalty")
        form = page.locator(".o_form_view")
        expect(form.locator(".o_form_sheet")).to_be_visible()
        office.keep(name, ours=form.locator(".o_form_sheet label, .o_form_sheet th"))


def test_rule_and_simulator(page, shop, server, language, turns):
    """B3: a rule in words; tried on a member's basket, it says why it counts."""
    member = shop.members[turn(turns, "member", language)]["id"]
    name = shop.value("SELECT name FROM res_partner WHERE id = %s", member)
    office = Office(page, server, language, "manager")
    office.open("member_point_rule_action", addon="member_loyalty")
    page.locator(".o_data_row [name=name]").first.click()
    sheet = page.locator(".o_form_sheet")
    try_it = page.locator(".oe_stat_button:has(.fa-flask):visible")
    expect(try_it).to_be_visible()
    office.keep("point-rule", try_it, ours=sheet)

    try_it.click()
    dialog = page.locator(".modal")
    choose(dialog.locator("[name=partner_id]"), name)
    dialog.locator(".o_field_x2many_list_row_add a").click()
    good = GOODS["ticket"][LANGUAGES[language]]
    choose(dialog.locator(".o_selected_row [name=product_id]"), good)
    expect(dialog.locator("[name=earns]")).to_contain_text("88")
    expect(dialog.locator("[name=result] td").first).to_be_visible()
    office.keep("simulator", dialog.locator("footer button"), ours=dialog)


def choose(field, name):
    """Choose a record in a field by its name."""
    field.locator("input").fill(name)
    field.page.locator(
        ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)", has_text=name
    ).first.click()
