import time
from hashlib import sha256

from odoo import api, models
from odoo.http import request

from .. import hw_crypto
from ..refusals import HardwareRefusal, hw_verb
from .member_hw_agent import SETUP

ENCODE = "member_hw_proxy.group_member_card_encode"
CARD_PEOPLE = ("register", "card_issue", "read_ledger", ENCODE)
"""Rights of which one is enough to be told whose card it is: they see cards anyway."""
READERS = (*CARD_PEOPLE, SETUP)
"""Rights of which one is enough to have cards read in the backend, be it for a test."""
SCOPES = {
    "events": READERS,
    "card.read": READERS,
    "card.write": (ENCODE,),
    "print": (SETUP,),
    "display": (SETUP,),
    "setup": (SETUP,),
}
"""What a token may allow in the backend: one of these rights for each scope."""
TILL_SCOPES = ("events", "print", "display", "card.read")

PRESENT_S = 60
"""A token is presented to the agent within this time, once."""
LAST_S = 12 * 3600
"""What it grants lasts a working day at most …"""
WRITE_LAST_S = 15 * 60
"""… and to write cards, until the next few cards are done."""


class MemberHwAgent(models.Model):
    """Who may talk to a computer's devices, and with which tokens."""

    _inherit = "member.hw.agent"

    # === VERBS OF THE BACKEND === #

    @api.model
    @hw_verb
    def connect(self, agent_id, scopes, device=None):
        """Let this page of the user's talk to the computer that it runs on.

        :param agent_id: of a `member.hw.agent` that the user sees.
        :param scopes: list, see SCOPES; all are granted or none.
        :param device: the stable id of one device; None for all.
        :return: status, url, agent (id and name), token, until (seconds since 1970).
        """
        agent = self._of_user(agent_id)
        self._check_asked(scopes, device)
        for scope in scopes:
            self._require_scope(scope)
        return agent._pass(scopes, device)

    @api.model
    @hw_verb
    def card(self, agent_id, reading):
        """Tell whose card was put on a reader, to open the member in the backend.

        :param reading: as the agent sealed it.
        :return: status, partner_id, name, card_id, card_masked, number; of a card that
            is not issued yet "not_issued" with its number.
        """
        agent = self._of_user(agent_id)
        self._require_any(CARD_PEOPLE)
        return agent._card_read(reading, agent.company_id, self._card_to_open)

    @api.model
    @hw_verb
    def report(self, agent_id, report):
        """Take how the computer's devices are, as the agent sealed it."""
        agent = self._of_user(agent_id)
        self._require_scope("events")
        agent._take_report(report)
        return {"status": "ok"}

    @api.model
    @hw_verb
    def report_drawer(self, agent_id, device):
        """Log that the user opens a drawer without a sale; asked before it is opened.

        :param device: the stable id of the printer that it is connected to.
        """
        agent = self._of_user(agent_id)
        self._check_asked(["print"], device)
        self._require_scope("print")
        printer = self.env["member.hw.device"].search(
            [("agent_id", "=", agent.id), ("stable_id", "=", device)]
        )
        self.env["member.operator.log"]._log(
            "hw_drawer",
            store=agent.store_id,
            reference=f"{agent.name}: {printer.name}" if printer else agent.name,
        )
        return {"status": "ok"}

    # === RIGHTS === #

    @api.model
    def _of_user(self, agent_id):
        """Return the computer with this id, of the user's companies and stores.

        :raise AccessError: the user works here without seeing computers.
        :raise HardwareRefusal: no_agent.
        """
        agent = self.browse()
        if isinstance(agent_id, int):
            agent = self.search([("id", "=", agent_id)])
        if not agent:
            raise HardwareRefusal(
                "no_agent",
                self.env._(
                    "This computer is not paired with your company or your store. Pair "
                    "it under Configuration, Card Readers and Printers."
                ),
            )
        return agent

    @api.model
    def _check_asked(self, scopes, device):
        if (
            not isinstance(scopes, list)
            or not scopes
            or any(not isinstance(each, str) or each not in SCOPES for each in scopes)
            or not isinstance(device or "", str)
        ):
            raise HardwareRefusal(
                "bad_request",
                self.env._("The page asked for something unknown. Reload it."),
            )

    @api.model
    def _require_scope(self, scope):
        """Refuse who has none of the scope's rights.

        :raise AccessError: names the first of them.
        """
        self._require_any(SCOPES[scope])

    @api.model
    def _require_any(self, rights):
        if not any(self.env.user._member_may(right) for right in rights):
            self.env.user._member_require(rights[0])

    # === TOKENS === #

    def _pass(self, scopes, device=None):
        """Return the address and a token; the caller has checked the rights.

        :raise HardwareRefusal: revoked, wrong_origin.
        """
        self.ensure_one()
        secret = self._secret()
        # sudo: the address of a paired computer is for whoever may connect to it
        agent = self.sudo()
        agent._check_origin()
        now = int(time.time())
        until = now + (WRITE_LAST_S if "card.write" in scopes else LAST_S)
        token = hw_crypto.mint_token(
            secret,
            {
                "v": hw_crypto.VERSION,
                "aud": agent.identifier,
                "sub": self.env.uid,
                "sid": self._session_reference(),
                "dev": [device] if device else ["*"],
                "scp": sorted(set(scopes)),
                "org": agent.origin,
                "iat": now,
                "exp": now + PRESENT_S,
                "til": until,
                "jti": hw_crypto.new_jti(),
            },
        )
        return {
            "status": "ok",
            "url": agent.url,
            "agent": {"id": agent.id, "name": agent.name},
            "token": token,
            "until": until,
        }

    def _check_origin(self):
        """Tell who opened Odoo by another name why the computer would not answer."""
        origin = request and request.httprequest.headers.get("Origin")
        if origin and origin != self.origin:
            raise HardwareRefusal(
                "wrong_origin",
                self.env._(
                    "%(computer)s was paired with %(paired)s, and this page is from "
                    "%(origin)s. Open Odoo there, or pair the computer from here, too.",
                    computer=self.name,
                    paired=self.origin,
                    origin=origin,
                ),
            )

    @api.model
    def _session_reference(self):
        """Return what tells sessions apart and opens none."""
        if not request:
            return "none"
        return sha256(request.session.sid.encode()).hexdigest()[:16]
