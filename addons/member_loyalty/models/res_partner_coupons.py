from odoo import fields, models

COUPON_TYPES = ("coupons", "next_order_coupons")
"""Programs whose cards are a member's own coupons, each with a code."""

READERS = "point_of_sale.group_pos_user,sales_team.group_sale_salesman"
"""Who reads coupons in Odoo."""


class ResPartner(models.Model):
    """The personal coupons of a member."""

    _inherit = "res.partner"

    member_coupon_count = fields.Integer(
        "Coupons to Use", compute="_compute_member_coupon_count", groups=READERS
    )

    def _compute_member_coupon_count(self):
        counts = dict(
            self.env["loyalty.card"]._read_group(
                self._member_coupon_domain(), ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.member_coupon_count = counts.get(partner._origin, 0)

    def _member_coupon_domain(self):
        """Return the domain of the coupons that these members can still use."""
        return [
            ("partner_id", "in", self.ids),
            ("program_type", "in", COUPON_TYPES),
            ("program_id.active", "=", True),
            ("points", ">", 0),
            *("|", ("expiration_date", "=", False)),
            ("expiration_date", ">=", fields.Date.context_today(self)),
        ]

    def action_view_member_coupons(self):
        """Open the coupons of this member, used and expired ones too."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "loyalty.loyalty_card_action"
        )
        action["domain"] = [
            ("partner_id", "=", self.id),
            ("program_type", "in", COUPON_TYPES),
        ]
        action["context"] = {"create": False}
        return action
