import re
from uuid import uuid4

from odoo import api, models

from odoo.addons.member_card import secret

from .. import card_application
from ..card_encoding import EncodingRefusal, encoding_verb


class MemberCardEncoding(models.Model):
    """Erasing chips, so that they can be used again.

    Erasing needs the right to cancel cards: a card that was never issued ends with its
    chip. The agent's sealed receipt is the proof, taken once. The key of the order says
    which card it was, for chips that have no UID.
    """

    _inherit = "member.card.encoding"

    @api.model
    @encoding_verb
    def format_begin(self, agent_id, reading):
        """Order the chip that was read to be erased.

        :return: `order`, sealed for the agent; `masked`, the card that ends with it.
        """
        self.env.user._member_require("card_manage")
        agent = self._station_agent(agent_id)
        seen = agent._open_reading(reading)
        uid, number = seen.get("uid"), seen.get("number")
        card = self._card_to_erase(agent, uid, number)
        keys = card_application.chip_keys(
            secret.key_for(self.env, "card-write"),
            agent.company_id.root_id.id,
            uid or number,
        )
        request_key = f"format:{card.id or 0}:{uuid4().hex}"
        order = self._seal_order(agent, "format", request_key, uid, b"", keys)
        return {"order": order, "masked": card.masked or ""}

    @api.model
    @encoding_verb
    def format_confirm(self, agent_id, receipt):
        """Free the chip of its card, now that the agent erased it."""
        self.env.user._member_require("card_manage")
        agent = self._station_agent(agent_id)
        body = agent._open_once("receipt", receipt)
        if body.get("op") != "format" or body.get("result") not in (
            "formatted",
            "same",
        ):
            raise self._bad_receipt(
                self.env._("The writer did not report that this card is empty.")
            )
        uid = body.get("uid")
        if uid:
            card = self._card_to_erase(agent, uid, None)
        else:
            # as it is now: it may have been issued while its chip was erased
            card = self._check_erasable(agent, self._card_of_key(body.get("card")))
        if card:
            card._erased()
        return {"masked": card.masked or ""}

    def _card_to_erase(self, agent, uid, number):
        """Return the card that has this chip, in sudo mode; empty if none has.

        :raise EncodingRefusal: in_use, not_ours.
        """
        # sudo: chips are told apart over all companies
        cards = self.env["member.card"].sudo()
        card = cards._of_chip(cards._hash_uid(uid)) if uid else cards
        if not uid and number:
            card = cards.search([("number", "=", number)])
        return self._check_erasable(agent, card)

    def _card_of_key(self, request_key):
        """Return the card that an order to erase was for, in sudo mode."""
        # sudo: as above
        cards = self.env["member.card"].sudo()
        found = re.fullmatch(r"format:([0-9]{1,9}):[0-9a-f]{32}", str(request_key))
        return cards.browse(found and int(found[1])).exists()

    def _check_erasable(self, agent, card):
        """Return the card, or nothing for nothing.

        :raise EncodingRefusal: in_use, not_ours.
        """
        if card and card.company_id != agent.company_id.root_id:
            raise EncodingRefusal(
                "not_ours",
                self.env._(
                    "This chip belongs to a card of another company. Only they can "
                    "erase it."
                ),
            )
        if card and not card._is_erasable():
            raise EncodingRefusal(
                "in_use",
                self.env._(
                    "Card %(card)s is in use. Replace or cancel it before its chip is "
                    "erased.",
                    card=card.masked,
                ),
            )
        return card
