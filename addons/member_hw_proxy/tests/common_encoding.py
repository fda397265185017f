"""A card writer for tests: the agent's half of the wire, with chips to put on it."""

import time
from hashlib import sha256
from uuid import uuid4

from odoo.tests import new_test_user

from odoo.addons.member_card.tests.common import MemberCase

from .. import hw_crypto

SECRET = bytes(range(32))
DEVICE = "pcsc:writer"


class Pulled(Exception):
    """The card was taken away in the midst of it."""


class Writer:
    """One paired computer with a writer; what is on its chips outlives everything."""

    def __init__(self, agent, secret=SECRET):
        self.agent = agent
        self.secret = secret
        self.chips = {}
        self.uid = None
        self.medium = "contactless"

    def put(self, uid, medium="contactless"):
        """Put a chip on the writer, instead of what lies there."""
        self.uid, self.medium = uid, medium
        self.chips.setdefault(uid, b"")
        return self

    @property
    def number(self):
        return number_on(self.chips[self.uid])

    def seal(self, purpose, body):
        identifier = self.agent.sudo().identifier
        times = {"iat": int(time.time()), "jti": hw_crypto.new_jti()}
        return hw_crypto.seal(self.secret, purpose, identifier, times | body)

    def open(self, order):
        return hw_crypto.open_sealed(
            self.secret, "order", self.agent.sudo().identifier, order
        )

    def reading(self, **changes):
        """Tell what lies on the writer; None for a chip with nothing to be told by."""
        if not self.uid and not self.number:
            return None
        return self.seal(
            "reading",
            {
                "uid": self.uid,
                "number": self.number,
                "medium": self.medium,
                "type": "ntag",
                "device": DEVICE,
                **changes,
            },
        )

    def carry_out(self, order, pull=None):
        """Carry an order out; return the receipt.

        :param pull: how many bytes are written when the card is pulled away.
        """
        body = self.open(order)
        assert body["exp"] > time.time() and body["uid"] == self.uid
        content = bytes.fromhex(body["content"])
        result = "same" if self.chips[self.uid] == content else "written"
        if body["op"] == "format":
            content, result = b"", "formatted"
        if pull is not None:
            self.chips[self.uid] = content[:pull]
            raise Pulled
        self.chips[self.uid] = content
        return self.receipt(body, result)

    def receipt(self, order, result, **changes):
        """Seal a receipt, if wanted one that no agent would make."""
        content = bytes.fromhex(order["content"])
        return self.seal(
            "receipt",
            {
                "card": order["card"],
                "op": order["op"],
                "uid": order["uid"],
                "content_sha256": sha256(content).hexdigest() if content else "",
                "result": result,
                **changes,
            },
        )


def number_on(content):
    """Return the number of a whole application; None for anything else."""
    if len(content) < 12 or content[:3] != b"\x01\x01\x01":
        return None
    end = 11 + content[10]
    if len(content) < end + 10:
        return None
    return content[11:end].hex().removesuffix("f")


class EncodingCase(MemberCase):
    """A supervisor at a paired writer of the main company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = new_test_user(
            cls.env, "encode_boss", groups="member_card.group_member_supervisor"
        )
        cls.clerk = new_test_user(
            cls.env,
            "encode_clerk",
            groups="base.group_user,member_hw_proxy.group_member_card_encode",
        )
        cls.writer = Writer(cls.paired("Desk 1"))
        cls.cards = cls.env["member.card"]
        cls.queues = cls.env["member.card.encoding"].with_user(cls.supervisor)

    def setUp(self):
        super().setUp()
        self.writer.chips.clear()
        last = self.env["member.operator.log"].search([], order="id desc", limit=1)
        self.logged_before = last.id or 0

    @classmethod
    def paired(cls, name, company=None, secret=SECRET):
        """Return a paired computer."""
        agents = cls.env["member.hw.agent"]
        origin, identifier = "http://localhost:8069", uuid4().hex
        return agents.create(
            {
                "name": name,
                "identifier": identifier,
                "origin": origin,
                "company_id": (company or cls.company).id,
                "capability": uuid4().hex[:22],
                "secret_sealed": agents._seal_secret(secret, identifier, origin),
            }
        )

    @classmethod
    def blank_cards(cls, count, company=None):
        company = company or cls.company
        return cls.cards.create(
            [
                {
                    "number": cls.cards._generate_number(company),
                    "company_id": company.id,
                }
                for _n in range(count)
            ]
        )

    @classmethod
    def queue(cls, count=2, medium="contactless", **kwargs):
        """Return a queue of blank cards, as the supervisor sees it."""
        cards = cls.blank_cards(count).with_user(cls.supervisor)
        return cls.queues._make(cards, medium, name="Tests", **kwargs)

    # === A STATION === #

    def ok(self, answer):
        self.assertEqual(answer["status"], "ok", answer)
        return answer

    def refused(self, code, answer):
        self.assertEqual(answer["status"], code, answer)
        self.assertTrue(answer["message"])
        return answer

    def next(self, queue, writer=None, device=DEVICE):
        agent = (writer or self.writer).agent
        return self.ok(queue.encode_next(agent.id, device))["line"]

    def begin(self, queue, line, writer=None, device=DEVICE, **changes):
        writer = writer or self.writer
        return queue.encode_begin(
            writer.agent.id, device, line["id"], writer.reading(**changes)
        )

    def encode(self, queue, uid, writer=None, device=DEVICE):
        """Write the next number on a chip; return the confirming answer."""
        writer = (writer or self.writer).put(uid, queue.medium)
        line = self.next(queue, writer, device)
        begun = self.ok(self.begin(queue, line, writer, device))
        receipt = writer.carry_out(begun["order"])
        return self.ok(queue.encode_confirm(begun["line"]["id"], receipt))

    def line_of(self, line):
        found = self.env["member.card.encoding.line"].browse(line["id"])
        found.invalidate_recordset()
        return found

    def card_of(self, uid):
        """Return the card that is registered for a chip."""
        return self.cards._of_chip(self.cards._hash_uid(uid))

    def log(self, action):
        """Return the lines of this test with an action."""
        self.env.flush_all()
        return self.env["member.operator.log"].search(
            [("action", "=", action), ("id", ">", self.logged_before)]
        )
