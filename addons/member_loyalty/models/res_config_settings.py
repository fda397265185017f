from odoo import api, fields, models

EXPIRY = ("expiry_policy", "expiry_months", "expiry_years")
"""Of the asset, shown here as `member_points_<name>`."""


class ResConfigSettings(models.TransientModel):
    """Settings of points: the head office's, shown and edited by its branches too."""

    _inherit = "res.config.settings"

    member_point_value = fields.Float(
        related="member_root_id.member_point_value", readonly=False
    )
    member_point_redemption_rate = fields.Float(
        related="member_root_id.member_point_redemption_rate", readonly=False
    )
    member_points_pin_from = fields.Float(
        related="member_root_id.member_points_pin_from", readonly=False
    )
    member_points_warning_days = fields.Integer(
        related="member_root_id.member_points_warning_days", readonly=False
    )
    member_points_expiry_policy = fields.Selection(
        lambda self: (
            self.env["member.asset"]
            ._fields["expiry_policy"]
            ._description_selection(self.env)
        ),
        "Points Expire",
        compute="_compute_member_points_expiry",
        inverse="_inverse_member_points_expiry",
    )
    member_points_expiry_months = fields.Integer(
        "Months until Points Expire",
        compute="_compute_member_points_expiry",
        inverse="_inverse_member_points_expiry",
    )
    member_points_expiry_years = fields.Integer(
        "Years until Points Expire",
        compute="_compute_member_points_expiry",
        inverse="_inverse_member_points_expiry",
    )

    @api.depends("company_id")
    def _compute_member_points_expiry(self):
        for settings in self:
            asset = settings.company_id._member_asset("points")
            for name in EXPIRY:
                settings[f"member_points_{name}"] = asset[name]

    def _inverse_member_points_expiry(self):
        """Set when points that come in from now on expire."""
        self.check_access("write")
        for settings in self:
            asset = settings.company_id._member_asset("points")
            values = {name: settings[f"member_points_{name}"] for name in EXPIRY}
            if asset and any(asset[name] != values[name] for name in EXPIRY):
                # in sudo mode: nobody edits a pocket but by these settings
                asset.write(values)
