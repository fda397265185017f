from dataclasses import replace
from math import isfinite

from odoo import models

from .. import approvals
from ..till import TillRefusal
from .pos_config_refund import MAX_ID

MAX_LINES = 500
NAMED_LINES = 5
"""So many lines of an order are named; the others are counted."""


class PosConfig(models.Model):
    """What an approval is asked for: read from what a till sends, in our own words.

    The supervisor and the log read these words; what the browser shows proves nothing.
    """

    _inherit = "pos.config"

    def _member_approval_subject(self, act, amount, about):
        """Return the `Subject` of an approval, with its words; add-ons read theirs.

        :param about: of a line's discount or price `product_id` and `quantity`; of a
            refund or a discount on an order `partner_id` and `goods`, the lines as
            `[product_id, quantity, id of the refunded line or false]`; of a PIN
            `partner_id`.
        :raise TillRefusal: bad_request, not_member, other_company, not_found.
        """
        if act == "pin_reset":
            partner = self._member_of_till(about.get("partner_id"))
            subject = approvals.of_member(partner)
            return replace(subject, text=self.env._("Reset or unlock the member's PIN"))
        if act in ("discount", "price") and "product_id" in about:
            product = self._member_approval_product(about["product_id"])
            subject = approvals.of_line(
                product, self._member_approval_number(about.get("quantity"))
            )
            text = self._member_approval_line_text(act, amount, product, subject)
            return replace(subject, text=text)
        partner = self._member_approval_partner(about.get("partner_id"))
        goods = self._member_approval_goods(about.get("goods"))
        return replace(
            approvals.of_goods(partner, goods),
            text=self._member_approval_goods_text(act, amount, goods),
            more=self._member_approval_plan_text(act, amount, goods),
        )

    # === WORDS === #

    def _member_approval_line_text(self, act, amount, product, subject):
        what = {"quantity": f"{subject.quantity:g}", "product": product.display_name}
        if act == "discount":
            return self.env._(
                "%(percent)s %% off %(quantity)s × %(product)s",
                percent=f"{amount:.4g}",
                **what,
            )
        return self.env._(
            "%(quantity)s × %(product)s for %(price)s each (list price: %(list)s)",
            price=self.currency_id.format(amount),
            list=self.currency_id.format(self._member_list_price(product)),
            **what,
        )

    def _member_list_price(self, product):
        # sudo: which pricelist a till sells at is no secret to its cashier
        pricelist = self.sudo().pricelist_id
        if not pricelist:
            return product.lst_price
        return pricelist._get_product_price(product, 1.0, currency=self.currency_id)

    def _member_approval_goods_text(self, act, amount, goods):
        what = {
            "goods": self._member_approval_goods_names(goods),
            "amount": self.currency_id.format(amount),
        }
        if act == "discount":
            return self.env._(
                "%(percent)s %% off the whole order: %(goods)s",
                percent=f"{amount:.4g}",
                goods=what["goods"],
            )
        if act == "refund_no_receipt":
            return self.env._(
                "Take back goods for %(amount)s without a receipt: %(goods)s", **what
            )
        orders = self._member_approval_origins(goods)
        if not orders:
            return self.env._("Give back %(amount)s: %(goods)s", **what)
        names = ", ".join(filter(None, orders.mapped("pos_reference")))
        if any(orders.mapped("is_member_topup")):
            return self.env._(
                "Pay %(amount)s out of the wallet: undo the top-up %(order)s",
                amount=what["amount"],
                order=names,
            )
        return self.env._(
            "Give back %(amount)s of %(order)s: %(goods)s", order=names, **what
        )

    def _member_approval_goods_names(self, goods):
        names = [
            # sudo: what is sold at a till is no secret to its cashier
            f"{abs(quantity):g} × "
            f"{self.env['product.product'].sudo().browse(product_id).display_name}"
            for product_id, quantity, _origin in goods[:NAMED_LINES]
        ]
        if len(goods) > NAMED_LINES:
            names.append(self.env._("%(number)s more", number=len(goods) - NAMED_LINES))
        return ", ".join(names)

    def _member_approval_plan_text(self, act, amount, goods):
        """Say how the sales that are given back were paid, where a wallet has."""
        orders = self._member_approval_origins(goods)
        if act != "refund_limit" or not orders or any(orders.mapped("is_member_topup")):
            return ""
        try:
            plan = orders._member_refund_plan(amount, self)
        except TillRefusal:
            return ""  # the order itself is told why when it is paid
        if not plan:
            return ""
        return self.env._(
            "as it was paid: %(plan)s",
            plan=", ".join(orders[:1]._member_part_names(plan)),
        )

    def _member_approval_origins(self, goods):
        """Return the sales that these lines refund.

        :raise TillRefusal: not_found.
        """
        line_ids = [origin_id for _product, _quantity, origin_id in goods if origin_id]
        if not line_ids:
            return self.env["pos.order"]
        return self._member_refunded_orders(line_ids)

    # === READING WHAT WAS SENT === #

    def _member_approval_product(self, product_id):
        # sudo: what is sold at a till is no secret to its cashier
        products = self.env["product.product"].sudo()
        if self._member_is_id(product_id):
            products = products.browse(product_id).exists()
        if not products:
            raise self._member_approval_malformed()
        return products

    def _member_approval_partner(self, partner_id):
        """Return the order's customer, empty for none."""
        partners = self.env["res.partner"]
        if not partner_id:
            return partners
        if self._member_is_id(partner_id):
            partners = partners.browse(partner_id).exists()
        if not partners or not partners.has_access("read"):
            raise self._member_approval_malformed()
        return partners

    def _member_approval_goods(self, goods):
        """Return lines as `(product_id, quantity, id of the refunded line or 0)`."""
        if not isinstance(goods, list) or not 0 < len(goods) <= MAX_LINES:
            raise self._member_approval_malformed()
        read = []
        for line in goods:
            if not isinstance(line, list) or len(line) != 3:
                raise self._member_approval_malformed()
            product_id, quantity, origin_id = line
            if origin_id and not self._member_is_id(origin_id):
                raise self._member_approval_malformed()
            read.append(
                (
                    self._member_approval_product(product_id).id,
                    self._member_approval_number(quantity),
                    origin_id or 0,
                )
            )
        return read

    def _member_approval_number(self, quantity):
        if (
            isinstance(quantity, bool)
            or not isinstance(quantity, (int, float))
            or not isfinite(quantity)
            or not quantity
        ):
            raise self._member_approval_malformed()
        return quantity

    def _member_is_id(self, value):
        return (
            isinstance(value, int)
            and not isinstance(value, bool)
            and 0 < value <= MAX_ID
        )

    def _member_approval_malformed(self):
        return TillRefusal(
            "bad_request",
            self.env._("The till asked for something unknown. Reload it."),
        )
