"""An add-on is updated, taken out and put back in a shop that is in use."""

import pytest

from tests.support.command import odoo_command
from tests.support.odoo_log import records
from tests.support.points import credit, entries, make_gift, points, redeem
from tests.support.shell import close_shell, run_in_odoo
from tests.support.shop import ledger_problems

MONEY = 300
PRICE = 100
RATE = 2
AWARDED = 50
COST = 60

DOUBLE = """
    rule = env.ref("member_loyalty.member_point_rule_sales")
    rule.rate_points = rate
"""

KEPT = """
    rule = env.ref("member_loyalty.member_point_rule_sales")
    result = rule.rate_points
"""

QUEUE = """
    start = env["member.card.encoding.start"].create({
        "source": "new", "count": 2, "medium": "contactless",
    })
    action = start.action_start()
    queue = env["member.card.encoding"].browse(action["context"]["active_id"])
    env["member.operator.log"]._log("card_encode", card=queue.line_ids.card_id[:1])
    result = queue.line_ids.card_id.ids
"""

CONTACT = """
    cards, log = env["member.card"], env["member.operator.log"]
    partners = env["res.partner"].browse(members)
    written, other = (cards._issue(one, medium="contact_ic") for one in partners)
    log._log("card_encode", card=written)
    result = written.id, other.id
"""

CHIPS = """
    result = env["member.card"].browse(cards).mapped("has_chip")
"""


@pytest.fixture
def member(shop, start_server):
    """Return a member with money and points, who has just asked for a gift."""
    run_in_odoo(shop.database, DOUBLE, rate=RATE)
    member = shop.newcomer()
    shop.give(MONEY, ids=[member])
    gift, _product = make_gift(shop, "Cup", points=COST)
    server = start_server()
    till = shop.till(server)
    till.sell(member, PRICE)
    credit(shop, member, AWARDED)
    assert redeem(till, member, gift)["status"] == "ok"
    server.stop()
    assert points(shop, member) == (PRICE * RATE + AWARDED, COST, 0)
    return member


def test_update_keeps_what_people_set_up(shop, member):
    before = entries(shop, member)

    manage(shop, "upgrade", "member_loyalty")

    assert run_in_odoo(shop.database, KEPT) == RATE
    assert entries(shop, member) == before
    assert points(shop, member) == (PRICE * RATE + AWARDED, COST, 0)
    assert ledger_problems(shop.database) == []


def test_points_wait_until_the_addon_is_back(shop, member, start_server):
    """Without it the wallet sells on; with it again, points are what they were."""
    before, logged = entries(shop, member), log_lines(shop)

    manage(shop, "uninstall", "member_loyalty")

    assert installed(shop) == {"member_card", "member_hw_proxy"}
    assert entries(shop, member) == before
    assert points(shop, member) == (PRICE * RATE + AWARDED, COST, 0)
    assert log_lines(shop) == logged
    server = start_server()
    assert shop.till(server).sell(member, PRICE)["state"] == "paid"
    server.stop()
    assert ledger_problems(shop.database) == []
    assert entries(shop, member) == before

    manage(shop, "install", "member_loyalty")

    assert installed(shop) == {"member_card", "member_hw_proxy", "member_loyalty"}
    server = start_server()
    assert shop.till(server).sell(member, PRICE)["state"] == "paid"
    assert entries(shop, member) == [*before, ("earn", PRICE)]
    assert shop.figures(member) == (MONEY - 3 * PRICE, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def test_cards_outlive_their_writer(shop, start_server):
    """The add-on of the hardware is updated, taken out and put back."""
    cards = run_in_odoo(shop.database, QUEUE)
    logged = log_lines(shop)

    manage(shop, "upgrade", "member_hw_proxy")
    manage(shop, "uninstall", "member_hw_proxy")

    assert "member_hw_proxy" not in installed(shop)
    assert log_lines(shop) == logged
    assert blank_cards(shop, cards) == len(cards)
    server = start_server()
    member = shop.newcomer()
    shop.give(MONEY, ids=[member])
    assert shop.till(server).sell(member, PRICE)["state"] == "paid"
    server.stop()

    manage(shop, "install", "member_hw_proxy")

    assert blank_cards(shop, cards) == len(cards)
    assert ledger_problems(shop.database) == []


def test_chips_of_before_are_known_after_an_update(shop):
    """A contact chip has no UID: the log tells that it was written."""
    cards = run_in_odoo(shop.database, CONTACT, members=shop.newcomers(2))
    shop.query("ALTER TABLE member_card DROP COLUMN has_chip")

    manage(shop, "upgrade", "member_hw_proxy")
    assert run_in_odoo(shop.database, CHIPS, cards=cards) == [True, False]

    manage(shop, "uninstall", "member_hw_proxy")
    manage(shop, "install", "member_hw_proxy")
    assert run_in_odoo(shop.database, CHIPS, cards=cards) == [True, False]


def blank_cards(shop, cards):
    return shop.value(
        "SELECT count(*) FROM member_card WHERE id = ANY(%s) AND state = 'blank'", cards
    )


def manage(shop, verb, module):
    """Install, upgrade or uninstall a module, with nothing wrong in the log."""
    close_shell(shop.database)
    done = odoo_command(shop.database, f"module {verb}", module)
    assert done.returncode == 0, done.stderr
    odd = [str(line) for line in records(done.stderr) if line.is_unexpected]
    assert odd == []


def installed(shop):
    rows = shop.query(
        """SELECT name FROM ir_module_module
            WHERE starts_with(name, 'member_') AND state = 'installed'"""
    )
    return {name for (name,) in rows}


def log_lines(shop):
    return shop.value("SELECT count(*) FROM member_operator_log")
