from odoo.addons.member_card import ledger
from odoo.addons.member_card.tests.common import MemberCase


class PointsCase(MemberCase):
    """The main company with its points; members of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.points = cls.company._member_asset("points")

    def points_of(self, partner):
        """Return what the member can spend of points, as a float."""
        return float(ledger.available(self.env, partner.id, self.points.id))

    def lots(self, partner):
        """Return the member's open lots of points, the soonest first."""
        return (
            self.balance(partner, self.points)
            .env["member.lot"]
            .search(
                [
                    ("balance_id", "=", self.balance(partner, self.points).id),
                    ("remaining", ">", 0),
                ]
            )
        )
