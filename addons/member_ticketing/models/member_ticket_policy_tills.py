from odoo import api, models


class MemberTicketPolicy(models.Model):
    """The first sales policy makes box offices of the tills."""

    _inherit = "member.ticket.policy"

    @api.model_create_multi
    def create(self, vals_list):
        # sudo: who makes policies need not set tills up
        tills = self.env["pos.config"].sudo().search([("company_id", "!=", False)])
        tills = tills.filtered(lambda till: not till._member_has_policies())
        policies = super().create(vals_list)
        tills.filtered(lambda till: till._member_has_policies()).write(
            {"member_is_box_office": True}
        )
        return policies
