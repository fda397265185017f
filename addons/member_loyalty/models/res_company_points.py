from odoo import fields, models


class ResCompany(models.Model):
    """What points are worth to the company, and how its tills and mails treat them.

    Settings of the root company, as those of the wallet.
    """

    _inherit = "res.company"

    member_point_value = fields.Float(
        "Value of a Point",
        digits=(16, 4),
        default=0.01,
        help="What one point buys, in the company's currency. The provision for points "
        "is reckoned with it; what a gift costs is said on the gift.",
    )
    member_point_redemption_rate = fields.Float(
        "Expected Redemption (%)",
        digits=(5, 2),
        default=100.0,
        help="Of 100 points that members have, how many they will spend before they "
        "expire. Take it from your own history (Points Report); 100 is prudent.",
    )
    member_points_pin_from = fields.Float(
        "PIN from (Points)",
        digits=(16, 2),
        help="Spending at least this many points at once takes the member's PIN. "
        "0 means never.",
    )
    member_points_warning_days = fields.Integer(
        "Warn before Points Expire (Days)",
        help="Members with an e-mail address are told this many days before points of "
        "theirs expire. 0 means they are not told.",
    )

    _member_points_settings = models.Constraint(
        "CHECK (member_point_value >= 0 AND member_points_pin_from >= 0"
        " AND member_points_warning_days >= 0"
        " AND member_point_redemption_rate BETWEEN 0 AND 100)",
        "Points: values cannot be negative, and redemption is between 0 and 100 %.",
    )
