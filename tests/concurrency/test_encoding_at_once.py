"""Two card writers on one queue never write one number twice, nor one chip as two."""

from functools import partial

from tests.support.parallel import at_once
from tests.support.shell import run_in_odoo

WRITERS = 8
ROUNDS = 3
CLERK = "encode_clerk"

DESK = """
    from uuid import uuid4
    from odoo import Command

    users = env["res.users"].with_context(no_reset_password=True)
    if not users.search([("login", "=", login)]):
        groups = env.ref("base.group_user") | env.ref(
            "member_hw_proxy.group_member_card_encode"
        )
        users.create({"name": login, "login": login, "password": login,
                      "group_ids": [Command.set(groups.ids)]})
    agents, secret = env["member.hw.agent"], bytes(32)
    identifier, origin = uuid4().hex, "http://localhost:8069"
    agent = agents.create({
        "name": "Desk", "identifier": identifier, "origin": origin,
        "capability": uuid4().hex[:22],
        "secret_sealed": agents._seal_secret(secret, identifier, origin),
    })
    start = env["member.card.encoding.start"]
    queues = [
        start.create({"count": count}).action_start()["context"]["active_id"]
        for _number in range(rounds)
    ]
    env.cr.commit()
    result = {"agent": agent.id, "queues": queues}
"""

SEAL = """
    import time
    from hashlib import sha256
    from odoo.addons.member_hw_proxy import hw_crypto

    agent = env["member.hw.agent"].browse(agent)
    body = {"uid": uid, "number": None, "medium": "contactless"}
    if order:
        order = hw_crypto.open_sealed(bytes(32), "order", agent.identifier, order)
        content = bytes.fromhex(order["content"])
        body = {"card": order["card"], "op": "write", "uid": uid, "result": "written",
                "content_sha256": sha256(content).hexdigest()}
    body |= {"iat": int(time.time()), "jti": hw_crypto.new_jti()}
    purpose = "receipt" if order else "reading"
    result = hw_crypto.seal(bytes(32), purpose, agent.identifier, body)
"""

SAME_CHIP = """
    UPDATE member_card_encoding_line SET uid_hash = first.uid_hash
      FROM member_card_encoding_line first
     WHERE first.id = %s AND member_card_encoding_line.id = %s"""


class Desk:
    """Writers of one computer, on two servers in turn; a browser for each."""

    def __init__(self, shop, servers, count):
        self.shop = shop
        made = run_in_odoo(shop.database, DESK, login=CLERK, count=count, rounds=ROUNDS)
        self.agent, self.queues = made["agent"], made["queues"]
        self.browsers = [servers[n % 2].client(CLERK, CLERK) for n in range(WRITERS)]

    def ask(self, number, queue, verb, *args):
        browser = self.browsers[number]
        return browser.call("member.card.encoding", verb, [queue], *args)

    def next(self, number, queue):
        answer = self.ask(number, queue, "encode_next", self.agent, f"pcsc:{number}")
        assert answer["status"] == "ok", answer
        return answer["line"] and answer["line"]["id"]

    def next_at_once(self, queue):
        """Have each writer ask for its number; return what they are shown."""
        shown = self.shop.race(
            *(partial(self.next, number, queue) for number in range(WRITERS))
        )
        for each in shown:
            if isinstance(each, Exception):
                raise each
        return [line for line in shown if line]

    def sealed(self, uid, order=None):
        """Return a reading of a chip, or the receipt for an order."""
        return run_in_odoo(
            self.shop.database, SEAL, agent=self.agent, uid=uid, order=order
        )

    def begin(self, number, queue, line, uid):
        device, reading = f"pcsc:{number}", self.sealed(uid)
        answer = self.ask(
            number, queue, "encode_begin", self.agent, device, line, reading
        )
        assert answer["status"] == "ok", answer
        return answer["order"]


def test_each_writer_gets_a_number_of_its_own(shop, pair):
    """A3: eight writers ask at once for half as many numbers."""
    desk = Desk(shop, pair, count=WRITERS // 2)
    for queue in desk.queues:
        shown = desk.next_at_once(queue)
        assert len(shown) == len(set(shown)) == WRITERS // 2


def test_without_the_guard_they_get_the_same(unguarded_shop, unguarded):
    """Negative control: the same race shows one number at several writers."""
    desk = Desk(unguarded_shop, unguarded, count=WRITERS // 2)
    doubled = 0
    for queue in desk.queues:
        shown = desk.next_at_once(queue)
        doubled += len(shown) - len(set(shown))
    assert doubled > 0


def test_one_chip_becomes_one_card(shop, pair):
    """Two writers report the same chip at once: one is believed, the other told."""
    for server in pair:
        server.allow_lines("duplicate key value", "could not serialize access")
    desk = Desk(shop, pair, count=2)
    for number, queue in enumerate(desk.queues):
        uid, other_uid = f"04A1B2C3D4E5{number:02X}", f"04A1B2C3D4E6{number:02X}"
        lines = [desk.next(writer, queue) for writer in (0, 1)]
        orders = [
            desk.begin(0, queue, lines[0], uid),
            desk.begin(1, queue, lines[1], other_uid),
        ]
        # as if both had read the chip before either had begun with it
        shop.query(SAME_CHIP, *lines)
        receipts = [desk.sealed(uid, order) for order in orders]

        answers = at_once(
            *(
                partial(desk.ask, n, queue, "encode_confirm", lines[n], receipts[n])
                for n in (0, 1)
            )
        )

        assert {answer["status"] for answer in answers} == {"ok", "chip_used"}, answers
        states = shop.query(
            """SELECT c.state, c.uid_hash IS NOT NULL FROM member_card c
                 JOIN member_card_encoding_line l ON l.card_id = c.id
                WHERE l.id = ANY(%s)""",
            lines,
        )
        assert sorted(states) == [("blank", False), ("encoded", True)]
