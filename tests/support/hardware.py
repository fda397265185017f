"""A shop whose tills have an agent: pairing, giving it to tills, cards with chips."""

import contextlib
import time
from importlib.util import module_from_spec, spec_from_file_location

from playwright.sync_api import expect

from tests.simulators.escpos_paper import Paper
from tests.simulators.virtual_card import VirtualCard
from tests.support.shell import run_in_odoo

SETTINGS = """
    tills = env["pos.config"].browse(ids)
    tills.write({
        "member_hw_agent_id": agent,
        "iface_print_via_proxy": True,
        "iface_print_auto": True,
        "iface_print_skip_screen": False,
        "iface_cashdrawer": True,
        "iface_scan_via_proxy": True,
    })
"""

CHIP = """
    cards = env["member.card"]
    card = cards.search([("number", "=", number)])
    card.write({"uid_hash": cards._hash_uid(uid), "medium": medium})
"""

COMPUTER = """
    from uuid import uuid4
    agents, identifier = env["member.hw.agent"], uuid4().hex
    agent = agents.create({
        "name": "Foyer", "identifier": identifier, "origin": origin,
        "company_id": company, "capability": uuid4().hex[:22],
        "secret_sealed": agents._seal_secret(bytes(32), identifier, origin),
    })
    env["pos.config"].browse(configs).member_hw_agent_id = agent
    result = agent.id, identifier
"""

TOKEN = """
    import time
    from odoo.addons.member_hw_proxy import hw_crypto

    agent = env["member.hw.agent"].browse(agent_id)
    now = int(time.time())
    result = hw_crypto.mint_token(agent._secret(), {
        "v": hw_crypto.VERSION, "aud": agent.identifier, "sub": 1, "sid": "test",
        "dev": ["*"], "scp": ["events"], "org": agent.origin, "iat": now,
        "exp": now + 60, "til": now + 600, "jti": hw_crypto.new_jti(),
        **{name: now + value if name in ("iat", "exp", "til") else value
           for name, value in changes.items()},
    })
"""


class SealedComputer:
    """A computer that tills have, without an agent: what one would tell is sealed here.

    :param tills: numbers of the shop's tills that run on it.
    """

    def __init__(self, shop, tills):
        configs = [shop.ids["tills"][number]["config"] for number in tills]
        self.id, self.identifier = run_in_odoo(
            shop.database,
            COMPUTER,
            configs=configs,
            company=shop.ids["company"],
            origin="http://localhost:8069",
        )
        spec = spec_from_file_location(
            "hw_crypto", "addons/member_hw_proxy/hw_crypto.py"
        )
        self.crypto = module_from_spec(spec)
        spec.loader.exec_module(self.crypto)
        self.at_ms = 0

    def seal(self, purpose, **body):
        stamped = {"iat": int(time.time()), "jti": self.crypto.new_jti(), **body}
        return self.crypto.seal(bytes(32), purpose, self.identifier, stamped)

    def reading(self, uid):
        return self.seal("reading", uid=uid, number=None, medium="contactless")

    def report(self, *devices):
        """Tell how the devices are; each report is newer than the one before."""
        self.at_ms = max(int(time.time() * 1000), self.at_ms + 1)
        return self.seal(
            "report", iat=self.at_ms // 1000, at_ms=self.at_ms, devices=devices
        )


class CardReader:
    """The reader of a private pcscd, and the cards that were put on it."""

    def __init__(self, pcscd):
        self.pcscd = pcscd
        self.cards = {}

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        for card in self.cards.values():
            card.close()

    def take(self, uid, chip=None):
        """Return the card with this UID in the hand: the same one each time.

        :param chip: see virtual_chips.CHIPS; by the length of the UID if not given.
        """
        if uid not in self.cards:
            chip = chip or ("mifare_classic_1k" if len(uid) == 8 else "ntag213")
            self.cards[uid] = VirtualCard(self.pcscd, chip, uid=uid)
        return self.cards[uid]

    @contextlib.contextmanager
    def card(self, uid, chip=None):
        """Put a card on the reader for as long as the block runs."""
        card = self.take(uid, chip)
        card.insert()
        try:
            yield card
        finally:
            card.remove()


def tap(agent, reader, uid):
    """Hold a card to the reader until the agent has told it, and take it away."""

    def told():
        (device,) = agent.devices_of("card.pcsc")
        event = device["last_event"] or {}
        return event.get("at") if event.get("kind") == "card" else None

    before = told()
    with reader.card(uid):
        agent.wait_for(lambda: told() not in (None, before))


def pair(agent, server, shop, tills=None):
    """Pair an agent and give it to tills, to all unless `tills` names numbers.

    :return: the id of the `member.hw.agent`.
    """
    agent_id = agent.pair(server.client(), server.url)
    use_at_tills(shop, agent_id, tills)
    return agent_id


def use_at_tills(shop, agent_id, tills=None):
    numbers = range(len(shop.ids["tills"])) if tills is None else tills
    configs = [shop.ids["tills"][number]["config"] for number in numbers]
    run_in_odoo(shop.database, SETTINGS, ids=configs, agent=agent_id)


def give_chip(shop, member, uid, medium="contactless"):
    """Let a member's card be known by the chip in it.

    :param uid: upper-case hexadecimal, as a reader tells it.
    """
    run_in_odoo(shop.database, CHIP, number=member["card"], uid=uid, medium=medium)


def mint(shop, agent_id, **changes):
    """Return a token such as Odoo mints, with changes that it would never make.

    :param changes: claims; the times are seconds from now.
    """
    return run_in_odoo(shop.database, TOKEN, agent_id=agent_id, changes=changes)


def connect(till):
    """Ask Odoo as the till's page does for a way to the agent; return the token."""
    answer = till.verb("member_hw_connect")
    assert answer["status"] == "ok", answer
    return answer["token"]


def capability(shop, number=0):
    """Return the secret path of the stock routes, as a till knows it."""
    address = shop.value(
        "SELECT proxy_ip FROM pos_config WHERE id = %s",
        shop.ids["tills"][number]["config"],
    )
    return address.rsplit("/", 1)[1]


def wait_for_devices(screen):
    """Wait until the till's page says that agent and devices are well."""
    expect(screen.page.locator(".hw-status.hw-ok")).to_be_visible()


def printed_since(printer, start):
    """Return a picture of what was printed after so many of the printer's commands."""
    paper = Paper(printer.dots)
    paper.print(printer.commands[start:])
    return paper.picture()
