from odoo import models


class AccountMove(models.Model):
    """A paid invoice may give its member another class."""

    _inherit = "account.move"

    def _invoice_paid_hook(self):
        result = super()._invoice_paid_hook()
        for company, moves in self.grouped("company_id").items():
            self.env["member.class.rule"]._judge_after_commit(moves.partner_id, company)
        return result
