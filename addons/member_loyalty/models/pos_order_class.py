from odoo import models


class PosOrder(models.Model):
    """A paid order may give its member another class, from the next sale on."""

    _inherit = "pos.order"

    def action_pos_order_paid(self):
        result = super().action_pos_order_paid()
        buyers = self.partner_id | self.payment_ids.member_id
        self.env["member.class.rule"]._judge_after_commit(buyers, self.company_id)
        return result
