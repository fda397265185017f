from odoo import models

from ..refusals import attempts_logged


class PosOrder(models.Model):
    """Who serves the own wallet at a till is named in the operator log.

    Asked for at the till, a company may refuse it, and so it may what would put value
    into the own wallet: a top-up, a refund, goods without a receipt. An order that is
    there all the same (another cashier's hold, an employee whom only the browser knew)
    is listed.
    """

    _inherit = "pos.order"

    def _member_claim(self, wallet, topups, claims):
        if topups:
            self._check_member_own(self.partner_id)
        result = super()._member_claim(wallet, topups, claims)
        for member in wallet.filtered(lambda payment: payment.amount < 0).member_id:
            self._check_member_own(member)
        served = wallet.member_id
        if topups:
            served |= self.partner_id
        for member in served & self._member_operators():
            self.env["member.operator.log"]._log(
                "own_card",
                partner=member,
                till=self.config_id,
                reference=self.pos_reference,
                detail=self.currency_id.format(
                    sum(wallet.mapped("amount")) or self.amount_total
                ),
            )
        return result

    @attempts_logged
    def _check_member_own(self, member):
        self.env.user._member_check_own(member)

    def _member_operators(self):
        """Return the contacts of who is logged in and of who stands at the till."""
        # sudo: a cashier may not see employees
        employee = self.sudo().employee_id
        return (
            self.env.user.partner_id
            | employee.user_id.partner_id
            | employee.work_contact_id
        )
