from odoo import models

from ..till import TillRefusal, refusing, till_verb
from .member_card import ACTS

TILL_ACTS = ("lost", "freeze", "unfreeze")


class PosConfig(models.Model):
    """The till's verbs for the daily life of cards. What is on them never moves.

    Reporting a card lost is urgent: who may issue cards may do it. Freezing with
    unfreezing, and replacing a card that works, are rights of their own.
    """

    _inherit = "pos.config"

    @till_verb
    def member_card_act(self, card_id, act):
        """Report a card lost, freeze or unfreeze it; asking twice changes nothing.

        :param act: lost, freeze or unfreeze (also what was lost and turned up).
        :return: the member's figures as they are now, with the cards.
        """
        card = self._member_card_of_till(card_id)
        if act not in TILL_ACTS:
            raise TillRefusal(
                "bad_request",
                self.env._("The till asked for something unknown. Reload it."),
            )
        self._member_require(ACTS[act][1])
        with refusing("bad_card"), self.env.cr.savepoint():
            card._act(act, till=self)
        return self._member_figured(card.sudo().partner_id)

    @till_verb
    def member_card_issue(self, partner_id, number, card_id=False, is_lost=False):
        """Give a member the card with this number, instead of `card_id`, if given.

        With `is_lost` that card is reported lost first. Who may not replace cards gives
        the member a second one then, and the lost one stays lost.
        Asked again after it was done, it answers as if it did it.

        :return: the member's figures as they are now, with the cards.
        """
        partner = self._member_active(partner_id)
        self._member_require("card_issue")
        if card_id and not is_lost:
            self._member_require("card_replace")
        cards = self.env["member.card"]
        number = cards._clean_number(str(number or ""))
        # sudo: cards are written by their verbs only
        known = cards.sudo().search([("number", "=", number)])
        old = self._member_card_of_till(card_id, partner) if card_id else cards
        if self._member_was_issued(known, partner, old.sudo()):
            return self._member_figured(partner)
        if old and known == old:
            raise TillRefusal(
                "bad_card", self.env._("This is the old card. Scan the new one.")
            )
        with refusing("bad_card"), self.env.cr.savepoint():
            cards._check_number(number)
            if is_lost:
                old._act("lost", till=self)
            if old and (not is_lost or self._member_may("card_replace")):
                old._replace(number, till=self)
            else:
                cards._issue(partner.sudo(False), number, till=self)
        return self._member_figured(partner)

    def _member_was_issued(self, card, partner, old):
        """Tell whether this very request was done before and its answer was lost."""
        is_theirs = card.partner_id == partner and card.state == "issued"
        return is_theirs and card != old and old.state in (False, "lost", "replaced")

    def _member_card_of_till(self, card_id, partner=None):
        """Return the card with this id, of a member of this till's legal entity."""
        # sudo: a cashier acts on cards by these verbs, whose rights are checked
        card = self.env["member.card"].sudo()
        if isinstance(card_id, int):
            card = card.search([("id", "=", card_id)])
        if not card.partner_id or (partner and card.partner_id != partner):
            raise TillRefusal(
                "not_found", self.env._("This card cannot be found. Scan it again.")
            )
        self._member_of_till(card.partner_id.id)
        return card.sudo(False)
