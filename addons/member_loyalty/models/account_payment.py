from decimal import Decimal

from odoo import models

from odoo.addons.member_card import ledger

LINE = "topup"
"""Key of the one line that a top-up from the office has for the rules."""


class AccountPayment(models.Model):
    """The points of a top-up from the office go when the top-up is taken back."""

    _inherit = "account.payment"

    def action_member_take_back(self):
        result = super().action_member_take_back()
        # sudo: the right to pay out is enough
        earnings = self.env["member.point.earning"].sudo()
        earning = earnings.search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        if earning:
            earning._lock()
            earning._follow(
                {LINE: Decimal(0)},
                request_key=f"{self.member_topup_key}:back",
                context=ledger.Context(
                    res_model=self._name, res_id=self.id, reference=self.name
                ),
            )
        return result

    def _member_earn(self, context):
        """Insert what this top-up earns its member, in its own transaction."""
        self.ensure_one()
        earnings = self.env["member.point.earning"]
        rules = earnings._rules(self.company_id, "topup")
        if not rules or not earnings._may_earn(self.partner_id, self.company_id):
            return
        product = self.company_id._member_root().member_topup_product_id
        basket = self.env["member.point.rule"]._basket(
            rules,
            self.company_id,
            self.env["member.store"].browse(context.store_id or ()),
            [(LINE, product, self.amount, 1, True)],
            kind="topup",
            total=self.amount,
        )
        earnings._earn(
            # sudo: who tops up sees of a member what the office shows
            self.partner_id.sudo(),
            self,
            basket,
            rules,
            request_key=f"topup:{self.member_topup_key}",
            context=context,
        )
