from odoo import models


class SaleOrder(models.Model):
    """Promotions and coupons for members, on orders and on the website."""

    _inherit = "sale.order"

    def _get_program_domain(self):
        programs = self.env["loyalty.program"]
        return [
            *super()._get_program_domain(),
            *programs._member_domain(self.partner_id, self.company_id),
        ]

    def _get_trigger_domain(self):
        rules = self.env["loyalty.rule"]
        return [
            *super()._get_trigger_domain(),
            *rules._member_domain(self.partner_id, self.company_id),
        ]

    def _try_apply_code(self, code):
        """Say for whom a code is, instead of that there is none."""
        result = super()._try_apply_code(code)
        if "not_found" not in result:
            return result
        # sudo: customers type codes, and read no programs
        programs = self.env["loyalty.rule"].sudo()
        program = programs.search(
            [("mode", "=", "with_code"), ("code", "=", code)], limit=1
        ).program_id
        program = (
            program
            or self.env["loyalty.card"]
            .sudo()
            .search([("code", "=", code)], limit=1)
            .program_id
        )
        if program.active and not program._member_suits(
            self.partner_id, self.company_id
        ):
            return {"error": program._member_refusal()}
        return result
