from odoo.exceptions import ValidationError
from odoo.http import request, route

from odoo.addons.member_card.refusals import MemberRefusal
from odoo.addons.website_event_sale.controllers.payment import PaymentPortalOnsite
from odoo.addons.website_event_sale.controllers.sale import WebsiteEventSale

BACK = ("/shop/cart", "/shop/checkout", "/shop/address", "/shop/payment")
"""Pages that show how long seats are kept, and that one comes back to."""


class MemberShop(WebsiteEventSale):
    """Seats of the cart on their way through the checkout."""

    @route(
        "/shop/tickets/hold",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def member_hold_again(self, back="/shop/cart", **_post):
        """Hold the seats of one's own cart again, when the time has run out."""
        order_sudo = request.cart
        back = back if back in BACK else "/shop/cart"
        if not order_sudo:
            return request.redirect("/shop/cart")
        try:
            with request.env.cr.savepoint():
                order_sudo._member_hold_cart()
        except MemberRefusal as refusal:
            order_sudo.shop_warning = str(refusal)
            return request.redirect("/shop/cart")
        return request.redirect(back)

    def _prepare_shop_payment_confirmation_values(self, order):
        values = super()._prepare_shop_payment_confirmation_values(order)
        late = order._member_late_payments()
        values["member_late_payments"] = late.filtered(
            lambda each: not each.is_seat_given
        )
        values["member_is_refused"] = late and order.state != "sale"
        return values


class MemberPayment(PaymentPortalOnsite):
    """No payment begins for seats that are not held."""

    def _validate_transaction_for_order(self, transaction, sale_order):
        try:
            sale_order._member_hold_for_payment()
        except MemberRefusal as refusal:
            # the payment form knows no other refusal
            raise ValidationError(str(refusal)) from refusal
        # seats that this order holds are no obstacle to itself
        request.update_context(member_seat_keys=sale_order._member_seat_keys())
        return super()._validate_transaction_for_order(transaction, sale_order)
