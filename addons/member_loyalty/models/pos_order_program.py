from odoo import models

from odoo.addons.member_card.till import TillRefusal


class PosOrder(models.Model):
    """What a browser claims of promotions for members is checked when it arrives.

    A reward that the customer may not have is a price like any other that is not due:
    it is listed, or refused where the company says so.
    """

    _inherit = "pos.order"

    def _member_needs_price_check(self, member):
        return super()._member_needs_price_check(member) or any(
            not line._member_reward_suits() for line in self.lines
        )

    def confirm_coupon_programs(self, coupon_data):
        """Leave out what a program for others would give; what was used is taken."""
        kept = {}
        for key, values in coupon_data.items():
            program = self._member_claimed_program(key, values)
            gives = int(key) < 0 or values["points"] > 0
            if gives and not self._member_program_suits(program):
                self._member_log_claim(program)
            else:
                kept[key] = values
        return super().confirm_coupon_programs(kept)

    def _member_claimed_program(self, key, values):
        """Return the program: a coupon that exists says itself which one it is of."""
        # sudo: read only
        card = self.env["loyalty.card"].sudo().browse(max(int(key), 0)).exists()
        programs = self.env["loyalty.program"].browse(values.get("program_id"))
        return card.program_id.sudo(False) or programs.exists()

    def _member_program_suits(self, program):
        """Tell whether the customer might have it when the order was made.

        Which the browser says; never before the session.
        """
        opened = self.session_id.start_at
        return not program or program._member_suits(
            self.partner_id,
            self.company_id,
            since=opened and max(self.date_order, opened),
        )

    def _member_log_claim(self, program):
        # sudo: as the condition itself
        refused = TillRefusal("bad_request", program.sudo().member_condition)
        self.env["member.operator.log"]._log_attempt(refused, **self._member_attempt())


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _member_is_priced_elsewhere(self):
        return self._member_reward_suits() and super()._member_is_priced_elsewhere()

    def _member_reward_suits(self):
        """Tell whether this is no reward, or one that the customer may have."""
        self.ensure_one()
        return (
            not self.reward_id
            or self._member_takes_back()
            or self.order_id._member_program_suits(self.reward_id.program_id)
        )
