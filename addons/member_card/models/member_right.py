import re

from odoo import api, fields, models
from odoo.tools import SQL

ROLES = ("cashier", "supervisor", "accountant", "manager")


class MemberRight(models.Model):
    """A1: one line for each right, and which role brings it.

    Read from the groups as they are, so that what an administrator changed shows. Roles
    are what the add-ons make them: whoever needs one right more is given that right.
    """

    _name = "member.right"
    _description = "Membership Right"
    _auto = False
    _order = "sequence, id"
    _rec_name = "name"

    group_id = fields.Many2one("res.groups", readonly=True)
    sequence = fields.Integer(readonly=True)
    name = fields.Char("Right", compute="_compute_group", compute_sudo=True)
    description = fields.Char(
        "What It Allows", compute="_compute_group", compute_sudo=True
    )
    is_cashier = fields.Boolean("Cashier", compute="_compute_roles", compute_sudo=True)
    is_supervisor = fields.Boolean(
        "Supervisor", compute="_compute_roles", compute_sudo=True
    )
    is_accountant = fields.Boolean(
        "Accountant", compute="_compute_roles", compute_sudo=True
    )
    is_manager = fields.Boolean("Manager", compute="_compute_roles", compute_sudo=True)
    user_count = fields.Integer("People", compute="_compute_user_count")

    @property
    def _table_query(self):
        return SQL(
            """SELECT g.id, g.id AS group_id, g.sequence
                 FROM res_groups g
                 JOIN ir_model_data d ON d.model = 'res.groups' AND d.res_id = g.id
                WHERE g.privilege_id IS NULL AND d.module LIKE 'member\\_%%'
                  AND d.name LIKE 'group\\_member\\_%%'"""
        )

    # === COMPUTE === #

    @api.depends("group_id.name", "group_id.comment")
    def _compute_group(self):
        for right in self:
            # every right begins with “Membership:”, which the title says already
            name = re.split(r"[:：]\s*", right.group_id.name, maxsplit=1)[-1]
            right.name = name[:1].upper() + name[1:]
            right.description = right.group_id.comment

    @api.depends("group_id")
    def _compute_roles(self):
        for role in ROLES:
            granted = self.env.ref(f"member_card.group_member_{role}").all_implied_ids
            for right in self:
                right[f"is_{role}"] = right.group_id in granted

    def _compute_user_count(self):
        for right in self:
            right.user_count = self.env["res.users"].search_count(right._people())

    # === ACTIONS === #

    def action_view_people(self):
        """Open who has this right, by a role or given alone."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_card.member_people_action"
        )
        return {**action, "name": self.name, "domain": self._people()}

    def _people(self):
        return [
            ("all_group_ids", "in", self.group_id.ids),
            ("share", "=", False),
            ("company_ids", "in", self.env.companies.ids),
        ]
