from odoo import models

from ..refusals import TicketRefusal

FREE = "member_ticketing.group_member_ticket_free"


class SaleOrderLine(models.Model):
    """What may not be sold: not by this policy now, or not at the price typed."""

    _inherit = "sale.order.line"

    def _member_check_offer(self, left=None):
        """Refuse what is not sold to this customer now as the line says.

        :raise TicketRefusal: closed, not_for_sale, used_up, price_changed.
        """
        self.ensure_one()
        # sudo: shoppers and clerks cannot read policies
        chosen = self.member_policy_user_id and self.member_ticket_policy_id.sudo()
        offer = self._member_offer(policy=chosen or None, left=left)
        if not offer.is_for_sale:
            raise TicketRefusal(
                offer.status,
                self.env._(
                    "%(ticket)s: %(why)s",
                    ticket=self.event_ticket_id.sudo().display_name,
                    why=offer.why,
                ),
            )
        now = self._member_offer_vals(offer)
        is_same_price = not self.currency_id.compare_amounts(
            now["member_ticket_price"], self.member_ticket_price
        )
        policies = {now["member_ticket_policy_id"], self.member_ticket_policy_id.id}
        if any(policies) and (len(policies) > 1 or not is_same_price):
            raise TicketRefusal("price_changed", self._member_price_changed_said(offer))

    def _member_price_changed_said(self, offer):
        """Say what the ticket costs now, to who sells it or to the shopper."""
        # sudo: the ticket is named to who buys it
        words = {
            "ticket": self.event_ticket_id.sudo().display_name,
            "price": self._member_offer_currency().format(offer.price),
            "why": offer.why,
        }
        if self._member_channel() == "web":
            return self.env._(
                "%(ticket)s: the price is %(price)s now (%(why)s). Take the tickets "
                "out of the cart and choose them again.",
                **words,
            )
        return self.env._(
            "%(ticket)s: the price is %(price)s now (%(why)s). Press “Update Ticket "
            "Prices”, tell the customer, and try again.",
            **words,
        )

    def _member_offer_currency(self):
        # sudo: sellers need not see performances
        company = self.event_ticket_id.sudo().company_id or self.env.company
        return company.currency_id

    def _member_price_by_policy(self):
        """Return what one ticket costs by its policy, as `price_unit` says it."""
        self.ensure_one()
        line = self.with_company(self.company_id)
        price = line._convert_to_sol_currency(
            line.member_ticket_price, line._member_offer_currency()
        )
        product_taxes = line.product_id.taxes_id._filter_taxes_by_company(
            line.company_id
        )
        return line.product_id._get_tax_included_unit_price_from_price(
            price,
            product_taxes=product_taxes,
            fiscal_position=line.order_id.fiscal_position_id,
        )

    def _member_price_typed(self):
        """Return what one ticket costs on this line after the line's discount."""
        return self.price_unit * (1 - self.discount / 100)

    def _member_price_paid(self):
        """Return what is left of that after discounts on the whole order."""
        return self._member_price_typed() * (1 - self.order_id._member_part_taken_off())

    def _member_is_taken_off(self):
        """Tell whether this line only lowers what the whole order costs.

        Rewards do as their programs say; goods that come back are goods.
        """
        self.ensure_one()
        return (
            not self.reward_id
            and self.price_total < 0
            and (self.price_unit < 0 or self._is_discount_line())
        )

    def _member_is_given(self):
        """Tell whether a ticket that costs something is given away here."""
        self.ensure_one()
        return (
            self.event_ticket_id
            and self.currency_id.is_zero(self._member_price_paid())
            and not self.currency_id.is_zero(self._member_price_by_policy())
        )

    def _member_check_typed_price(self, before=None):
        """Refuse a price below the policy's to people who may not lower prices.

        Of a confirmed order only prices that fall are looked at: what was agreed on may
        be written again. Tickets that it gives away from now on take their reason.

        :param before: what one ticket cost by the line alone before this change, by
            line; None where what the whole order takes off is looked at as well.
        :raise AccessError: the right to give tickets away, or to give discounts.
        :raise TicketRefusal: no_reason.
        """
        if self.env.su:
            return
        for line in self.filtered("event_ticket_id"):
            is_sold = line.order_id.state == "sale"
            typed, asked = line._member_price_typed(), line._member_price_by_policy()
            paid = typed if before else line._member_price_paid()
            compare = line.currency_id.compare_amounts
            if is_sold and before and compare(paid, before[line]) >= 0:
                continue
            is_free = line._member_is_given()
            if line.member_ticket_policy_id and compare(paid, asked) < 0:
                self.env.user._member_require(FREE if is_free else "discount")
                if not is_free:
                    line._member_log_price(paid, asked)
            if is_sold and is_free:
                line.order_id._member_check_reason(line)
                line.order_id._member_note_given(line)

    def _member_no_reason_said(self):
        """Say what helps a ticket that is given away without a reason."""
        # sudo: sellers need not see performances
        ticket = self.event_ticket_id.sudo().display_name
        if self.order_id.state == "sale":
            return self.env._(
                "%(ticket)s would cost nothing on a confirmed order. Fill in "
                "“Complimentary Because” first, which takes the right to give tickets "
                "away, or leave the ticket its price.",
                ticket=ticket,
            )
        if not self.currency_id.is_zero(self._member_price_typed()):
            return self.env._(
                "%(ticket)s costs nothing with what is taken off the whole order. Fill "
                "in “Complimentary Because”, which takes the right to give tickets "
                "away, or remove that discount.",
                ticket=ticket,
            )
        return self.env._(
            "%(ticket)s costs nothing here. Fill in “Complimentary Because”, "
            "which takes the right to give tickets away, or press “Update "
            "Ticket Prices”.",
            ticket=ticket,
        )

    def _member_log_price(self, paid, asked):
        self.env["member.operator.log"]._log(
            "ticket_price",
            partner=self._member_customer(),
            reference=self.order_id.name,
            detail=f"{self.event_ticket_id.display_name}: "
            f"{self.currency_id.format(asked)} → {self.currency_id.format(paid)}",
        )
