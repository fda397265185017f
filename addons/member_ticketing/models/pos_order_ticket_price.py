from odoo import models


class PosOrder(models.Model):
    """What tickets should have cost: what was agreed, not what a pricelist says.

    They are checked in each order, whoever buys. A reservation that is paid here costs
    what its sale order says.
    """

    _inherit = "pos.order"

    def _member_check_prices(self):
        check = super()._member_check_prices()
        tickets = self._member_agreed_lines()
        if not tickets:
            return check
        prices = {line.id: line._member_ticket_due() for line in tickets}
        for line in tickets:
            found = self._member_check_line(
                line, prices[line.id], line._member_ticket_discount()
            )
            if found:
                # another pricelist is no reason: it has no say here
                self._member_judge(found, check, self.pricelist_id, prices)
                check.findings.append(found)
        if not any(
            found.reason == "total" and not found.line for found in check.findings
        ):
            check.findings += self._member_check_total(check)
        if self._member_buyer():
            check.savings += self._member_ticket_savings(tickets)
        return check

    def _member_agreed_lines(self):
        """Return the lines whose price was agreed: tickets, and reservations."""
        return self.lines.filtered(
            lambda line: line._member_sells_seats() or line._member_settles_seats()
        )

    def _member_ticket_savings(self, tickets):
        """Sum what the tickets would have cost more without a policy."""
        savings = 0
        for line in tickets.filtered(lambda line: line._member_sells_seats()):
            if line.member_free_reason or not line.price_unit:
                continue
            rate = line.price_subtotal_incl / (line.price_unit * line.qty)
            saved = line.member_list_price - line._member_ticket_due()
            savings += max(saved, 0) * line.qty * rate
        return self.currency_id.round(savings)
