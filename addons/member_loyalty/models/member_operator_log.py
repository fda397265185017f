from odoo import fields, models

POINT_ACTIONS = [
    ("points_award", "Gave or took points"),
    ("redeem", "Gave a reward for points"),
    ("redeem_return", "Took a reward back"),
]


def keep(records):
    """Leave lines as they are when the add-on goes: they are never changed."""


class MemberOperatorLog(models.Model):
    """Acts with points that people answer for."""

    _inherit = "member.operator.log"

    action = fields.Selection(
        selection_add=POINT_ACTIONS,
        ondelete={action: keep for action, _label in POINT_ACTIONS},
    )
