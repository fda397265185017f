from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.base.models.res_partner import _tz_get


class MemberStore(models.Model):
    """A place where members are served: its tills, its people, its time zone."""

    _name = "member.store"
    _description = "Store"
    _parent_store = True
    _order = "complete_name"
    _rec_name = "complete_name"

    name = fields.Char(required=True, translate=False)
    complete_name = fields.Char(
        "Full Name", compute="_compute_complete_name", store=True, recursive=True
    )
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        "member.store",
        index=True,
        ondelete="restrict",
        help="Region or head office that this store reports to.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("member.store", "parent_id", "Stores Below")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    tz = fields.Selection(
        _tz_get,
        "Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="Opening hours and weekdays are this store's own.",
    )
    pos_config_ids = fields.One2many("pos.config", "member_store_id", "Tills")
    user_ids = fields.Many2many("res.users", string="Operators")
    member_count = fields.Integer("Members", compute="_compute_member_count")

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)", "Another store of this company has the same code."
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for store in self:
            names = [store.parent_id.complete_name, store.name]
            store.complete_name = " / ".join(filter(None, names))

    def _compute_member_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("member_store_id", "in", self.ids), ("is_member", "=", True)],
                ["member_store_id"],
                ["__count"],
            )
        )
        for store in self:
            store.member_count = counts.get(store, 0)

    @api.constrains("parent_id", "company_id")
    def _check_parent(self):
        for store in self:
            if store._has_cycle():
                raise ValidationError(
                    self.env._("A store cannot report to itself or to one below it.")
                )
            if store.parent_id.company_id.root_id not in (
                store.company_id.root_id,
                self.env["res.company"],
            ):
                raise ValidationError(
                    self.env._(
                        "%(store)s and %(parent)s belong to different companies. "
                        "Choose a parent of the same company.",
                        store=store.name,
                        parent=store.parent_id.name,
                    )
                )

    def write(self, vals):
        result = super().write(vals)
        if "user_ids" in vals:
            self.env.registry.clear_cache()  # of record rules by store
        return result

    def action_view_members(self):
        """Open the members who joined here."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_card.member_action"
        )
        action["domain"] = [("is_member", "=", True), ("member_store_id", "=", self.id)]
        return action
