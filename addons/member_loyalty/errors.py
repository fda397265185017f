"""Refusals of rewards: each has a code, and a sentence that says what next."""

from odoo.addons.member_card.refusals import MemberRefusal


class RewardRefusal(MemberRefusal):
    """A reward cannot be taken; nothing was held.

    Codes: not_for_member, not_now, not_here, sold_out, limit_reached, out_of_stock,
    no_warehouse, not_expiring, too_few_points, bad_points, not_at_desk.
    """
