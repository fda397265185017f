"""One dressed shop and one server for all tests that look at screens.

Each test takes a till and members of its own, so none sees what another has done.
"""

import itertools
from collections import defaultdict

import pytest

from tests.screens import cast
from tests.screens.screen import LANGUAGES, Screen
from tests.support import database
from tests.support.agent import Agent
from tests.support.odoo_server import OdooServer
from tests.support.shell import run_in_odoo
from tests.support.shop import Shop

PREPARE = """
    from tests.screens.stage import dress
    from tools.bundles import make_bundles

    make_bundles(env)
    # a busy machine must not tear a scan apart
    env["ir.config_parameter"].set_param("barcode.max_time_between_keys_in_ms", 2000)
    dress(env, ids)
"""

REWARDS = """
    from tests.screens.stage import rewards
    rewards(env, ids)
"""

SIMULATED = """
[discover]
drivers = []
[[device]]
id = "reader"
name = "ACR122U"
driver = "simulator.reader"
[[device]]
id = "receipt"
name = "TM-T20"
driver = "simulator.printer"
[[device]]
id = "pole"
name = "VFD 2x20"
driver = "simulator.display"
"""

UNPLUG = """
    tills = env["pos.config"].search([("member_hw_agent_id", "!=", False)])
    tills.member_hw_agent_id = False
    for queue in env["member.card.encoding"].search([("state", "=", "paused")]):
        queue.action_stop()
    agents = env["member.hw.agent"].search([])
    agents.action_revoke()
    (agents - env["member.card.encoding.line"].search([]).agent_id).unlink()
"""


@pytest.fixture(scope="session")
def shop(shop_template):
    template, ids = shop_template
    with database.throwaway(template) as name:
        run_in_odoo(name, PREPARE, ids=ids)
        yield Shop(name, ids)


@pytest.fixture(scope="session")
def rewards(shop):
    """Offer gifts to the members of the dressed shop, once for all tests."""
    run_in_odoo(shop.database, REWARDS, ids=shop.ids)


@pytest.fixture(scope="session")
def server(shop):
    """Start one process; its log is checked when all pictures are taken."""
    server = OdooServer(shop.database, name="screens")
    server.start()
    yield server
    server.stop()
    server.check_log()


@pytest.fixture(scope="session")
def turns():
    """Count what each language has used up: tills and members alternate."""
    return defaultdict(itertools.count)


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


@pytest.fixture
def computer():
    return {"timezone_id": cast.ZONE}


@pytest.fixture
def screen(page, server, shop, language, turns):
    """Give the next till of a language on its usual screen, with members."""
    return Screen(page, server, shop, language, turns)


@pytest.fixture
def phone(page, server, shop, language, turns):
    """Give the next till of a language on a phone."""
    return Screen(page, server, shop, language, turns, kind="phone")


@pytest.fixture
def agent(tmp_path, shop):
    """Run an agent without hardware; the tills are as before when it is gone."""
    agent = Agent(
        tmp_path, SIMULATED, name="agent-screens", title=cast.COMPUTER
    ).start()
    yield agent
    run_in_odoo(shop.database, UNPLUG)
    agent.stop()
    agent.check_log()
