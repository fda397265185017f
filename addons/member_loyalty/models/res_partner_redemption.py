from odoo import fields, models


class ResPartner(models.Model):
    """What a member took for points."""

    _inherit = "res.partner"

    member_redemption_count = fields.Integer(
        "Redemptions",
        compute="_compute_member_redemption_count",
        groups="member_loyalty.group_member_redeem,member_card.group_member_read_ledger",
    )

    def _compute_member_redemption_count(self):
        counts = dict(
            self.env["member.redemption"]._read_group(
                [("partner_id", "in", self.ids), ("state", "=", "done")],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.member_redemption_count = counts.get(partner, 0)

    def action_view_member_redemptions(self):
        """Open what this member took for points."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_loyalty.member_redemption_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {}
        return action
