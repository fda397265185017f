from odoo import api, models


class ResCompany(models.Model):
    """A company that is set up for members has points, too."""

    _inherit = "res.company"

    @api.model
    def _member_setup_names(self):
        return {**super()._member_setup_names(), "points": self.env._("Points")}

    def _member_setup_assets(self):
        """Create the points beside the pockets of money.

        The asset that an uninstalled add-on left archived is taken up again, with all
        that members have.
        """
        result = super()._member_setup_assets()
        names = self.with_context(lang="en_US")._member_setup_names()
        assets = self.env["member.asset"].with_context(lang="en_US", active_test=False)
        points = assets.search([("company_id", "=", self.id), ("code", "=", "points")])
        if not points:
            points = assets.create(
                {
                    "name": names["points"],
                    "code": "points",
                    "kind": "points",
                    "company_id": self.id,
                    "spending_order": 50,
                }
            )
        points.filtered(lambda asset: not asset.active).active = True
        self._member_setup_translate(points, "points")
        return result
