"""The demo company is built by the verbs that people use, so it ends in order."""

from pathlib import Path

import pytest

from tests.support import database
from tests.support.shell import run_in_odoo

ROOT = str(Path(__file__).resolve().parents[2])

BUILD = """
import sys
sys.path.insert(0, root)
from tools import demo
demo.build(env)
result = demo.summary(env)
"""

LOOK = """
from odoo.tools import SQL
company = env.ref("base.main_company")
books = company._member_reconcile()
balances = env["member.balance"].search([])
money = balances.filtered(lambda balance: balance.currency_id)
wang = env["res.partner"].search([("name", "like", "Wang Fang")])
period = env["member.points.period"].create({"period": "year"})
result = {
    "currency": company.currency_id.name,
    "members": env["res.partner"].search_count([("is_member", "=", True)]),
    "states": env["member.card"].search([]).mapped("state"),
    "pending": env["member.posting"].search_count([("state", "!=", "applied")]),
    "exceptions": env["member.exception"].search_count([]),
    "sessions": env["pos.session"].search([]).mapped("state"),
    "days": len({entry.date.date() for entry in env["member.entry"].search([])}),
    "kinds": env["member.entry"].search([]).mapped("kind"),
    "refused": env["member.operator.log"].search_count([("outcome", "=", "refused")]),
    "clock": env.execute_query(SQL("SELECT current_setting('search_path')"))[0][0],
    "wang": wang.member_available,
    "wang_points": wang.member_points,
    "gifts": env["member.reward"].search([]).mapped("kind"),
    "pictures": all(env["member.reward"].search([]).mapped("image_128")),
    "redeemed": env["member.redemption"].search([]).mapped("reward_id.kind"),
    "redemptions": env["member.redemption"].search([]).mapped("state"),
    "points": sum((balances - money).mapped("amount")),
    "points_after": period.closing,
    "by_rule": len(env["member.points.report"].search([]).rule_id),
    "risen": env["member.class.assignment"].search_count([("reason", "=", "rule")]),
    "books": books["totals"],
    "differences": [m for m in books["members"] if m["difference"]],
    "listed": [exception["kind"] for exception in books["exceptions"]],
    "principal": sum(money.filtered(
        lambda balance: balance.asset_id.code == "principal").mapped("amount")),
    "problems": len(env["member.ledger.check"]._cron_check().problem_text or ""),
    "stranger": env["res.partner"].create({"name": "x"})
        .property_product_pricelist.item_ids.ids,
}
env.cr.rollback()
"""

SEASON = """
from odoo.addons.member_ticketing import seats
registrations = env["event.registration"].search([])
orders = env["sale.order"].search([])
report = env["member.ticket.report"]
[figures] = report._read_group([], [], ["tickets:sum", "returned:sum"])
season = env["event.event"].search([])
now = env.cr.now()
ahead = season.filtered(lambda event: event.date_begin > now)
result = {
    "performances": env["event.event"].search_count([]),
    "slots": env["event.slot"].search_count([]),
    "problems": [str(problem) for problem in seats.verify(env)],
    "channels": registrations.mapped("member_channel"),
    "states": registrations.mapped("state"),
    "free": len(registrations.filtered("is_member_free")),
    "sold_by": registrations.member_policy_id.mapped("name"),
    "reserved": len(orders.filtered("member_reserved_until")),
    "paid": len(orders.filtered("member_is_paid")),
    "carts": len(orders.filtered(lambda order: order.state == "draft")),
    "elsewhere": env["member.external.purchase"].search([]).mapped("points"),
    "exceptions": env["member.ticket.exception"].search_count([]),
    "mailed": len(ahead.filtered(
        lambda event: "after_sub" in event.event_mail_ids.mapped("interval_type"))),
    "ahead": len(ahead),
    "pages": [
        list({str(event.with_context(lang=lang).description) for event in season})
        for lang in ("en_US", "zh_CN")
    ],
    "languages": env["website"].search([]).language_ids.mapped("code"),
    "figures": figures,
}
"""


@pytest.fixture(scope="module")
def demo():
    """Give the name of a database with the demo in it, and what it tells."""
    with database.throwaway() as name:
        yield name, run_in_odoo(name, BUILD, root=ROOT)


def test_summary_names_logins_and_cards(demo):
    _name, summary = demo
    assert "shouyin" in summary
    assert "8800 2026 0000 0019" in summary
    assert "8246" in summary


def test_demo_is_in_order(demo):
    """A theatre in yuan, whose wallets and books agree after a month."""
    name, _summary = demo
    found = run_in_odoo(name, LOOK)
    assert found["currency"] == "CNY"
    assert found["members"] == 40
    assert set(found["states"]) == {"issued", "lost", "frozen", "replaced"}
    assert found["states"].count("replaced") == 2
    assert found["pending"] == found["exceptions"] == found["problems"] == 0
    assert set(found["sessions"]) == {"closed"}
    assert len(found["sessions"]) > 30
    # a month went by, and the clock is the database's own again
    assert found["days"] > 15
    assert {"topup", "bonus", "spend", "refund"} <= set(found["kinds"])
    assert {"earn", "award", "redeem", "clawback"} <= set(found["kinds"])
    assert found["refused"] == 0
    assert "demo_clock" not in found["clock"]
    # what docs/demo.md says of the first card
    assert found["wang"] == 415.7
    # what she bought today counts double on a member day
    assert found["wang_points"] in {2800 + 133, 2800 + 266}
    assert set(found["gifts"]) == {"gift", "discount", "bonus", "coupon"}
    assert found["pictures"]
    assert {"gift", "discount"} < set(found["redeemed"])
    assert set(found["redemptions"]) == {"done"}
    assert found["points"] == found["points_after"] > 0
    # sales, the programme, and what was bought elsewhere
    assert found["by_rule"] == 3
    assert found["risen"] >= 1
    assert found["books"]["ledger"] == found["books"]["books"] > 0
    assert found["differences"] == found["listed"] == []
    assert found["principal"] == found["books"]["ledger"]  # bonus is no deposit
    assert found["stranger"] == []


def test_season_is_in_order(demo):
    """Thirty performances, sold in each channel, and seats that agree."""
    name, _summary = demo
    found = run_in_odoo(name, SEASON)
    assert (found["performances"], found["slots"]) == (30, 8)
    assert found["problems"] == []
    assert set(found["channels"]) == {"pos", "web"}
    assert set(found["states"]) == {"open", "done", "cancel"}
    assert found["free"] == 2
    assert {"Public", "Discount members", "Stored-value members"} <= set(
        found["sold_by"]
    )
    assert (found["reserved"], found["paid"], found["carts"]) == (2, 5, 2)
    assert found["elsewhere"] == [180, 60]
    assert found["exceptions"] == 0
    assert set(found["languages"]) == {"en_US", "zh_CN"}
    # who buys one is sent the ticket
    assert found["mailed"] == found["ahead"] > 0
    [english], [chinese] = found["pages"]
    assert "Please be in your seats" in english
    assert "请提前几分钟入座" in chinese
    tickets, returned = found["figures"]
    assert tickets == len(found["states"]) - returned
    assert returned == 1
