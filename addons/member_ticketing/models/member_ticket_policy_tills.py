from odoo import api, models


class MemberTicketPolicy(models.Model):
    """The first sales policy makes box offices of the tills."""

    _inherit = "member.ticket.policy"

    @api.model_create_multi
    def create(self, vals_list):
        # sudo: who makes policies need not set tills up
        tills = self.env["pos.config"].sudo().search([("company_id", "!=", False)])
        tills -= tills._member_with_policies()
        policies = super().create(vals_list)
        tills._member_with_policies().member_is_box_office = True
        return policies
