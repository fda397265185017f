"""What is done with points in the back office: awards, redemptions, gifts, import."""

import pytest
from playwright.sync_api import expect

from tests.screens.screen import Office, turn
from tests.screens.test_points_screens import GIVE
from tests.support.points import entries, points
from tests.support.shell import run_in_odoo
from tests.support.shop import PIN

POINTS = 1240
AWARDED = 50
TEA = "300"
"""Points for the tea of the stage; with POINTS the bonus of 20000 is out of reach."""

PIN_FROM = """
    env.company.root_id.member_points_pin_from = points
"""

CARDS = """
    program = env["loyalty.program"].create({
        "name": "Old Stamp Card", "program_type": "loyalty",
    })
    program.with_context(lang="zh_CN").name = "旧集点卡"
    # codes without letters: those that are drawn may look like words
    env["loyalty.card"].create([
        {"program_id": program.id, "partner_id": member, "points": 120,
         "code": f"0440-{member:08}"},
        {"program_id": program.id, "points": 30, "code": f"0441-{member:08}"},
    ])
"""


class Desk(Office):
    """The back office with one of its dialogs open."""

    def __init__(self, page, server, shop, language, role, turns):
        super().__init__(page, server, language, role)
        self.shop = shop
        self.member = shop.members[turn(turns, "member", language)]["id"]
        self.name = shop.value(
            "SELECT name FROM res_partner WHERE id = %s", self.member
        )
        self.dialog = page.locator(".modal").last

    def give_points(self):
        run_in_odoo(self.shop.database, GIVE, partner_id=self.member, points=POINTS)

    def menu(self, item):
        """Open a dialog by its menu, as people do."""
        self.open("member_redemption_action", addon="member_loyalty")
        self.page.locator(
            "[data-menu-xmlid='member_loyalty.member_points_menu']"
        ).click()
        self.page.locator(f"[data-menu-xmlid='member_loyalty.{item}']").click()
        expect(self.dialog.locator(".o_form_sheet")).to_be_visible()

    def choose(self, field, name):
        """Choose a record in a field of the dialog by its name."""
        self.dialog.locator(f"[name={field}] input").fill(name)
        self.dialog.page.locator(
            ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)", has_text=name
        ).first.click()

    def type(self, field, text):
        typed = self.dialog.locator(f"[name={field}] input, [name={field}] textarea")
        typed.fill(text)
        typed.blur()

    @property
    def confirm(self):
        return self.dialog.locator("footer button[name=action_confirm]:visible")

    def finish(self):
        self.confirm.click()
        expect(self.page.locator(".modal")).to_have_count(0)
        told = self.page.locator(".o_notification")
        expect(told.first).to_be_visible()
        self.check_words("told", told)


@pytest.fixture
def desk(page, server, shop, language, turns, rewards):
    """Give the back office as a supervisor sees it, and a member with points."""
    desk = Desk(page, server, shop, language, "supervisor", turns)
    desk.give_points()
    return desk


def test_award(desk):
    """B3: what will happen stands beside it; taking more than there is is refused."""
    desk.menu("member_point_award_menu")
    desk.keep("award-empty", ours=desk.dialog)
    desk.choose("partner_ids", desk.name)
    desk.type("points", str(AWARDED))
    desk.type("reason", "?")
    after = desk.dialog.locator("[name=balance_after]")
    expect(after).to_contain_text(f"{POINTS + AWARDED:,}")
    desk.keep("award", desk.confirm, ours=desk.dialog)

    desk.dialog.locator("[name=operation] input").last.check()
    desk.type("points", str(POINTS + 1))
    expect(desk.dialog.locator(".alert-warning")).to_contain_text(desk.name)
    expect(desk.confirm).to_have_count(0)
    desk.keep("award-short", ours=desk.dialog)

    desk.dialog.locator("[name=operation] input").first.check()
    desk.type("points", str(AWARDED))
    desk.finish()
    assert entries(desk.shop, desk.member)[-1] == ("award", AWARDED)


def test_redemption(desk):
    """C5: only what this member may have is offered, and what is left is shown."""
    desk.menu("member_redeem_menu")
    desk.keep("redeem-empty", ours=desk.dialog)
    desk.choose("partner_id", desk.name)
    has = desk.dialog.locator("[name=points_before]")
    expect(has).to_contain_text(f"{POINTS:,}")
    desk.dialog.locator("[name=reward_id] input").click()
    offered = desk.page.locator(
        ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option)"
    )
    expect(offered).to_have_count(2)
    tea = {"en": "Longjing", "zh": "龙井"}[desk.language]
    offered.filter(has_text=tea).click()
    expect(desk.dialog.locator("[name=points]")).to_contain_text(TEA)
    desk.keep("redeem", desk.confirm, ours=desk.dialog)

    desk.type("quantity", "5")
    expect(desk.dialog.locator("[name=objection]")).to_be_visible()
    expect(desk.confirm).to_have_count(0)
    desk.keep("redeem-short", ours=desk.dialog)

    desk.type("quantity", "1")
    desk.finish()
    assert points(desk.shop, desk.member) == (POINTS - int(TEA), 0, 0)


@pytest.fixture
def pin_needed(shop):
    """Ask for the member's PIN from the points on that the tea costs."""
    run_in_odoo(shop.database, PIN_FROM, points=int(TEA))
    yield
    run_in_odoo(shop.database, PIN_FROM, points=0)


def test_redemption_with_the_pin(desk, pin_needed):
    """C5: many points need the PIN, which the member types unseen."""
    desk.menu("member_redeem_menu")
    desk.choose("partner_id", desk.name)
    pin = desk.dialog.locator("[name=pin] input")
    expect(pin).to_have_count(0)
    desk.choose("reward_id", {"en": "Longjing", "zh": "龙井"}[desk.language])
    expect(pin).to_have_attribute("type", "password")
    pin.fill(PIN)
    desk.keep("redeem-pin", desk.confirm, ours=desk.dialog)
    desk.finish()
    assert points(desk.shop, desk.member) == (POINTS - int(TEA), 0, 0)


def test_redemption_with_nothing_to_be_had(
    page, server, shop, language, turns, rewards
):
    desk = Desk(page, server, shop, language, "supervisor", turns)
    desk.menu("member_redeem_menu")
    desk.choose("partner_id", desk.name)
    nothing = desk.dialog.locator(".alert-warning").first
    expect(nothing).to_be_visible()
    desk.keep("redeem-nothing", ours=desk.dialog)


def test_gift_form(page, server, shop, language, rewards):
    """C5: the form asks for what its kind needs, and says in words what that gives."""
    office = Office(page, server, language, "manager")
    (tea,) = shop.query("SELECT id FROM member_reward WHERE points_cost = %s", TEA)
    office.open("member_reward_action", tea[0], addon="member_loyalty")
    sheet = page.locator(".o_form_sheet")
    expect(sheet).to_be_visible()
    office.keep("gift", ours=sheet)

    office.open("member_reward_action", "new", addon="member_loyalty")
    kinds = sheet.locator("[name=kind] input")
    expect(kinds).to_have_count(4)
    for number in range(4):
        kinds.nth(number).check()
        value = kinds.nth(number).get_attribute("data-value")
        office.keep(f"gift-new-{value}", kinds.nth(number), ours=sheet)


def test_import(page, server, shop, language, turns):
    """The list says what will happen to each card before any point moves."""
    office = Desk(page, server, shop, language, "manager", turns)
    run_in_odoo(shop.database, CARDS, member=office.member)
    office.open("member_loyalty_import_action", "new", addon="member_loyalty")
    form = page.locator(".o_form_view")
    check = form.locator("button[name=action_check]:visible")
    expect(check).to_be_visible()
    office.keep("import-new", check, ours=form)
    check.click()
    start = form.locator("button[name=action_import]:visible")
    expect(form.locator("[name=ready_points]")).to_contain_text("120")
    office.keep("import-checked", start, ours=form)

    start.click()
    office.dialog.locator(".btn-primary").click()
    expect(form.locator(".alert-success")).to_be_visible()
    office.keep("import-done", ours=form)
    assert points(shop, office.member) == (120, 0, 0)
