from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import ormcache


class MemberClass(models.Model):
    """A class makes all points of its members count several times."""

    _name = "member.class"
    _inherit = ["member.class", "member.cached.mixin"]

    point_multiplier = fields.Float(
        "Points Multiplier",
        digits=(6, 2),
        default=1.0,
        help="All points that members of this class earn are multiplied by it, beside "
        "what points rules multiply.",
    )

    _point_multiplier_positive = models.Constraint(
        "CHECK (point_multiplier > 0)", "The multiplier of a class is above zero."
    )

    @api.model
    @ormcache()
    def _point_facts(self) -> dict:
        """Return (earns points, Decimal multiplier) by id; every order asks for it."""
        # sudo: what a class earns is no secret
        classes = self.sudo().with_context(active_test=False)
        return {
            each.id: (each.can_earn_points, Decimal(str(each.point_multiplier)))
            for each in classes.search_fetch(
                [], ["can_earn_points", "point_multiplier"]
            )
        }
