from decimal import Decimal

from odoo import models


class MemberPosting(models.Model):
    """A credit of points, what was taken back of it, and given again of that."""

    _inherit = "member.posting"

    def _member_shares(self, change):
        """Divide a change of this credit over the postings that it can reverse.

        :param change: positive takes back, from this credit and what was given again;
            negative gives again what was taken back. What is not left to be reversed
            is left out.
        :return: `[(posting, positive Decimal)]`.
        """
        self.ensure_one()
        chain = found = self
        while found := self.search([("reverses_posting_id", "in", found.ids)]):
            chain |= found
        wanted, shares = abs(change), []
        for posting in chain.filtered(lambda each: each.amount * float(change) > 0):
            part = min(posting._member_points_left(), wanted)
            if part > 0:
                shares.append((posting, part))
                wanted -= part
        return shares

    def _member_points_left(self) -> Decimal:
        """Return how many of these points were not reversed yet."""
        return Decimal(str(round(abs(self.amount) - self.reversed_amount, 2)))
