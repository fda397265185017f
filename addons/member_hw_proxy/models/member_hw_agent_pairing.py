import re
from datetime import timedelta

from odoo import api, fields, models

from .. import hw_crypto
from ..refusals import HardwareRefusal, hw_verb
from .member_hw_agent import DEFAULT_URL, SETUP, URL

VALID_FOR = timedelta(minutes=10)
ORIGIN = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]{1,200}")
IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,64}")
CAPABILITY = re.compile(r"[A-Za-z0-9_-]{22}")


class MemberHwAgent(models.Model):
    """How a computer comes to be trusted: by a code that it printed.

    The browser carries a request to the agent on its own computer and the answer back.
    Both are proved with the code, so that nothing in between can answer instead; the
    secret is agreed upon by the two ends and never travels.
    """

    _inherit = "member.hw.agent"

    @api.model
    @hw_verb
    def pair_begin(self, code, origin, url=DEFAULT_URL):
        """Prepare what the browser sends to the agent.

        :param code: as `member-hw-agent pair` printed it.
        :param origin: of this page; the agent compares it with who asks.
        :param url: where the agent listens.
        :return: status, pairing (an id), url and body of the request.
        """
        self.env.user._member_require(SETUP)
        try:
            code = hw_crypto.clean_code(code)
        except hw_crypto.WireError as error:
            raise HardwareRefusal(
                "bad_code",
                self.env._(
                    "The code has eight letters and digits, such as K7QM-2XFD. Read it "
                    "again where the agent shows it."
                ),
            ) from error
        if not URL.fullmatch(str(url)):
            raise HardwareRefusal(
                "bad_request",
                self.env._(
                    "The agent listens on its own computer only: write its address "
                    "like %(url)s.",
                    url=DEFAULT_URL,
                ),
            )
        if not ORIGIN.fullmatch(str(origin)):
            raise HardwareRefusal(
                "bad_request", self.env._("This page has no address. Reload it.")
            )
        private = hw_crypto.new_private_key()
        public = hw_crypto.b64u(hw_crypto.public_key(private))
        # sudo: nobody reads or writes the server's half
        pairing = (
            self.env["member.hw.pairing"]
            .sudo()
            .create(
                {
                    "code": code,
                    "private_key": hw_crypto.b64u(private),
                    "origin": origin,
                    "url": url,
                    "company_id": self.env.company.id,
                }
            )
        )
        proof = hw_crypto.request_proof(hw_crypto.code_key(code), public, origin)
        return {
            "status": "ok",
            "pairing": pairing.id,
            "url": f"{url}/v1/pair",
            "body": {
                "server_public": public,
                "origin": origin,
                "name": f"{self.env.cr.dbname} / {self.env.company.name}"[:128],
                "proof": proof,
            },
        }

    @api.model
    @hw_verb
    def pair_finish(self, pairing_id, answer):
        """Trust the computer whose agent gave this answer to the request.

        One answer for each request: a wrong one needs a new code.

        :param pairing_id: of `pair_begin`.
        :param answer: agent, name, version, agent_public, capability, proof.
        :return: status, agent (the record's id), name.
        """
        self.env.user._member_require(SETUP)
        # sudo: as above
        pairing = self.env["member.hw.pairing"].sudo()
        if isinstance(pairing_id, int):
            pairing = pairing.search(
                [
                    ("id", "=", pairing_id),
                    ("create_uid", "=", self.env.uid),
                    ("create_date", ">", fields.Datetime.now() - VALID_FOR),
                ]
            )
        if not pairing:
            raise HardwareRefusal(
                "expired",
                self.env._(
                    "This took longer than ten minutes. Let the agent show a new code."
                ),
            )
        try:
            checked = self._check_answer(pairing, answer)
            agent = self._trust(checked, pairing)
        except hw_crypto.WireError as error:
            refusal = self._tampered()
            self._log_forged(refusal)
            raise refusal from error
        finally:
            pairing.unlink()
        return {"status": "ok", "agent": agent.id, "name": agent.sudo().name}

    @api.model
    def _check_answer(self, pairing, answer):
        """Return the agent's answer with the secret agreed upon.

        :raise WireError: it is not of the agent that printed the code, or was changed.
        """
        if not isinstance(answer, dict):
            raise hw_crypto.WireError
        given = {
            name: answer.get(name)
            for name in ("agent", "name", "version", "capability", "agent_public")
        }
        if any(not isinstance(value, str) for value in given.values()):
            raise hw_crypto.WireError
        if not IDENTIFIER.fullmatch(given["agent"]) or not CAPABILITY.fullmatch(
            given["capability"]
        ):
            raise hw_crypto.WireError
        private = hw_crypto.unb64u(pairing.private_key)
        agent_public = hw_crypto.unb64u(given["agent_public"], hw_crypto.KEY_BYTES)
        key = hw_crypto.code_key(pairing.code)
        proof = hw_crypto.answer_proof(
            key,
            hw_crypto.b64u(hw_crypto.public_key(private)),
            given["agent_public"],
            given["agent"],
            given["capability"],
            pairing.origin,
        )
        if not hw_crypto.is_same(proof, answer.get("proof")):
            raise hw_crypto.WireError
        return {
            "agent": given["agent"],
            # neither is proved: they are shown, nothing more
            "name": given["name"].strip()[:64] or given["agent"],
            "version": given["version"][:32],
            "capability": given["capability"],
            "secret": hw_crypto.pairing_secret(
                key, private, agent_public, given["agent"], pairing.origin
            ),
        }

    @api.model
    def _tampered(self):
        return HardwareRefusal(
            "tampered",
            self.env._(
                "The answer does not fit the code: either the code was for another "
                "attempt, or something on this computer answers instead of the agent. "
                "Let the agent show a new code; if it happens again, call IT."
            ),
        )
