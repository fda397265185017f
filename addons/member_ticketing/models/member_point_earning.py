from odoo import fields, models


def keep(records):
    """Leave what was earned as it is when the add-on goes."""


class MemberPointEarning(models.Model):
    """What tickets and purchases made elsewhere have earned."""

    _inherit = "member.point.earning"

    kind = fields.Selection(
        selection_add=[("external", "Purchase Made Elsewhere")],
        ondelete={"external": keep},
    )

    def _member_kept(self):
        """Return how many points are left of what these earned."""
        return sum(self.mapped("points")) - sum(self.mapped("clawed_back"))
