from odoo.exceptions import ValidationError

from odoo.addons.member_card.refusals import MemberRefusal


class SeatRefusal(MemberRefusal, ValidationError):
    """Seats could not be set aside; nothing was written.

    Codes: sold_out, quota_used_up, limit_reached (`left` says how many could be had),
    key_reused (this key holds something else, or was sold), expired (this key was given
    up), busy (try again).

    A `ValidationError`, because that is what Odoo raises where seats are short.
    """

    def __init__(self, code, message, left=None):
        super().__init__(code, message)
        self.left = left
