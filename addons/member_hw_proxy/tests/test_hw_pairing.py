from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.member_card import secret

from .. import hw_crypto
from .common import ORIGIN, AgentPeer, HardwareCase

CODE = "K7QM-2XFD"


@tagged("post_install", "-at_install")
class TestHwPairing(HardwareCase):
    """A computer is trusted by a code that was typed, and until it is revoked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.as_manager = cls.agents.with_user(cls.manager)
        cls.other = AgentPeer("agent-OTHER")

    def begin(self, code=CODE, origin=ORIGIN, **given):
        begun = self.as_manager.pair_begin(code, origin, **given)
        self.assertEqual(begun["status"], "ok", begun)
        return begun

    # === PAIRING === #

    def test_a_computer_is_paired(self):
        begun = self.begin("k7qm 2xfd", url="http://localhost:8074")
        self.assertEqual(begun["url"], "http://localhost:8074/v1/pair")
        answer = self.other.pair(CODE, begun["body"])
        done = self.as_manager.pair_finish(begun["pairing"], answer)
        self.assertEqual(done["status"], "ok", done)
        agent = self.agents.browse(done["agent"])
        self.assertEqual(
            (agent.identifier, agent.origin, agent.url, agent.state, agent.company_id),
            ("agent-OTHER", ORIGIN, "http://localhost:8074", "paired", self.company),
        )
        self.assertEqual(agent.paired_by_id, self.manager)
        self.assertEqual(agent._secret(), self.other.secret)
        [line] = self.log("hw_pair", self.manager)[-1:]
        self.assertEqual((line.outcome, line.reference), ("done", "Foyer till"))

    def test_the_secret_is_stored_sealed_and_read_by_nobody(self):
        stored = self.agent.sudo().secret_sealed
        self.assertNotIn(hw_crypto.b64u(self.peer.secret), stored)
        self.assertEqual(
            hw_crypto.open_bytes(
                secret.key_for(self.env, "hw-agent"),
                f"{self.agent.identifier} {ORIGIN}".encode(),
                stored,
            ),
            self.peer.secret,
        )
        system = self.person("hw_system", "base.group_system")
        for user in (self.manager, system):
            for name in ("secret_sealed", "capability"):
                with self.subTest(user=user.login, field=name):
                    with self.assertRaises(AccessError):
                        self.agent.with_user(user).read([name])

    def test_paired_again_it_is_the_same_computer_with_a_new_secret(self):
        old, capability = self.peer.secret, self.peer.capability
        self.peer.capability = hw_crypto.b64u(bytes(16))
        self.addCleanup(setattr, self.peer, "capability", capability)
        self.addCleanup(setattr, self.peer, "secret", old)
        self.assertEqual(self.pair(self.peer), self.agent)
        self.assertNotEqual(self.agent._secret(), old)
        self.assertEqual(
            self.till.proxy_ip, f"http://localhost:8073/{hw_crypto.b64u(bytes(16))}"
        )

    def test_the_same_computer_from_another_address_is_another_one(self):
        """A test database beside the live one: each with a secret of its own."""
        elsewhere = AgentPeer(self.peer.identifier, "https://test.example.com")
        agent = self.pair(elsewhere)
        self.assertNotEqual(agent, self.agent)
        self.assertNotEqual(agent._secret(), self.agent._secret())

    # === WHAT IS REFUSED === #

    def test_a_code_that_is_none(self):
        for code in ("", "K7QM", "U7QM-2XFD", None, ["K7QM-2XFD"]):
            with self.subTest(code):
                answer = self.as_manager.pair_begin(code, ORIGIN)
                self.assertRefused("bad_code", answer)

    def test_an_address_that_is_not_this_computer(self):
        for url in ("http://evil.example.com:8073", "http://localhost", "", None):
            with self.subTest(url):
                answer = self.as_manager.pair_begin(CODE, ORIGIN, url)
                self.assertRefused("bad_request", answer)
        for origin in ("", "file://", "https://a/b", None):
            with self.subTest(origin):
                answer = self.as_manager.pair_begin(CODE, origin)
                self.assertRefused("bad_request", answer)
        with self.assertRaises(ValidationError):
            self.agent.with_user(self.manager).url = "http://10.0.0.7:8073"

    def test_an_answer_for_another_code(self):
        """Whoever answers without having printed the code is not trusted."""
        begun = self.begin()
        wrong = {**begun["body"]}
        key = hw_crypto.code_key("AB2DEF9H")
        wrong["proof"] = hw_crypto.request_proof(key, wrong["server_public"], ORIGIN)
        answer = self.other.pair("AB2D-EF9H", wrong)
        done = self.as_manager.pair_finish(begun["pairing"], answer)
        self.assertRefused("tampered", done)
        self.assertFalse(self.agents.search([("identifier", "=", "agent-OTHER")]))
        self.assertTrue(self.log("attempt", self.manager))

    def test_a_tampered_answer(self):
        mallory = hw_crypto.b64u(hw_crypto.public_key(hw_crypto.new_private_key()))
        changes = {
            "agent": "agent-MALLORY",
            "agent_public": mallory,
            "capability": "A" * 22,
            "proof": "A" * 43,
        }
        for name, value in changes.items():
            with self.subTest(name):
                begun = self.begin()
                answer = {**self.other.pair(CODE, begun["body"]), name: value}
                done = self.as_manager.pair_finish(begun["pairing"], answer)
                self.assertRefused("tampered", done)

    def test_an_answer_of_nonsense(self):
        good = self.other.pair(CODE, self.begin()["body"])
        for answer in (
            None,
            "ok",
            {},
            {**good, "agent": 7},
            {**good, "agent": "a b\nc"},
            {**good, "proof": None},
            {**good, "agent_public": "AA"},
        ):
            with self.subTest(answer):
                done = self.as_manager.pair_finish(self.begin()["pairing"], answer)
                self.assertRefused("tampered", done)

    def test_one_answer_for_one_request(self):
        begun = self.begin()
        answer = self.other.pair(CODE, begun["body"])
        wrong = {**answer, "proof": "A" * 43}
        self.assertRefused(
            "tampered", self.as_manager.pair_finish(begun["pairing"], wrong)
        )
        self.assertRefused(
            "expired", self.as_manager.pair_finish(begun["pairing"], answer)
        )

    def test_an_answer_that_comes_too_late_or_to_somebody_else(self):
        begun = self.begin()
        answer = self.other.pair(CODE, begun["body"])
        colleague = self.person("hw_other", "member_card.group_member_manager")
        self.assertRefused(
            "expired",
            self.agents.with_user(colleague).pair_finish(begun["pairing"], answer),
        )
        pairing = self.env["member.hw.pairing"].sudo().browse(begun["pairing"])
        self.env.cr.execute(
            "UPDATE member_hw_pairing SET create_date = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(minutes=11), pairing.id],
        )
        self.assertRefused("expired", self.as_manager.pair_finish(pairing.id, answer))
        self.assertRefused("expired", self.as_manager.pair_finish("1", answer))

    def test_without_the_right_nothing_is_paired(self):
        supervisor = self.person("hw_super", "member_card.group_member_supervisor")
        for user in (self.cashier, supervisor):
            agents = self.agents.with_user(user)
            self.assertRefused("forbidden", agents.pair_begin(CODE, ORIGIN))
            self.assertRefused("forbidden", agents.pair_finish(1, {}))
            with self.assertRaises(AccessError):
                agents.action_pair()
            with self.assertRaises(AccessError):
                agents.browse(self.agent.id).action_revoke()
            with self.assertRaises(AccessError):
                agents.browse(self.agent.id).name = "Mine"
        self.assertEqual(self.agent.state, "paired")

    def test_another_company_does_not_take_a_computer_over(self):
        company = self.env["res.company"].create({"name": "Other Theatre"})
        user = self.person("hw_else", "member_card.group_member_manager", company)
        agents = self.agents.with_user(user)
        begun = agents.pair_begin(CODE, ORIGIN)
        thief = AgentPeer(self.peer.identifier)
        done = agents.pair_finish(begun["pairing"], thief.pair(CODE, begun["body"]))
        self.assertRefused("other_company", done)
        self.assertEqual(self.agent._secret(), self.peer.secret)

    # === BY HAND === #

    def test_what_is_trusted_is_not_written_by_hand(self):
        mine = self.agent.with_user(self.manager)
        mine.write({"name": "Bar till", "store_id": False})
        self.assertEqual(self.agent.name, "Bar till")
        for name, value in {
            "state": "revoked",
            "identifier": "x",
            "origin": "https://evil.example.com",
            "secret_sealed": "x",
            "capability": "x",
            "last_seen": "2020-01-01 00:00:00",
        }.items():
            with self.subTest(name), self.assertRaises(AccessError):
                mine.write({name: value})
        with self.assertRaises(AccessError):
            self.as_manager.create({"name": "x", "identifier": "x", "origin": ORIGIN})

    # === REVOKING === #

    def test_revoked_it_is_trusted_no_more_at_once(self):
        reading = self.peer.reading(number="1")
        action = self.agent.with_user(self.manager).action_revoke()
        self.assertIn("unpair", action["params"]["message"])
        self.assertEqual(self.agent.state, "revoked")
        self.assertFalse(self.agent.sudo().secret_sealed)
        self.assertFalse(self.till.proxy_ip)
        for answer in (
            self.here.member_hw_connect(),
            self.here.member_hw_card(reading),
            self.here.member_hw_report(self.peer.report()),
            self.as_manager.connect(self.agent.id, ["events"]),
            self.as_manager.card(self.agent.id, reading),
            self.as_manager.report(self.agent.id, self.peer.report()),
        ):
            self.assertRefused("revoked", answer)
        self.assertEqual(len(self.log("hw_revoke", self.manager)), 1)

    def test_revoked_twice_is_logged_once_and_paired_again_works(self):
        mine = self.agent.with_user(self.manager)
        mine.action_revoke()
        mine.action_revoke()
        self.assertEqual(len(self.log("hw_revoke", self.manager)), 1)
        old = self.peer.secret
        self.addCleanup(setattr, self.peer, "secret", old)
        self.assertEqual(self.pair(self.peer), self.agent)
        self.assertEqual(self.here.member_hw_connect()["status"], "ok")
        self.assertTrue(self.till.proxy_ip)

    def test_a_computer_in_use_is_not_deleted(self):
        mine = self.agent.with_user(self.manager)
        with self.assertRaises(UserError):
            mine.unlink()
        mine.action_revoke()
        with self.assertRaises(UserError):
            mine.unlink()
        self.till.member_hw_agent_id = False
        mine.unlink()
        self.assertFalse(self.agent.exists())
