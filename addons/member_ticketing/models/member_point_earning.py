from odoo import fields, models


def keep(records):
    """Leave what was earned as it is when the add-on goes."""


class MemberPointEarning(models.Model):
    """What a purchase made elsewhere has earned."""

    _inherit = "member.point.earning"

    kind = fields.Selection(
        selection_add=[("external", "Purchase Made Elsewhere")],
        ondelete={"external": keep},
    )
