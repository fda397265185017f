from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from .. import ledger
from ..errors import HoldExpired, LedgerError

LATE_TRIES = 5
"""How often a late order may find that its second hold ran out, too."""


class PosOrder(models.Model):
    """What a wallet pays for an order, and gets back for a refund."""

    _inherit = "pos.order"

    def _check_member_payments(self, wallet):
        """Refuse change from a wallet, and wallet lines that go the other way."""
        root = self.company_id._member_root()
        facts = self.env["member.asset"]._facts()
        for asset in wallet.payment_method_id.member_asset_id:
            if not (fact := facts.get(asset.id)):
                continue  # the ledger refuses what is archived
            if fact.company_id != root.id:
                raise UserError(
                    self.env._("This wallet belongs to another company. Pay otherwise.")
                )
            account_id = fact.liability_account_id
            if not root._member_spend_account_id(fact.kind, account_id):
                raise UserError(
                    self.env._(
                        "No account is set for %(pocket)s: the session could not be "
                        "closed. Choose one in the membership settings.",
                        pocket=asset.sudo().name,  # sudo: which pockets is no secret
                    )
                )
        sign = 1 if self.amount_total >= 0 else -1
        paid = sum(wallet.mapped("amount"))
        if any(payment.amount * sign < 0 for payment in wallet) or (
            self.currency_id.compare_amounts(paid * sign, self.amount_total * sign) > 0
        ):
            raise UserError(
                self.env._(
                    "The wallet would pay %(paid)s on an order of %(total)s: there is "
                    "no change from a wallet. Remove the wallet line and pay again.",
                    paid=self.currency_id.format(paid),
                    total=self.currency_id.format(self.amount_total),
                )
            )

    def _member_claim_payment(self, payment, claims):
        """Claim one wallet payment.

        :param claims: `Claims`, added to.
        """
        if payment.currency_id.is_zero(payment.amount):
            return
        if payment.amount > 0:
            self._member_claim_spending(payment, claims)
        else:
            self._member_claim_refund(payment, claims)

    def _member_claim_spending(self, payment, claims):
        """Claim the hold that backs a wallet payment, and note who pays."""
        claimed = ledger.capture_agreed(
            self.env,
            payment.uuid,
            asset_id=payment.payment_method_id.member_asset_id.id,
            amount=payment.amount,
            context=self._member_context(),
        )
        member_id, card_id = claimed or self._member_claim_other(payment, claims)
        # sudo: the receipt shows the card's last digits
        card = self.env["member.card"].sudo().browse(card_id or ())
        payment._member_name_payer(self.env["res.partner"].browse(member_id), card)
        claims.cards[member_id] = card_id

    def _member_claim_other(self, payment, claims):
        """Claim a hold that is not what one usually is, or refuse it.

        A hold that ran out is placed again, since the goods are gone: an order may wait
        for the network. When even that fails, the member owes the amount.

        :return: `(partner_id, card_id)`
        """
        hold = ledger.find_hold(self.env, payment.uuid)
        asset = payment.payment_method_id.member_asset_id
        if hold and (
            hold["asset_id"] != asset.id
            or self.currency_id.compare_amounts(float(hold["amount"]), payment.amount)
        ):
            raise UserError(
                self.env._(
                    "The member agreed to %(held)s, this line says %(asked)s. Remove "
                    "it and pay again with the PIN.",
                    held=self.currency_id.format(float(hold["amount"])),
                    asked=self.currency_id.format(payment.amount),
                )
            )
        card_id = hold and hold["card_id"]
        context = self._member_context(card_id=card_id)
        try:
            ledger.capture(
                self.env,
                payment.uuid,
                amount=payment.amount,
                context=context,
                found=hold,
            )
        except HoldExpired:
            self._check_member_own_hold(hold)
            self._member_claim_late(payment, hold, context, claims)
        return hold["partner_id"], card_id

    def _check_member_own_hold(self, hold):
        """Refuse to hold again what the member agreed to at a till apart from this one.

        Only the till that held it, or one that shares its orders, can be late with it.
        """
        till_id = hold["pos_config_id"]
        tills = self.config_id | self.config_id.trusted_config_ids
        if till_id and till_id not in tills.ids:
            raise UserError(
                self.env._(
                    "This wallet payment was reserved at another till and has run out. "
                    "Remove it and pay again with the PIN."
                )
            )

    def _member_claim_late(self, payment, hold, context, claims):
        """Hold again what ran out before the order arrived, or list an exception."""
        member = self.env["res.partner"].browse(hold["partner_id"])
        asset = payment.payment_method_id.member_asset_id
        for attempt in range(1, LATE_TRIES + 1):
            key = f"{payment.uuid}:late{attempt}"
            try:
                (held,) = ledger.hold(
                    self.env,
                    [(member.id, asset.id, payment.amount, key)],
                    key,
                    context=context,
                )
                ledger.capture(
                    self.env,
                    key,
                    amount=payment.amount,
                    request_key=payment.uuid,
                    context=context,
                )
            except HoldExpired:
                continue
            except LedgerError as error:
                reason = str(error)
            else:
                claims.known[member.id, asset.id] = held.available
                return
            break
        else:
            reason = self.env._("The order arrived too late, several times.")
        self.env["member.exception"]._record(
            self, member, payment.amount, "unpaid", reason, payment_id=payment.id
        )

    def _member_claim_refund(self, payment, claims):
        """Give money back to the pocket and the lots that paid."""
        asset = payment.payment_method_id.member_asset_id
        postings = self._member_refundable(asset)
        asked = Decimal(str(self.currency_id.round(-payment.amount)))
        member = self._member_refund_member(payment)
        own = postings.filtered(lambda posting: posting.partner_id == member)
        if not member or sum(posting._left() for posting in own) < asked:
            left = float(sum(posting._left() for posting in postings))
            raise UserError(
                self.env._(
                    "%(left)s of what the wallet paid can be given back to "
                    "%(pocket)s, not %(asked)s. Enter each member's part as a line of "
                    "its own, and give the rest back in another way.",
                    left=self.currency_id.format(left),
                    pocket=payment.payment_method_id.name,
                    asked=self.currency_id.format(float(asked)),
                )
            )
        payment._member_name_payer(member)
        context = self._member_context()
        key, number = payment.uuid, 1
        for posting in own:
            part = min(posting._left(), asked)
            if part <= 0:
                continue
            ledger.reverse(
                self.env, posting, amount=part, request_key=key, context=context
            )
            asked -= part
            claims.changes[member.id, asset.id] += part
            number += 1
            key = f"{payment.uuid}/{number}"

    def _member_refundable(self, asset):
        """Return the spendings of one pocket that this order may give back."""
        sources = self.lines.refunded_orderline_id.order_id._member_refund_sources()
        return sources.payment_ids.filtered(
            lambda origin: (
                origin.payment_method_id.member_asset_id == asset and origin.amount > 0
            )
        )._member_postings()

    def _member_refund_member(self, payment):
        """Return the member who gets this payment back.

        The one whom the till means, if that wallet paid; otherwise the first who paid
        enough, the order's customer before others. Empty when there is none.
        """
        left = defaultdict(Decimal)
        for posting in self._member_refundable(
            payment.payment_method_id.member_asset_id
        ):
            left[posting.partner_id] += posting._left()
        for member in left:
            if member.id == payment.member_refund_ref:
                return member
        asked = Decimal(str(self.currency_id.round(-payment.amount)))
        members = sorted(left, key=lambda member: member != self.partner_id)
        enough = [member for member in members if left[member] >= asked]
        return enough[0] if enough else self.env["res.partner"]
