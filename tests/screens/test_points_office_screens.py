"""Points in the back office as a supervisor and a manager meet them."""

from playwright.sync_api import expect

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
