from odoo import fields, models

from .member_class_rule import DIGITS


class MemberClassReviewLine(models.Model):
    """One member whom a review moves: from where, where to, by which rule."""

    _name = "member.class.review.line"
    _description = "Class Review Line"
    _inherit = ["member.export.mixin"]
    _log_access = False
    _order = "id"
    _rec_name = "partner_id"

    review_id = fields.Many2one(
        "member.class.review",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="review_id.company_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    from_class_id = fields.Many2one(
        "member.class", "Old Class", required=True, readonly=True, ondelete="cascade"
    )
    class_id = fields.Many2one(
        "member.class", "New Class", required=True, readonly=True, ondelete="cascade"
    )
    rule_id = fields.Many2one(
        "member.class.rule", readonly=True, ondelete="set null", index="btree_not_null"
    )
    figure = fields.Float("Reached", readonly=True, digits=DIGITS, aggregator="avg")
    is_up = fields.Boolean("Rises", readonly=True)
