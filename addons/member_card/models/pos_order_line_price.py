from math import copysign

from odoo import api, fields, models
from odoo.tools import float_compare, float_round


class PosOrderLine(models.Model):
    """What a line should cost: as the till computes it, from the server's own data."""

    _inherit = "pos.order.line"

    member_own_amount = fields.Float(
        "Amount as Computed",
        compute="_compute_member_own_amount",
        help="What the line comes to by its own price, discount and taxes.",
    )

    def _member_is_priced_elsewhere(self):
        """Tell whether no pricelist says what this line costs: a tip, a reward."""
        self.ensure_one()
        if self._is_member_topup():
            return True
        config = self.order_id.config_id
        if self.product_id == config.tip_product_id:
            return self.price_unit >= 0
        if self._member_is_reward():
            return True
        return self._member_has_price_label()

    def _member_is_reward(self):
        """Tell whether a promotion lowers the order by this line.

        Each reward has a product of its own, free goods too, that never costs anything.
        Goods that name a reward are goods.
        """
        if "reward_id" not in self._fields or not self.reward_id:
            return False
        # sudo: by which product a reward is sold is no secret
        product = self.reward_id.sudo().discount_line_product_id
        return self.product_id == product and self.price_unit <= 0

    def _member_has_price_label(self):
        """Tell whether the barcode on the goods says what they cost."""
        if self.price_type != "manual" or self.price_unit <= 0:
            return False
        barcode = self.product_id.barcode
        nomenclature = self.order_id.company_id.nomenclature_id
        if not barcode or not nomenclature:
            return False
        parsed = nomenclature.parse_barcode(barcode)
        return isinstance(parsed, dict) and parsed["type"] == "price"

    def _member_is_order_discount(self):
        """Tell whether this line takes money off the whole order."""
        return (
            not self.refunded_orderline_id
            and self.product_id.lst_price <= 0
            and self.price_subtotal_incl < 0 < self.qty
        )

    def _member_order_discount_percent(self):
        """Return by how much these lines lower what the others come to, in percent."""
        rest = self.order_id.lines.filtered(lambda line: line.price_subtotal_incl > 0)
        total = sum(rest.mapped("price_subtotal_incl"))
        taken = -sum(self.mapped("price_subtotal_incl"))
        return 100 * taken / total if total else 100

    def _member_takes_back(self):
        """Tell whether goods come back that another line sold.

        What is sold is sold, whatever line the till names in it.
        """
        self.ensure_one()
        return self.qty < 0 and bool(self.refunded_orderline_id)

    def _member_refunded(self):
        """Return the line that this one refunds, empty when it is another product."""
        origin = self.refunded_orderline_id
        return origin.filtered(
            lambda line: (
                self._member_takes_back() and line.product_id == self.product_id
            )
        )

    # === UNIT PRICE === #

    def _member_unit_prices(self, pricelist, date):
        """Return what one unit of each line costs, by line id, in the till's currency.

        The rules are searched once for all lines. A till looks at the quantity of the
        line alone, or for products with lots at that of all their lines.
        """
        company = self.order_id.company_id
        rules = pricelist.with_company(company)._get_applicable_rules(
            self.product_id, date
        )
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return {
            line.id: float_round(
                line._member_unit_price(rules, date), precision_digits=digits
            )
            for line in self
        }

    def _member_unit_price(self, rules, date):
        self.ensure_one()
        if ticket := self._member_ticket():
            return ticket.price
        product, quantity = self.product_id, self.qty
        if product.tracking == "lot":
            quantity = sum(
                self.order_id.lines.filtered(
                    lambda line: line.product_id == product
                ).mapped("qty")
            )
        rule = next(
            (rule for rule in rules if rule._is_applicable_for(product, quantity)),
            rules.browse(),
        )
        # the till drops the attributes' price below a pricelist based on another
        extra = 0 if rule.base == "pricelist" else self._member_attribute_price()
        return rule._compute_price(
            product.with_context(no_variant_attributes_price_extra=extra),
            quantity,
            product.uom_id,
            date,
            currency=self.order_id.currency_id,
        )

    def _member_ticket(self):
        """Return the event ticket of this line, whose price is its own."""
        # sudo: cashiers need not be able to read events
        return "event_ticket_id" in self._fields and self.sudo().event_ticket_id

    def _member_attribute_price(self):
        """Sum what the chosen attributes cost that make no variant of their own."""
        if not self.product_id.product_tmpl_id.has_configurable_attributes:
            return 0
        return self.product_id._get_no_variant_attributes_price_extra(
            self.attribute_value_ids
        )

    # === COMBOS === #

    def _member_combo(self):
        """Return the parts of this combo; empty when they do not belong together."""
        if self.product_id.type != "combo":
            return self.browse()
        # the order's lines are at hand, those of the combo would be searched
        parts = self.order_id.lines.filtered(lambda line: line.combo_parent_id == self)
        combos = self.product_id.product_tmpl_id.combo_ids
        if any(
            part.combo_item_id.product_id != part.product_id
            or part.combo_item_id.combo_id not in combos
            for part in parts
        ):
            return self.browse()
        return parts

    def _member_combo_price(self, unit_price):
        """Return what all parts of this combo come to before discounts and taxes.

        The price of the combo, what single parts and their attributes cost more, and
        the base price of each part beyond those that are free.
        """
        currency = self.order_id.currency_id
        free, price, has_free = {}, 0, False
        for part in self._member_combo():
            item, combo = part.combo_item_id, part.combo_item_id.combo_id
            quantity = part.qty / (self.qty or 1)
            left = free.setdefault(combo, combo.qty_free) - quantity
            price += quantity * (item.extra_price + part._member_all_attributes_price())
            if left >= 0:
                free[combo], has_free = left, True
            else:
                price += quantity * currency.round(combo.base_price)
        return self.qty * (price + (unit_price if has_free else 0))

    def _member_all_attributes_price(self):
        return sum(self.attribute_value_ids.mapped("price_extra"))

    # === WITH TAXES === #

    def _member_expected_taxes(self):
        """Return the product's taxes in the order's company, before any mapping."""
        # sudo: the taxes of a product are those of every company
        taxes = self.sudo().product_id.taxes_id
        return taxes._filter_taxes_by_company(self.order_id.company_id)

    def _member_amount(self, unit_price, discount, taxes):
        """Return what the line comes to with taxes, at another price."""
        order = self.order_id
        taxes = order.fiscal_position_id.map_tax(taxes)
        price = unit_price * (1 - discount / 100)
        if not taxes:
            return order.currency_id.round(price * self.qty)
        return taxes.compute_all(
            price,
            order.currency_id,
            self.qty,
            product=self.product_id,
            partner=order.partner_id,
        )["total_included"]

    @api.depends(
        "price_unit",
        "discount",
        "qty",
        "tax_ids",
        "product_id",
        "order_id.partner_id",
        "order_id.fiscal_position_id",
    )
    def _compute_member_own_amount(self):
        for line in self:
            line.member_own_amount = line._member_amount(
                line.price_unit, line.discount, line.tax_ids
            )

    def _member_sent_amount(self, own):
        """Return what the till says that the line comes to.

        :param own: what it comes to; a till turns the lines of a refund round.
        """
        sent = self.price_subtotal_incl
        return copysign(sent, own) if self.order_id.is_refund else sent

    def _member_same_price(self, unit_price):
        digits = self.env["decimal.precision"].precision_get("Product Price")
        return not float_compare(self.price_unit, unit_price, precision_digits=digits)
