from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from uuid import UUID, uuid5

from odoo import models
from odoo.exceptions import UserError

from .. import ledger
from ..errors import OverCap
from ..ledger.cursor import lent_connection, one_connection
from ..till import TillRefusal, till_verb, to_json


class PosConfig(models.Model):
    """The till's verbs that move money: hold, release, reserve room for a top-up."""

    _inherit = "pos.config"

    @till_verb(around=lent_connection)
    def member_hold(self, partner_id, amount, pin, request_key, card_id=False):
        """Set `amount` of the member's money aside for payment lines of this till.

        `card_id` is the card that was read, if one was; it must still be good. `pin` is
        False for a small amount without one, which takes the card.

        Calling it again with the same `request_key`, member and amount gives the first
        answer again, so a till that lost the answer asks once more. Each line's key is
        derived from the request and the pocket: it becomes the uuid of the payment
        line, which is how the order claims the money.
        """
        partner = self._member_asked(partner_id)
        with (
            one_connection(self.env),
            self._member_pin_refusals_logged(partner),
            self._member_looked_at_when_refused(partner_id) as look,
        ):
            self.env.user._member_check_own(partner, self.company_id._member_root())
            namespace = self._member_request_key(request_key)
            amount = self._member_amount(amount)
            card = self._member_card(partner, card_id)
            counted = proof = None
            if pin is False:
                self._member_check_pinless(partner, amount, card)
                counted = self._member_pinless_count(partner, request_key)
            else:
                # sudo: no one may read PINs; trying one tells nothing but yes or no
                pins = self.env["member.pin"].sudo()
                proof = pins._proof(partner, pin, till=self, check=look)
            if not (methods := self._member_pocket_ids()):
                raise TillRefusal(
                    "no_wallet",
                    self.env._("This till takes no member wallet. Pay otherwise."),
                )
            facts = self.env["member.asset"]._facts()
            held = ledger.hold_from(
                self.env,
                partner.id,
                {key: str(uuid5(namespace, facts[key].code)) for key in methods},
                amount,
                request_key,
                context=self._member_context(card),
                within=counted,
                proof=proof,
            )
        held_by_asset = {line.asset_id: line for line in held.lines}
        return {
            "status": "ok",
            "lines": [
                {
                    "key": held_by_asset[asset_id].key,
                    "payment_method_id": method_id,
                    "amount": to_json(held_by_asset[asset_id].amount),
                }
                for asset_id, method_id in methods.items()
                if asset_id in held_by_asset
            ],
            "available": to_json(held.available),
            "expires_at": to_json(min(line.expires_at for line in held.lines)),
        }

    @till_verb
    def member_release(self, request_key):
        """Give back what an attempt holds, named by its request or by one of its lines.

        :return: "ok" with the released `keys`, or "claimed" when a document was faster.
        """
        # sudo: holds are the ledger's own; only those of this till are looked at
        holds = (
            self.env["member.hold"]
            .sudo()
            .search(
                [
                    "|",
                    ("request_key", "=", str(request_key)),
                    ("key", "=", str(request_key)),
                    ("pos_config_id", "in", (self | self.trusted_config_ids).ids),
                ]
            )
        )
        holds = holds.search([("request_key", "in", holds.mapped("request_key"))])
        keys = holds.mapped("key")
        released = ledger.release(self.env, keys) if keys else []
        if ledger.claimed(self.env, set(keys).difference(released)):
            raise TillRefusal(
                "claimed",
                self.env._(
                    "An order has been paid with this money already. Refund that order "
                    "instead."
                ),
            )
        return {"status": "ok", "keys": keys}

    @till_verb
    def member_topup_reserve(self, partner_id, amount, line_uuid):
        """Check that the member may be topped up by `amount`, and keep the room for it.

        `line_uuid` is the uuid of the order line that the till is about to make.
        """
        self._member_require("topup")
        partner = self._member_active(partner_id)
        self.env.user._member_check_own(partner)
        self._member_request_key(line_uuid)
        amount = self._member_amount(amount)
        self._member_check_holds_money(partner.member_class_id)
        cap = self.company_id._member_cap(partner)
        if cap:
            self._member_reserve_room(partner, amount, line_uuid, cap)
        return {"status": "ok", "amount": to_json(amount)}

    def _member_check_holds_money(self, member_class):
        if not member_class.can_hold_money:
            raise TillRefusal(
                "no_money",
                self.env._(
                    "Members of the class %(class)s cannot be topped up. Change the "
                    "class first.",
                    **{"class": member_class.name},
                ),
            )

    # === WHAT THE TILL ASKS FOR === #

    def _member_card(self, partner, card_id):
        """Return the member's card with this id, empty for none; it must be usable."""
        if not card_id:
            return self.env["member.card"]
        card = partner.member_card_ids.filtered(lambda card: card.id == card_id)
        if card:
            card._assert_usable()
        return card

    def _member_request_key(self, request_key) -> UUID:
        """Read a key made by the till; it must be a UUID that nobody can guess."""
        try:
            return UUID(request_key)
        except (AttributeError, TypeError, ValueError) as error:
            raise TillRefusal(
                "bad_request", self.env._("The till sent a malformed key. Reload it.")
            ) from error

    def _member_principal(self):
        """Return the asset that top-ups at this till credit."""
        if not (asset := self.company_id._member_asset("principal")):
            raise TillRefusal(
                "no_wallet",
                self.env._(
                    "Wallets are not set up for %(company)s. Install its chart of "
                    "accounts, then update the Member Card app.",
                    company=self.company_id.name,
                ),
            )
        return asset

    def _member_amount(self, amount) -> Decimal:
        """Read an amount of the wallets' currency; positive, and not finer."""
        is_number = isinstance(amount, (int, float)) and not isinstance(amount, bool)
        if is_number and 0 < amount < ledger.MAX_AMOUNT:
            unit = self._member_principal()._unit()
            given = Decimal(str(amount))
            rounded = given.quantize(unit)
            # finer than the unit is a slip; the dust of binary fractions is not
            if rounded > 0 and abs(given - rounded) <= unit / 100:
                return rounded
        raise TillRefusal(
            "invalid_amount",
            self.env._("Enter an amount greater than zero, in whole cents."),
        )

    def _member_check_pin(self, partner, pin):
        """Verify the PIN; a refusal is counted against the member and logged."""
        with self._member_pin_refusals_logged(partner):
            # sudo: no one may read PINs; verifying one tells nothing but yes or no
            self.env["member.pin"].sudo()._verify(partner, pin, till=self)

    @contextmanager
    def _member_looked_at_when_refused(self, partner_id):
        """Refuse with what is wrong about the member before any other reason.

        The statement that holds money takes that of an active member only, so whoever
        may spend is not looked at beforehand: each payment waits.

        :return: the look, for what is to be refused here already.
        """
        look = partial(self._member_active, partner_id)
        try:
            yield look
        except UserError:
            look()
            raise

    @contextmanager
    def _member_pin_refusals_logged(self, partner):
        """Log what refuses the PIN of `partner`."""
        try:
            yield
        except Exception as error:
            if getattr(error, "code", None) in ("wrong_pin", "locked"):
                self.env["member.operator.log"]._log(
                    error.code, partner=partner, till=self
                )
            raise

    def _member_check_pinless(self, partner, amount, card):
        """Let a small amount pass whose card is there."""
        locked = partner.member_pin_locked_until
        # sudo: nobody may read what is counted
        uses = self.env["member.pinless.use"].sudo()
        if (
            not card
            or locked
            or not self._member_may_skip_pin(card)
            or not uses._is_small(amount, self.company_id)
        ):
            raise TillRefusal(
                "pin_needed", self.env._("This payment needs the member's PIN.")
            )

    def _member_pinless_count(self, partner, request_key):
        """Return what counts the payment against the day where its money is held."""
        # sudo: nobody may write what is counted
        uses = self.env["member.pinless.use"].sudo()
        return partial(uses._count, partner, self.company_id, request_key)

    def _member_may_skip_pin(self, card):
        """Tell whether this card being shown may stand for the PIN of a small amount.

        That the number was scanned is the till's word. A card with a chip is not
        believed by its number or its UID, which copies have as well.
        """
        # sudo: no one may read the hash; whether there is one tells nothing
        return not card.sudo().uid_hash

    # === WALLET === #

    def _member_context(self, card=None):
        return ledger.Context(
            card_id=card.id if card else None,
            store_id=self.member_store_id.id or None,
            operator_id=self.env.uid,
            pos_config_id=self.id,
        )

    def _member_reserve_room(self, partner, amount, line_uuid, cap):
        """Keep room under the cap for a top-up, or say how much room there is."""
        principal = self._member_principal()
        try:
            ledger.hold(
                self.env,
                [(partner.id, principal.id, amount, line_uuid)],
                line_uuid,
                direction="in",
                cap=cap,
                context=self._member_context(),
            )
        except OverCap as error:
            room = float(error.room)
            message = self.env._(
                "The cap is %(cap)s: at most %(room)s can be topped up now.",
                cap=self.currency_id.format(float(cap)),
                room=self.currency_id.format(room),
            )
            raise OverCap(message, error.room) from error
