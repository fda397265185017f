from odoo import fields, models

from odoo.addons.member_card.till import TillRefusal

from ..figures import figures
from .pos_config_ticket_approval import ticket_subject


class PosConfig(models.Model):
    """By which policy and at which price a till may sell the seats it asks for."""

    _inherit = "pos.config"

    def _member_is_as_agreed(self, order_uuid, line, buyer):
        """Whether the line asks for just what it was promised, and holds it still."""
        before = line.before
        if not before or before.expires_at <= fields.Datetime.now():
            return False
        if line.policy_id:
            is_policy = before.policy_id.id == line.policy_id
        else:
            is_policy = not before.is_policy_asked
        return (
            is_policy
            and before.order_uuid == order_uuid
            and before.partner_id == buyer
            and before.ticket_id == line.ticket
            and before.slot_id == line.slot
            and before.quantity == line.quantity
            and (before.free_reason or "") == line.free_reason
        )

    def _member_agree_offers(self, order_uuid, lines, buyer, at_fault, leaving):
        """Choose policy and price of each line; check rights, reasons and limits.

        :param at_fault: gets the line that is refused.
        :param leaving: tickets that the order gives back for some of its lines.
        :raise TillRefusal:
        """
        left, _lefts = figures(
            self.env,
            buyer,
            [(line.ticket, line.slot) for line in lines],
            but=[line.before.seat_key for line in lines if line.before],
            back=leaving._member_seat_wants(),
        )
        for line in lines:
            at_fault[:] = [line]
            usual = line.ticket._member_offer(
                buyer, "pos", slot=line.slot, quantity=line.quantity, left=left
            )
            line.offer = self._member_agree_offer(line, usual, buyer)
            self._member_check_free(line, buyer)
            # the next line may want of the same quota
            if line.offer.policy_id in left.policies:
                left.policies[line.offer.policy_id] -= line.quantity
        self._member_check_order_limits(order_uuid, lines, buyer, at_fault)

    def _member_agree_offer(self, line, usual, buyer):
        """Return what a line sells by: the usual offer, or that of the policy asked."""
        if line.policy_id and line.policy_id != usual.policy_id:
            offer = self._member_other_offer(line, buyer)
            self._member_authorise_line(line, "ticket_policy", 0, buyer)
            line.is_other = True
            return offer
        if not usual.is_for_sale:
            raise self._member_not_for_sale(line, usual)
        return usual

    def _member_other_offer(self, line, buyer):
        # sudo: a cashier cannot read policies; whether this one applies is checked
        policy = self.env["member.ticket.policy"].sudo().browse(line.policy_id)
        offer = line.ticket._member_offer(
            buyer, "pos", slot=line.slot, quantity=line.quantity, policy=policy.exists()
        )
        if not policy.exists() or not offer.is_for_sale:
            raise TillRefusal(
                "other_policy",
                self.env._(
                    "%(ticket)s cannot be sold by this policy now. %(why)s Choose "
                    "another one.",
                    ticket=line.ticket.name,
                    why=offer.why if policy.exists() else "",
                ),
            )
        return offer

    def _member_not_for_sale(self, line, offer):
        code = {"used_up": "quota_used_up", "closed": "closed"}.get(
            offer.status, "not_for_sale"
        )
        error = TillRefusal(code, f"{line.ticket.name}: {offer.why}")
        error.opens_at = offer.opens_at
        return error

    def _member_check_free(self, line, buyer):
        """Let a line be given away for a reason, by who may or with an approval."""
        if not line.free_reason:
            return
        worth = self._member_till_price(line.ticket, line.offer.price) * line.quantity
        self._member_authorise_line(line, "ticket_free", worth, buyer)

    def _member_authorise_line(self, line, act, amount, buyer):
        """Use an approval unless the caller has the right, or it was given before.

        :raise TillRefusal: approval_needed.
        """
        granted = self.env["member.approval"]
        if self._member_may(granted._right(act)):
            return
        if self._member_was_granted(line, act, buyer):
            line.granted = line.before.approval_id
            return
        subject = ticket_subject(act, line, buyer)
        line.granted = granted._use_bound(act, self, subject, amount, line.uuid)
        if line.granted:
            return
        try:
            line.granted = granted._use(
                line.approval, act, self, subject, amount, line.uuid
            )
        except TillRefusal:
            error = TillRefusal(
                "approval_needed",
                self.env._("This needs a supervisor's approval."),
            )
            error.act, error.amount = act, amount
            error.policy_id, error.free_reason = line.policy_id, line.free_reason
            raise error from None

    def _member_was_granted(self, line, act, buyer):
        """Whether a supervisor has agreed to this before: the same or fewer seats."""
        before = line.before
        if not before or not before.approval_id or before.approval_id.act != act:
            return False
        if before.ticket_id != line.ticket or before.slot_id != line.slot:
            return False
        if before.quantity < line.quantity:
            return False
        if act == "ticket_policy":
            return before.policy_id.id == line.policy_id and before.partner_id == buyer
        return before.free_reason == line.free_reason

    def _member_check_order_limits(self, order_uuid, asked, buyer, at_fault):
        """Refuse more tickets on one order than ticket and policy allow.

        :raise TillRefusal: order_limit.
        """
        # sudo: a till is told by its verbs what it needs
        policies = self.env["member.ticket.policy"].sudo()
        others = self.env["member.till.ticket"].sudo()
        others = others.search(
            [
                ("order_uuid", "=", order_uuid),
                ("line_uuid", "not in", [line.uuid for line in asked]),
            ]
        )
        by_policy = [policies.browse(line.offer.policy_id or None) for line in asked]
        over = policies._over_order_limit(
            [
                *(
                    (line.ticket, policy, line.quantity)
                    for line, policy in zip(asked, by_policy, strict=True)
                ),
                *(
                    (other.ticket_id, other.policy_id, other.quantity)
                    for other in others
                ),
            ],
            bool(buyer),
        )
        if over:
            # of several the last: it is what makes them too many
            at_fault[:] = [
                line
                for line, policy in zip(asked, by_policy, strict=True)
                if over.speaks_of(line.ticket, policy)
            ][-1:]
            raise TillRefusal(
                "order_limit",
                self.env._(
                    "At most %(limit)s tickets “%(name)s” go on one order. Sell the "
                    "others on another one.",
                    limit=over.limit,
                    name=over.name,
                ),
            )
