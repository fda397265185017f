"""What stands in the way of selling a ticket; the sentence says what to do next."""

from odoo.exceptions import ValidationError

from odoo.addons.member_card.refusals import MemberRefusal


class TicketRefusal(MemberRefusal, ValidationError):
    """These tickets cannot be sold like this.

    Codes: closed, not_for_sale, used_up (nothing sells them now), other_policy (the one
    asked for cannot), price_changed, order_limit, no_reason (given away
    without one), seats_sold, attended, too_late, not_reserved.

    A ValidationError as well, which is what Odoo's own checks of seats raise.
    """
