from collections import defaultdict
from dataclasses import dataclass

from odoo import api, models


@dataclass(frozen=True)
class OrderLimit:
    """What one order has too many of: tickets of a kind, or tickets by a policy."""

    of: models.BaseModel
    limit: int
    quantity: int

    @property
    def name(self):
        """What the cashier, the clerk or the shopper knows it by."""
        return self.of.name

    def speaks_of(self, ticket, policy):
        """Tell whether a line with this ticket, sold by this policy, counts."""
        return self.of in (ticket, policy)


class MemberTicketPolicy(models.Model):
    """How many tickets go on one order: the same answer in every channel."""

    _inherit = "member.ticket.policy"

    @api.model
    def _over_order_limit(self, wanted, is_known):
        """Return the `OrderLimit` that an order breaks, None when it breaks none.

        A policy's limit counts all tickets that it sells, a ticket's own limit those of
        its kind, whatever the slot and the policy.

        :param wanted: `[(ticket, policy or empty, quantity)]` of the whole order.
        :param is_known: whether somebody is named as the buyer, whose tickets are
            counted over all orders. Others are held to the limit per member by the
            order.
        """
        numbers = defaultdict(int)
        for ticket, policy, quantity in wanted:
            # sudo: limits are for everybody, also for who cannot read policies
            numbers[ticket.sudo()] += quantity
            numbers[policy.sudo()] += quantity
        for of, quantity in numbers.items():
            if of._name == self._name:
                limits = [of.order_limit, 0 if is_known else of.member_limit]
            else:
                limits = [of.limit_max_per_order]
            limit = min((each for each in limits if each), default=0)
            if limit and quantity > limit:
                return OrderLimit(of, limit, quantity)
        return None
