from odoo import models

from odoo.addons.member_card.till import till_verb

from ..refusals import HardwareRefusal
from .member_hw_agent_access import TILL_SCOPES


class PosConfig(models.Model):
    """The till's verbs for the devices of its own computer."""

    _inherit = "pos.config"

    @till_verb
    def member_hw_connect(self):
        """Let the till's page talk to the till's computer.

        :return: status, url, agent (id and name), token, until (seconds since 1970),
            `proxy_url`, the secret address of Odoo's own routes, and `devices`: the
            stable ids of printer and display that were chosen for the till, False for
            the first that the computer has.
        """
        agent = self._member_hw_agent()
        # sudo: a cashier need not see the till's computer to use it
        till = self.sudo()
        return {
            **agent._pass(list(TILL_SCOPES)),
            "proxy_url": till.proxy_ip or "",
            "devices": {
                "printer": till.member_hw_printer_id.stable_id,
                "display": till.member_hw_display_id.stable_id,
            },
        }

    @till_verb
    def member_hw_card(self, reading):
        """Find the member whose card is on the reader; answers as `member_lookup`.

        A card that is not issued yet answers "not_issued" with its number.

        :param reading: as the agent sealed it.
        """
        return self._member_hw_agent()._card_read(
            reading, self.company_id, self._member_hw_found, till=self
        )

    @till_verb
    def member_hw_report(self, report):
        """Keep how the devices of the till's computer are.

        :param report: as the agent sealed it.
        """
        self._member_hw_agent()._take_report(report, till=self)
        return {"status": "ok"}

    def _member_may_skip_pin(self, card):
        """A chip counts if the till's computer read it and its number just now."""
        # sudo: a cashier need not see the till's computer, what it read or cards
        till = self.sudo()
        if not card.sudo().has_chip:
            return super()._member_may_skip_pin(card)
        return till.env["member.hw.nonce"]._was_read(till.member_hw_agent_id, card)

    def _member_hw_found(self, partner, card):
        return {
            "status": "ok",
            # sudo: as in the look-up, a cashier sees the public line of a member
            "matches": [self._member_match(partner.sudo(), card)],
            "records": self._member_records(partner),
        }

    def _member_hw_agent(self):
        """Return the computer of this till, which must be trusted still.

        :raise HardwareRefusal: no_agent, revoked, other_company.
        """
        # sudo: a cashier need not see the till's computer to use it
        agent = self.sudo().member_hw_agent_id
        if not agent:
            raise HardwareRefusal(
                "no_agent",
                self.env._(
                    "%(till)s has no card reader or printer set up. A manager chooses "
                    "the computer under Membership, Stores, Terminals.",
                    till=self.name,
                ),
            )
        if agent.company_id not in self.sudo().company_id.parent_ids:
            raise HardwareRefusal(
                "other_company",
                self.env._(
                    "%(computer)s belongs to another company. Choose another one for "
                    "this till.",
                    computer=agent.name,
                ),
            )
        agent._secret()
        return agent.with_env(self.env)
