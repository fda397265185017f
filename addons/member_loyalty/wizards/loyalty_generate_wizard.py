from odoo import api, fields, models


class LoyaltyGenerateWizard(models.TransientModel):
    """Personal coupons for members, or for the members of some classes."""

    _inherit = "loyalty.generate.wizard"

    members_only = fields.Boolean(
        compute="_compute_members_only", store=True, readonly=False
    )
    member_class_ids = fields.Many2many(
        "member.class",
        "loyalty_generate_member_class_rel",
        "wizard_id",
        "class_id",
        string="Member Classes",
        compute="_compute_members_only",
        store=True,
        readonly=False,
    )

    @api.model
    def default_get(self, fields_list):
        """Coupons that only members may use are issued to members."""
        values = super().default_get(fields_list)
        program = self.env["loyalty.program"].browse(values.get("program_id"))
        if "mode" in fields_list and program.members_only:
            values["mode"] = "selected"
        return values

    @api.depends("program_id")
    def _compute_members_only(self):
        for wizard in self:
            wizard.members_only = wizard.program_id.members_only
            wizard.member_class_ids = wizard.program_id.member_class_ids

    @api.depends("members_only", "member_class_ids", "program_id")
    def _compute_coupon_qty(self):
        return super()._compute_coupon_qty()

    def _get_partners(self):
        if self.mode != "selected" or not self.members_only:
            return super()._get_partners()
        members = self._member_domain()
        if self.customer_ids or self.customer_tag_ids:
            return super()._get_partners().filtered_domain(members)
        return self.env["res.partner"].search(members)

    def _member_domain(self):
        company = self.program_id.company_id or self.env.company
        domain = [
            ("is_member", "=", True),
            ("member_state", "=", "active"),
            ("member_company_id", "=", company._member_root().id),
        ]
        if self.member_class_ids:
            domain.append(("member_class_id", "in", self.member_class_ids.ids))
        return domain
