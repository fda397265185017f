from odoo import api, fields, models
from odoo.fields import Domain

from ..words import listed


class LoyaltyProgram(models.Model):
    """A promotion or coupon that only members get, or only members of some classes.

    Asked by the till, by sale orders and by the website alike; the till's own answer is
    checked again when the order arrives.
    """

    _inherit = "loyalty.program"

    members_only = fields.Boolean(
        compute="_compute_members_only",
        store=True,
        readonly=False,
        help="Only active members get it: at the till when the member is chosen, on "
        "orders and on the website by the customer.",
    )
    member_class_ids = fields.Many2many(
        "member.class",
        "loyalty_program_member_class_rel",
        "program_id",
        "class_id",
        string="Member Classes",
        help="Only members of these classes. Empty: members of every class.",
    )
    member_condition = fields.Char(compute="_compute_member_condition")

    @api.depends("member_class_ids")
    def _compute_members_only(self):
        for program in self:
            program.members_only = program.members_only or program.member_class_ids

    @api.depends("name", "members_only", "member_class_ids.name")
    @api.depends_context("lang")
    def _compute_member_condition(self):
        """Say who may have it and what to do next, to who serves somebody refused."""
        for program in self:
            if not program.members_only:
                program.member_condition = False
            elif program.member_class_ids:
                program.member_condition = self.env._(
                    "“%(program)s” is for members of these classes: %(classes)s. "
                    "Choose such a member as the customer first.",
                    program=program.name,
                    classes=listed(self.env, program.member_class_ids.mapped("name")),
                )
            else:
                program.member_condition = self.env._(
                    "“%(program)s” is for members. Choose a member as the customer "
                    "first.",
                    program=program.name,
                )

    # === WHO MAY HAVE IT === #

    @api.model
    def _member_domain(self, partner, company):
        """Return the domain of the programs that this customer may have, as a list.

        A list, because add-ons of the website look through its leaves.
        """
        member_class = partner._member_class_in(company)
        if not member_class:
            return [("members_only", "=", False)]
        return [
            *("|", "|", ("members_only", "=", False)),
            ("member_class_ids", "=", False),
            ("member_class_ids", "in", member_class.ids),
        ]

    def _member_suits(self, partner, company, since=None):
        """Tell whether the customer may have this, now or at any time since `since`."""
        self.ensure_one()
        # sudo: the condition is the shop's, and so is the member's class
        program = self.sudo()
        if not program.members_only:
            return True
        classes = partner._member_class_in(company)
        if classes and since:
            classes |= partner._member_classes_since(since)
        return bool(
            classes
            and (not program.member_class_ids or classes & program.member_class_ids)
        )

    def _member_refusal(self):
        """Say why a code is not taken and what to do next, to who has typed it."""
        self.ensure_one()
        user = self.env.user
        if user._is_internal():
            return self.member_condition
        if self.member_class_ids:
            whom = self.env._(
                "“%(program)s” is for members of these classes: %(classes)s.",
                program=self.name,
                classes=listed(self.env, self.member_class_ids.mapped("name")),
            )
        else:
            whom = self.env._("“%(program)s” is for members.", program=self.name)
        if user._is_public():
            return self.env._("%(whom)s Sign in first if you are one.", whom=whom)
        return self.env._("%(whom)s Ask in our stores how to become one.", whom=whom)

    # === TILL === #

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "member_class_ids",
            "member_condition",
            "members_only",
        ]


class LoyaltyRule(models.Model):
    _inherit = "loyalty.rule"

    @api.model
    def _member_domain(self, partner, company):
        """Return the domain of the triggers that this customer may use, as a list."""
        domain = self.env["loyalty.program"]._member_domain(partner, company)
        return list(Domain(domain).map_conditions(_of_program))


def _of_program(condition):
    return Domain(
        f"program_id.{condition.field_expr}", condition.operator, condition.value
    )
