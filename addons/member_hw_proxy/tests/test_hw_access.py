import json
import time

from odoo.tests import new_test_user, tagged

from .. import hw_crypto
from .common import ORIGIN, AgentPeer, HardwareCase, device

SUPERVISOR = "member_card.group_member_supervisor"
SETUP = "base.group_user,member_hw_proxy.group_member_hw_setup"
ENCODE = "base.group_user,member_hw_proxy.group_member_card_encode"
ISSUE = "base.group_user,member_card.group_member_card_issue"


@tagged("post_install", "-at_install")
class TestHwAccess(HardwareCase):
    """Tokens: for whom, for what, for how long."""

    def token(self, answer):
        """Return the payload of a token that our agent would accept."""
        self.assertEqual(answer["status"], "ok", answer)
        payload = json.loads(hw_crypto.unb64u(answer["token"].split(".")[0]))
        self.assertEqual(
            hw_crypto.mint_token(self.peer.secret, payload), answer["token"]
        )
        return payload

    # === THE TILL === #

    def test_a_cashier_gets_the_till_of_its_own_computer(self):
        before = int(time.time())
        answer = self.here.member_hw_connect()
        payload = self.token(answer)
        self.assertEqual(
            (answer["url"], answer["agent"]),
            (
                "http://localhost:8073",
                {"id": self.agent.id, "name": self.agent.name},
            ),
        )
        self.assertEqual(
            {name: payload[name] for name in ("v", "aud", "sub", "dev", "scp", "org")},
            {
                "v": 1,
                "aud": self.peer.identifier,
                "sub": self.cashier.id,
                "dev": ["*"],
                "scp": ["card.read", "display", "events", "print"],
                "org": ORIGIN,
            },
        )
        self.assertTrue(payload["sid"])
        self.assertGreaterEqual(payload["iat"], before)
        self.assertEqual(payload["exp"] - payload["iat"], 60)
        self.assertEqual(payload["til"] - payload["iat"], 12 * 3600)
        self.assertEqual(answer["until"], payload["til"])

    def test_no_token_comes_twice(self):
        first, second = (self.here.member_hw_connect() for _each in range(2))
        self.assertNotEqual(self.token(first)["jti"], self.token(second)["jti"])

    def test_the_till_hears_which_devices_were_chosen(self):
        self.assertEqual(
            self.here.member_hw_connect()["devices"],
            {"printer": False, "display": False},
        )
        self.here.member_hw_report(
            self.peer.report(device("receipt", "printer"), device("pole", "display"))
        )
        printer, pole = (
            self.agent.device_ids.filtered(lambda each, id=id: each.stable_id == id)
            for id in ("receipt", "pole")
        )
        self.till.write(
            {"member_hw_printer_id": printer.id, "member_hw_display_id": pole.id}
        )
        self.assertEqual(
            self.here.member_hw_connect()["devices"],
            {"printer": "receipt", "display": "pole"},
        )

    def test_who_is_no_cashier_gets_nothing(self):
        clerk = new_test_user(self.env, "hw_clerk", groups="base.group_user")
        there = self.till.with_user(clerk)
        for answer in (
            there.member_hw_connect(),
            there.member_hw_card("x"),
            there.member_hw_report("x"),
        ):
            self.assertRefused("forbidden", answer)

    def test_a_till_without_a_computer_says_where_to_choose_one(self):
        self.till.member_hw_agent_id = False
        self.assertRefused("no_agent", self.here.member_hw_connect())
        self.assertFalse(self.log("attempt", self.cashier))

    # === THE BACKEND === #

    def test_scopes_are_given_by_right(self):
        may = {
            ISSUE: {"events", "card.read"},
            ENCODE: {"events", "card.read", "card.write"},
            SETUP: {"events", "card.read", "print", "display", "setup"},
            SUPERVISOR: {"events", "card.read", "card.write"},
            "base.group_user": set(),
        }
        for number, (groups, scopes) in enumerate(may.items()):
            agents = self.agents.with_user(self.person(f"hw_scope_{number}", groups))
            for scope in (
                "events",
                "card.read",
                "card.write",
                "print",
                "display",
                "setup",
            ):
                with self.subTest(groups=groups, scope=scope):
                    answer = agents.connect(self.agent.id, [scope])
                    if scope in scopes:
                        self.assertEqual(self.token(answer)["scp"], [scope])
                    else:
                        self.assertRefused("forbidden", answer)
                        self.assertNotIn("token", answer)

    def test_all_scopes_or_none(self):
        agents = self.agents.with_user(self.person("hw_issue", ISSUE))
        answer = agents.connect(self.agent.id, ["events", "card.write"])
        self.assertRefused("forbidden", answer)
        for scopes in ([], "events", ["admin"], None, [["events"]], [7]):
            with self.subTest(scopes):
                answer = agents.connect(self.agent.id, scopes)
                self.assertRefused("bad_request", answer)

    def test_to_write_cards_is_granted_for_a_quarter_of_an_hour(self):
        agents = self.agents.with_user(self.person("hw_encode", ENCODE))
        payload = self.token(
            agents.connect(self.agent.id, ["events", "card.write"], "reader")
        )
        self.assertEqual(payload["til"] - payload["iat"], 15 * 60)
        self.assertEqual(payload["dev"], ["reader"])

    def test_a_drawer_that_is_tested_is_logged(self):
        user = self.person("hw_drawer", SETUP)
        agents = self.agents.with_user(user)
        answer = agents.report_drawer(self.agent.id, "receipt")
        self.assertEqual(answer, {"status": "ok"})
        line = self.log("hw_drawer")
        self.assertEqual((line.user_id, line.reference), (user, self.agent.name))
        answer = agents.report_drawer(self.agent.id, {"id": "receipt"})
        self.assertRefused("bad_request", answer)
        encoder = self.agents.with_user(self.person("hw_encode", ENCODE))
        answer = encoder.report_drawer(self.agent.id, "receipt")
        self.assertRefused("forbidden", answer)
        self.assertEqual(self.log("hw_drawer"), line)

    def test_a_portal_user_gets_nothing(self):
        portal = new_test_user(self.env, "hw_portal", groups="base.group_portal")
        agents = self.agents.with_user(portal)
        for answer in (
            agents.connect(self.agent.id, ["events"]),
            agents.card(self.agent.id, "x"),
            agents.report(self.agent.id, "x"),
            agents.pair_begin("K7QM-2XFD", ORIGIN),
        ):
            self.assertRefused("forbidden", answer)

    # === COMPANY AND STORE === #

    def test_another_company_does_not_see_the_computer(self):
        company = self.env["res.company"].create({"name": "Other Theatre"})
        user = self.person("hw_elsewhere", SETUP, company)
        agents = self.agents.with_user(user)
        for answer in (
            agents.connect(self.agent.id, ["events"]),
            agents.card(self.agent.id, self.peer.reading(number="1")),
            agents.report(self.agent.id, self.peer.report()),
            agents.connect("1", ["events"]),
            agents.connect(0, ["events"]),
        ):
            self.assertRefused("no_agent", answer)

    def test_an_operator_of_another_store_does_not_see_the_computer(self):
        stores = self.env["member.store"]
        bar, foyer = (
            stores.create({"name": name, "code": name, "company_id": self.company.id})
            for name in ("Bar", "Foyer")
        )
        user = self.person("hw_bar", ISSUE)
        user.member_store_ids = bar
        agents = self.agents.with_user(user)
        self.agent.store_id = foyer
        self.assertRefused("no_agent", agents.connect(self.agent.id, ["events"]))
        self.agent.store_id = bar
        self.assertEqual(agents.connect(self.agent.id, ["events"])["status"], "ok")

    def test_a_branch_uses_the_computers_of_its_head_office(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        user = self.person("hw_branch", ISSUE, branch)
        agents = self.agents.with_user(user)
        self.assertEqual(agents.connect(self.agent.id, ["events"])["status"], "ok")

    def test_a_reading_of_one_computer_is_not_good_at_another(self):
        other = AgentPeer("agent-OTHER")
        self.pair(other)
        answer = self.here.member_hw_card(other.reading(uid="04A1B2C3D4E5F6"))
        self.assertRefused("forged", answer)
