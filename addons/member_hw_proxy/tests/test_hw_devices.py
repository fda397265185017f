import json
import time
from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common import AgentPeer, HardwareCase, device

SETUP = "base.group_user,member_hw_proxy.group_member_hw_setup"


@tagged("post_install", "-at_install")
class TestHwDevices(HardwareCase):
    """B2: terminals by store, their computer and its devices, as told last."""

    def report(self, *devices, **body):
        answer = self.here.member_hw_report(self.peer.report(*devices, **body))
        self.env.flush_all()
        return answer

    def known(self, stable_id):
        return (
            self.env["member.hw.device"]
            .with_context(active_test=False)
            .search([("agent_id", "=", self.agent.id), ("stable_id", "=", stable_id)])
        )

    # === REPORTS === #

    def test_devices_come_with_a_report(self):
        self.assertEqual(
            self.report(
                device("reader", name="ACR122U"),
                device(
                    "receipt",
                    "printer",
                    "error",
                    code="paper_out",
                    message="Put in a new roll.",
                ),
                version="19.0.2.0.0",
            ),
            {"status": "ok"},
        )
        reader, printer = self.known("reader"), self.known("receipt")
        self.assertEqual(
            (reader.name, reader.kind, reader.state, reader.code),
            ("ACR122U", "reader", "connected", False),
        )
        self.assertEqual(
            (printer.kind, printer.state, printer.code, printer.message),
            ("printer", "error", "paper_out", "Put in a new roll."),
        )
        self.assertTrue(reader.last_seen)
        self.assertFalse(printer.last_seen)
        self.assertEqual(self.agent.version, "19.0.2.0.0")
        self.assertTrue(self.agent.last_seen)

    def test_what_changed_is_kept_and_what_is_gone_is_archived(self):
        self.report(device("reader"), device("receipt", "printer"))
        reader, printer = self.known("reader"), self.known("receipt")
        self.report(device("receipt", "printer", "disconnected"))
        self.assertFalse(reader.active)
        self.assertEqual((printer.state, printer.active), ("disconnected", True))
        self.report(device("reader"), device("receipt", "printer"))
        self.assertTrue(reader.active)
        self.assertEqual((reader.state, printer.state), ("connected", "connected"))

    def test_an_older_report_changes_nothing(self):
        """Two open pages hand in the same computer's reports, in any order."""
        older = self.peer.report(device("reader", state="disconnected"), age=5)
        self.report(device("reader"))
        self.assertEqual(self.here.member_hw_report(older)["status"], "ok")
        self.assertEqual(self.known("reader").state, "connected")

    def test_of_one_second_s_reports_the_newest_counts(self):
        now = int(time.time())
        newer, older = (
            self.peer.report(
                device("reader", message=str(ms)), iat=now, at_ms=now * 1000 + ms
            )
            for ms in (700, 300)
        )
        for sealed in (newer, older):
            self.assertEqual(self.here.member_hw_report(sealed)["status"], "ok")
        self.assertEqual(self.known("reader").message, "700")

    def test_a_device_that_is_there_was_seen_with_its_computer(self):
        self.report(device("reader"), device("receipt", "printer"))
        reader, printer = self.known("reader"), self.known("receipt")
        self.report(device("reader", state="disconnected"))
        left = reader.last_seen
        self.assertTrue(left)
        self.assertEqual(printer.last_seen, left)
        self.env.cr.execute(
            "UPDATE member_hw_agent SET last_seen = last_seen + interval '1 hour'"
        )
        self.env.cr.execute(
            "UPDATE member_hw_device SET left_at = left_at - interval '1 hour'"
            " WHERE id = %s",
            [reader.id],
        )
        self.env.invalidate_all()
        self.report(device("reader", state="error"))
        self.assertLess(reader.last_seen, left)
        self.report(device("reader"))
        self.assertEqual(reader.last_seen, self.agent.last_seen)

    def test_what_comes_from_before_a_new_pairing_is_not_kept(self):
        """Opened with the old secret, and meanwhile somebody paired or revoked it."""
        report = self.peer.report(device("reader"))
        body = self.agent._open("report", report)
        for change in (
            "state = 'revoked', secret_sealed = NULL",
            "secret_sealed = 'x'",
        ):
            with self.subTest(change):
                secret = self.agent.sudo().secret_sealed
                self.env.cr.execute(f"UPDATE member_hw_agent SET {change}")
                self.assertFalse(self.agent._keep_report(self.env.cr, body))
                self.env.cr.execute(
                    "UPDATE member_hw_agent SET state = 'paired', secret_sealed = %s",
                    [secret],
                )
        self.assertTrue(self.agent._keep_report(self.env.cr, body))

    def test_a_forged_report_is_refused_and_logged(self):
        stranger = AgentPeer(self.peer.identifier)
        stranger.secret = bytes(32)
        for sealed in (
            stranger.report(device()),
            self.peer.reading(number="1"),
            self.peer.seal("report", devices="x"),
            self.peer.report({"id": "x"}),
            self.peer.report(device(state="wonderful")),
            self.peer.report(device(state=["connected"])),
            self.peer.report(device(7)),
            self.peer.report(*(device(str(each)) for each in range(65))),
            "x",
            None,
        ):
            with self.subTest(sealed):
                answer = self.here.member_hw_report(sealed)
                self.assertRefused("forged", answer)
        self.assertRefused(
            "stale", self.here.member_hw_report(self.peer.report(age=120))
        )
        self.assertFalse(self.agent.device_ids)
        self.assertEqual(len(self.log("attempt", self.cashier)), 2)

    def test_a_long_report_is_cut_to_what_fits(self):
        self.report(device("r" * 500, name="n" * 500, message="m" * 5000, kind="fax"))
        found = self.agent.device_ids
        self.assertEqual(
            (len(found.stable_id), len(found.name), len(found.message), found.kind),
            (128, 128, 256, "other"),
        )

    def test_nobody_writes_a_device_by_hand(self):
        self.report(device("reader"))
        found = self.known("reader").with_user(self.manager)
        with self.assertRaises(AccessError):
            found.state = "error"
        with self.assertRaises(AccessError):
            found.unlink()

    def test_the_backend_reports_too(self):
        agents = self.agents.with_user(self.person("hw_report", SETUP))
        answer = agents.report(self.agent.id, self.peer.report(device("reader")))
        self.assertEqual(answer, {"status": "ok"})
        self.assertTrue(self.known("reader"))

    # === A TILL'S COMPUTER === #

    def test_the_proxy_address_follows_the_computer(self):
        url = f"http://localhost:8073/{self.peer.capability}"
        self.assertLessEqual(len(url), 45)
        self.assertEqual(self.till.proxy_ip, url)
        self.till.proxy_ip = "192.168.1.7"
        self.assertEqual(self.till.proxy_ip, url)
        self.agent.url = "http://localhost:18073"
        self.assertEqual(
            self.till.proxy_ip, f"http://localhost:18073/{self.peer.capability}"
        )
        self.till.member_hw_agent_id = False
        self.assertFalse(self.till.proxy_ip)
        self.till.proxy_ip = "192.168.1.7"
        self.assertEqual(self.till.proxy_ip, "192.168.1.7")

    def test_a_copy_of_a_till_has_no_computer(self):
        self.assertTrue(self.till.proxy_ip)
        copy = self.till.copy({"name": "Second"})
        self.assertFalse(copy.member_hw_agent_id)
        self.assertFalse(copy.proxy_ip)

    def test_the_display_of_the_browser_asks_no_computer(self):
        """Core polls localhost:8069 as soon as a till has a proxy."""
        self.assertFalse(self.till._get_display_device_ip())
        self.till.write({"member_hw_agent_id": False, "proxy_ip": "192.168.1.7"})
        self.assertEqual(self.till._get_display_device_ip(), "192.168.1.7")

    def test_devices_are_of_the_till_s_own_computer_and_kind(self):
        self.report(device("reader"), device("receipt", "printer"))
        printer = self.known("receipt")
        with self.assertRaises(ValidationError):
            self.till.member_hw_printer_id = self.known("reader")
        self.till.member_hw_printer_id = printer
        other = self.pair(AgentPeer("agent-OTHER"))
        self.till.member_hw_agent_id = other
        self.assertFalse(self.till.member_hw_printer_id)
        with self.assertRaises(ValidationError):
            self.till.member_hw_printer_id = printer

    def test_the_settings_let_go_of_another_computer_s_devices(self):
        self.report(device("receipt", "printer"))
        self.till.member_hw_printer_id = self.known("receipt")
        settings = self.env["res.config.settings"].new({"pos_config_id": self.till.id})
        self.assertEqual(settings.pos_member_hw_agent_id._origin, self.agent)
        self.assertTrue(settings.pos_member_hw_printer_id)
        settings.pos_member_hw_agent_id = self.pair(AgentPeer("agent-OTHER"))
        settings._onchange_pos_member_hw_agent_id()
        self.assertFalse(settings.pos_member_hw_printer_id)

    def news(self):
        """Run what a commit sends; return what open pages have heard since."""
        self.env.cr.precommit.run()
        heard = self.env["bus.bus"].sudo().search([], order="id")
        messages = [json.loads(each.message) for each in heard]
        heard.unlink()
        told = [
            ("till" if each["type"].endswith("MEMBER_HW_CHANGED") else each["type"])
            for each in messages
            if "hw_changed" in each["type"].lower()
        ]
        agents = [each["payload"].get("agent_id") for each in messages]
        return told, agents[:1]

    def test_an_open_till_hears_of_its_computer_and_devices(self):
        self.report(device("receipt", "printer"))
        self.news()
        self.till.member_hw_printer_id = self.known("receipt")
        self.assertEqual(self.news(), (["till"], [self.agent.id]))
        self.till.member_hw_agent_id = False
        self.assertEqual(self.news(), (["till"], [False]))
        self.till.member_hw_agent_id = self.agent
        self.assertEqual(self.news(), (["till"], [self.agent.id]))
        # what is as it was is no news
        self.till.write({"member_hw_agent_id": self.agent.id})
        self.report(device("receipt", "printer", code="paper_low"))
        self.assertEqual(self.news(), ([], []))

    def test_open_pages_hear_that_a_computer_was_revoked(self):
        self.news()
        self.agent.with_user(self.manager).name = "Foyer"
        self.assertEqual(self.news(), ([], []))
        self.agent.with_user(self.manager).action_revoke()
        self.assertEqual(self.news()[0], ["till", "member_hw_changed"])

    def test_a_till_uses_no_computer_of_another_company(self):
        company = self.env["res.company"].create({"name": "Other Theatre"})
        with self.assertRaises(ValidationError):
            self.agent.sudo().company_id = company
        self.till.member_hw_agent_id = False
        self.agent.sudo().company_id = company
        with self.assertRaises(ValidationError):
            self.till.member_hw_agent_id = self.agent

    # === CHOOSING === #

    def test_who_sets_up_readers_chooses_a_till_s_computer(self):
        """The right alone is enough; a till's other settings stay closed."""
        self.report(device("receipt", "printer"), device("pole", "display"))
        self.till.member_hw_agent_id = False
        user = self.person("hw_setup", SETUP)
        terminals = self.env["member.hw.terminal"].with_user(user)
        action = terminals.browse(self.till.id).action_set_up()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
        )
        self.assertEqual(wizard.config_id, self.till)
        self.assertFalse(wizard.agent_id)
        wizard.agent_id = self.agent
        wizard.printer_id = self.known("receipt")
        wizard.display_id = self.known("pole")
        wizard.save().action_save()
        self.assertEqual(
            (
                self.till.member_hw_agent_id,
                self.till.member_hw_printer_id.stable_id,
                self.till.member_hw_display_id.stable_id,
            ),
            (self.agent, "receipt", "pole"),
        )
        log = self.log("hw_assign")
        self.assertEqual((log[-1].user_id, log[-1].pos_config_id), (user, self.till))
        self.assertEqual(log[-1].reference, f"– → {self.agent.name}")
        self.till.member_hw_printer_id = False
        self.assertEqual(self.log("hw_assign"), log)
        with self.assertRaises(AccessError):
            self.till.with_user(user).name = "Mine"

    def test_the_wizard_begins_with_what_the_till_has(self):
        self.report(device("receipt", "printer"))
        self.till.member_hw_printer_id = self.known("receipt")
        wizard = Form(
            self.env["member.hw.assign"]
            .with_user(self.manager)
            .with_context(default_config_id=self.till.id)
        )
        self.assertEqual(
            (wizard.agent_id, wizard.printer_id), (self.agent, self.known("receipt"))
        )

    def test_a_till_of_another_store_is_left_alone(self):
        """The wizard writes in sudo mode: whose till it is, is asked before."""
        bar, foyer = (
            self.env["member.store"].create(
                {"name": name, "code": name, "company_id": self.company.id}
            )
            for name in ("Bar", "Foyer")
        )
        user = self.person("hw_bar", SETUP)
        user.member_store_ids = bar
        self.till.member_store_id = foyer
        wizard = (
            self.env["member.hw.assign"]
            .with_user(user)
            .create({"config_id": self.till.id, "agent_id": False})
        )
        with self.assertRaises(AccessError):
            wizard.action_save()
        self.assertEqual(self.till.member_hw_agent_id, self.agent)
        self.till.member_store_id = bar
        self.env.flush_all()
        self.env.invalidate_all()
        wizard.action_save()
        self.assertFalse(self.till.member_hw_agent_id)

    # === TERMINALS === #

    def test_terminals_say_how_each_till_is(self):
        terminal = (
            self.env["member.hw.terminal"].with_user(self.manager).browse(self.till.id)
        )

        def state():
            self.env.flush_all()
            self.env.invalidate_all()
            return terminal.state, bool(terminal.trouble)

        self.agent.sudo().last_seen = False
        self.assertEqual(state(), ("unknown", False))
        self.report(device("reader"), device("receipt", "printer"))
        self.assertEqual(state(), ("ready", False))
        self.report(device("reader"), device("receipt", "printer", code="paper_low"))
        self.assertEqual(state(), ("trouble", True))
        self.assertRegex(terminal.trouble, "^.+: Paper Low.$")
        self.report(device("reader", state="disconnected"))
        self.assertEqual(state(), ("trouble", True))
        self.agent.sudo().last_seen -= timedelta(minutes=20)
        self.assertEqual(state(), ("trouble", True))
        self.agent.sudo().last_seen -= timedelta(minutes=10)
        self.assertEqual(state(), ("quiet", False))
        self.assertEqual(terminal.device_ids.mapped("color"), [0])
        self.report(device("reader"))
        self.assertEqual(state(), ("ready", False))
        self.assertEqual(terminal.device_ids.mapped("color"), [10])
        self.agent.with_user(self.manager).action_revoke()
        self.assertEqual(state()[0], "revoked")
        self.till.member_hw_agent_id = False
        self.assertEqual(state(), ("none", False))

    def test_terminals_are_grouped_by_store(self):
        store = self.env["member.store"].create(
            {"name": "Foyer", "code": "F", "company_id": self.company.id}
        )
        self.till.member_store_id = store
        self.env.flush_all()
        groups = dict(
            self.env["member.hw.terminal"]
            .with_user(self.manager)
            ._read_group([("id", "=", self.till.id)], ["store_id"], ["__count"])
        )
        self.assertEqual(groups, {store: 1})

    def test_who_reads_reports_opens_a_terminal_without_the_right_to_tills(self):
        user = self.person("hw_books", "member_card.group_member_accountant")
        self.assertFalse(self.till.with_user(user).has_access("read"))
        terminals = self.env["member.hw.terminal"].with_user(user)
        action = terminals.browse(self.till.id).action_open()
        agents = self.env[action["res_model"]].with_user(user)
        form = Form(agents.browse(action["res_id"]))
        self.assertEqual(form.name, self.agent.name)

    def test_the_test_button_needs_the_right(self):
        self.report(device("reader"))
        action = self.known("reader").with_user(self.manager).action_test()
        self.assertEqual(
            (action["tag"], action["params"]["device"]), ("member_hw_test", "reader")
        )
        with self.assertRaises(AccessError):
            self.known("reader").with_user(self.cashier).action_test()
