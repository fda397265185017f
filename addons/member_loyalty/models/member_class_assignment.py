from odoo import fields, models


class MemberClassAssignment(models.Model):
    """By which rule and in which review a class was given."""

    _inherit = "member.class.assignment"

    rule_id = fields.Many2one(
        "member.class.rule", readonly=True, ondelete="set null", index="btree_not_null"
    )
    review_id = fields.Many2one(
        "member.class.review",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
