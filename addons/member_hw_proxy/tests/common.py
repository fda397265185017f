"""What the tests of this add-on share: a paired computer, and the agent on it."""

import os
import time

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.member_card.tests.common_books import BooksCase

from .. import hw_crypto

ORIGIN = "https://pos.example.com"
UID = "04A1B2C3D4E5F6"
NUMBER = "8800000000000039"


class AgentPeer:
    """The other end of the wire: what an agent makes, with its half of the secret.

    hw_crypto is held to the vectors that the real agent runs, so what it seals here is
    what the agent would.
    """

    def __init__(self, identifier="agent-7Q2M", origin=ORIGIN):
        self.identifier = identifier
        self.origin = origin
        self.capability = hw_crypto.b64u(os.urandom(16))
        self.secret = None

    def pair(self, code, request):
        """Answer a request as `/v1/pair` does; the browser would carry both."""
        key = hw_crypto.code_key(hw_crypto.clean_code(code))
        server_public, origin = request["server_public"], request["origin"]
        expected = hw_crypto.request_proof(key, server_public, origin)
        assert request["proof"] == expected, "another code"
        private = hw_crypto.new_private_key()
        public = hw_crypto.b64u(hw_crypto.public_key(private))
        self.secret = hw_crypto.pairing_secret(
            key, private, hw_crypto.unb64u(server_public), self.identifier, origin
        )
        proof = hw_crypto.answer_proof(
            key, server_public, public, self.identifier, self.capability, origin
        )
        return {
            "agent": self.identifier,
            "name": "Foyer till",
            "version": "19.0.1.0.0",
            "agent_public": public,
            "capability": self.capability,
            "proof": proof,
        }

    def seal(self, purpose, age=0, **body):
        """Seal a body that is `age` seconds old."""
        stamped = {
            "iat": int(time.time() - age),
            "jti": hw_crypto.new_jti(),
            **body,
        }
        return hw_crypto.seal(self.secret, purpose, self.identifier, stamped)

    def reading(self, uid=None, number=None, **body):
        return self.seal(
            "reading",
            **{
                "uid": uid,
                "number": number,
                "medium": "contactless" if uid else "magnetic",
                "type": "ntag" if uid else "magnetic",
                "device": "reader",
                **body,
            },
        )

    def report(self, *devices, **body):
        return self.seal(
            "report",
            **{
                "agent": self.identifier,
                "name": "Foyer till",
                "version": "19.0.1.0.0",
                "devices": list(devices),
                **body,
            },
        )


def device(stable_id="reader", kind="reader", state="connected", **told):
    """Return a device as an agent reports it."""
    return {
        "id": stable_id,
        "kind": kind,
        "driver": f"simulator.{kind}",
        "name": f"A {kind}",
        "state": state,
        "code": "",
        "message": "",
        **told,
    }


class HardwareCase(BooksCase):
    """A till whose computer is paired, a cashier, and who sets computers up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agents = cls.env["member.hw.agent"]
        cls.manager = cls.person("hw_manager", "member_card.group_member_manager")
        cls.peer = AgentPeer()
        cls.agent = cls.pair(cls.peer)
        cls.till.member_hw_agent_id = cls.agent
        cls.here = cls.till.with_user(cls.cashier)

    @classmethod
    def person(cls, login, groups, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups=groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    @classmethod
    def pair(cls, peer, user=None, code="AB2D-EF9H"):
        """Pair as the page does; return the computer's record."""
        agents = cls.agents.with_user(user or cls.manager)
        begun = agents.pair_begin(code, peer.origin)
        assert begun["status"] == "ok", begun
        done = agents.pair_finish(begun["pairing"], peer.pair(code, begun["body"]))
        assert done["status"] == "ok", done
        return cls.agents.browse(done["agent"])

    @classmethod
    def card(cls, partner=None, number=NUMBER, uid=None, state="issued", company=None):
        """Return a card as issuing, or encoding, leaves it."""
        cards = cls.env["member.card"].sudo()
        return cards.create(
            {
                "number": number,
                "company_id": (company or cls.company).id,
                "partner_id": partner.id if partner else False,
                "state": state,
                "medium": "contactless" if uid else "magnetic",
                "uid_hash": cards._hash_uid(uid) if uid else False,
            }
        )

    def log(self, action="attempt", user=None):
        domain = [("action", "=", action)]
        if user:
            domain.append(("user_id", "=", user.id))
        return self.env["member.operator.log"].search(domain, order="id")

    def assertRefused(self, code, answer):
        """The verb answered with this code and says what to do, in a sentence."""
        self.assertEqual(answer["status"], code, answer)
        self.assertRegex(answer["message"], r"\w.*[.?]$")
