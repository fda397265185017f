from odoo import models


class PosConfig(models.Model):
    """A coupon's code is refused for whom the program is not meant."""

    _inherit = "pos.config"

    def use_coupon_code(self, code, creation_date, partner_id, pricelist_id):
        answer = super().use_coupon_code(code, creation_date, partner_id, pricelist_id)
        if not answer["successful"]:
            return answer
        program = self.env["loyalty.program"].browse(answer["payload"]["program_id"])
        partner = self.env["res.partner"].browse(partner_id or [])
        if program._member_suits(partner, self.company_id):
            return answer
        # sudo: as the condition itself
        message = program.sudo().member_condition
        return {"successful": False, "payload": {"error_message": message}}
