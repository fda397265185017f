import time

from odoo import api, models

from odoo.addons.member_card.refusals import LookupFailure
from odoo.addons.member_card.storable import storable
from odoo.addons.member_card.till import refusal

from .. import hw_crypto
from ..refusals import FORGED, HardwareRefusal

FRESH_S = 30
"""A reading is of a card that lies there now; also how far clocks may differ."""


class MemberHwAgent(models.Model):
    """What a computer read: opened, fresh and used once, then looked up."""

    _inherit = "member.hw.agent"

    def _card_read(self, reading, company, answer, till=None):
        """Look up the card of a reading and answer with its member.

        A tap proves nothing: it names the member, as a scan of the number does.

        :param company: the legal entity whose cards are good here.
        :param answer: `answer(partner, card)` makes the answer for a good card.
        :param till: the `pos.config` that asks.
        :raise HardwareRefusal: see `_open_reading` and `_card_of`.
        :raise LookupFailure: the card may not be used.
        """
        try:
            body = self._open_reading(reading)
            card = self._card_of(body, company)
        except HardwareRefusal as error:
            self._log_forged(error, till)
            raise
        if self._is_full(body, card):
            # sudo: nobody has rights on what was read
            self.env["member.hw.nonce"].sudo()._note_card(self, body["jti"], card)
        try:
            found = self.env["res.partner"]._member_lookup(card.number, company)
        except LookupFailure as error:
            if error.code != "not_issued":
                raise
            return {
                **refusal(error),
                "number": card.number,
                "card_id": card.id,
                "card_masked": card.masked,
            }
        ((partner, _how, card),) = found
        return answer(partner, card)

    @api.model
    def _card_to_open(self, partner, card):
        """Answer the backend: who reads this may see cards."""
        # sudo: who may read cards is told the name of who holds one
        return {
            "status": "ok",
            "partner_id": partner.id,
            "name": partner.sudo().name,
            "card_id": card.id,
            "card_masked": card.masked,
            "number": card.number,
        }

    # === OPENING === #

    def _open_reading(self, reading):
        """Return what was on the reader: uid, number, medium, type, device.

        :raise HardwareRefusal: revoked, forged, stale, replayed.
        """
        body = self._open_once("reading", reading)
        uid, number = body.get("uid"), body.get("number")
        if any(not isinstance(each, str) for each in (uid or "", number or "")) or not (
            uid or number
        ):
            raise self._forged()
        return body

    def _open_once(self, purpose, sealed):
        """Open what this computer sealed just now; a second time it is refused.

        :raise HardwareRefusal: revoked, forged, stale, replayed.
        """
        body = self._open(purpose, sealed)
        self._check_fresh(body)
        if not self.env["member.hw.nonce"]._use(self, body["jti"]):
            raise HardwareRefusal(
                "replayed",
                self.env._("This was used already. Put the card on the reader again."),
            )
        self._seen()
        return body

    def _open(self, purpose, sealed):
        """Open what this computer sealed for `purpose`, however old.

        :raise HardwareRefusal: revoked, forged.
        """
        secret = self._secret()
        try:
            # sudo: the identifier is no secret
            return storable(
                hw_crypto.open_sealed(secret, purpose, self.sudo().identifier, sealed)
            )
        except hw_crypto.WireError as error:
            raise self._forged() from error

    def _check_fresh(self, body):
        age = time.time() - body["iat"]
        if abs(age) > FRESH_S:
            raise HardwareRefusal(
                "stale",
                self.env._(
                    "By the clock of %(computer)s this is %(seconds)s seconds old. Put "
                    "the card on the reader again; if it is refused again, set that "
                    "clock.",
                    computer=self.sudo().name,
                    seconds=int(age),
                ),
            )

    def _forged(self):
        return HardwareRefusal(
            "forged",
            self.env._(
                "This does not come from %(computer)s. Reload the page; if it is "
                "refused again, pair the computer again.",
                computer=self.sudo().name,
            ),
        )

    def _log_forged(self, error, till=None):
        """Keep in the operator log what no agent of ours would send."""
        if error.code in FORGED:
            self.env["member.operator.log"]._log_attempt(
                error, till=till, reference=self.sudo().name
            )

    # === LOOKING UP === #

    @api.model
    def _is_full(self, body, card):
        """Tell whether all was read that this card's chip has to be told by.

        That is the number written on it and its UID; of a contact chip without one the
        number, by its contacts: a stripe and other chips carry copies of that.

        :param card: `member.card` in sudo mode.
        """
        if card.number != card._clean_number(body.get("number")):
            return False
        if card.uid_hash:
            return bool(body.get("uid"))
        return not body.get("uid") and body.get("medium") == "contact_ic"

    @api.model
    def _card_of(self, body, company):
        """Return the card that was read: by its chip, else by the number on it.

        :return: `member.card` in sudo mode, of any company and state.
        :raise HardwareRefusal: unknown_chip, card_copied.
        """
        # sudo: the look-up of `res.partner` decides what is told about a card
        cards = self.env["member.card"].sudo()
        uid, number = body.get("uid"), cards._clean_number(body.get("number"))
        uid_hash = uid and cards._hash_uid(uid)
        by_uid = cards.search([("uid_hash", "=", uid_hash)]) if uid else cards
        by_number = cards.search([("number", "=", number)]) if number else cards
        is_elsewhere = uid and by_number.uid_hash and by_number.uid_hash != uid_hash
        if is_elsewhere or (by_uid and number and by_uid.number != number):
            raise HardwareRefusal(
                "card_copied",
                self.env._(
                    "The chip and the number written on it do not belong together: "
                    "this is a copy. Keep the card and call a supervisor."
                ),
            )
        if card := by_uid or by_number:
            return card
        if number:
            # sudo: as above
            self.env["res.partner"].sudo()._refuse_mistyped(
                number, company._member_root()
            )
        raise HardwareRefusal(
            "unknown_chip",
            self.env._(
                "Nobody has this card. Is it a member's? Find the member by phone or "
                "name, and give out a new card."
            ),
        )
