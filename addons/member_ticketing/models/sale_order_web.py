from datetime import timedelta

from odoo import fields, models

from odoo.addons.member_card.refusals import MemberRefusal

from .. import seats
from ..refusals import TicketRefusal


class SaleOrder(models.Model):
    """Carts with tickets: their seats are held for a time, which the shopper sees.

    A cart never holds fewer seats than its lines say: what cannot be had is refused,
    or taken out with a word about it where nobody is there to be asked.
    """

    _inherit = "sale.order"

    member_held_since = fields.Datetime(
        "Seats Held Since",
        copy=False,
        readonly=True,
        help="However often a cart's hold is renewed, it ends some time after this.",
    )

    # === HOLDS === #

    def _member_seconds_left(self):
        """Return for how long all seats of the cart are still held, 0: not any more.

        None of a cart without tickets.
        """
        self.ensure_one()
        lines = self._member_ticket_lines()
        if not lines:
            return None
        if any(not line.member_held_until for line in lines):
            return 0
        until = min(lines.mapped("member_held_until"))
        return max(int((until - fields.Datetime.now()).total_seconds()), 0)

    def _member_hold_cart(self, is_paying=False):
        """Hold the seats of the cart, from now for so long as the company says.

        :raise MemberRefusal: they are not for sale like this, or not left.
        """
        self.ensure_one()
        if not self._member_ticket_lines():
            return
        seconds = self._member_cart_seconds(is_paying=is_paying)
        self._member_check_tickets()
        self._member_hold_seats(ttl=seconds)

    def _member_hold_for_payment(self, is_paid=False):
        """Hold the seats while the shopper pays; those that ran out are held again.

        :param is_paid: the money is here: only seats are looked at, not whether the
            policy still sells at this price.
        :raise MemberRefusal: not all of them can be had any more.
        """
        self.ensure_one()
        if not self._member_ticket_lines():
            return
        if is_paid:
            seconds = 60 * self._member_web_minutes("member_payment_hold_minutes")
        else:
            seconds = self._member_cart_seconds(is_paying=True)
        if self._member_prolong_seats(seconds):
            return
        if is_paid:
            self._member_hold_seats(ttl=seconds)
        else:
            self._member_hold_cart(is_paying=True)

    def _member_cart_seconds(self, is_paying=False, hours=0):
        """Return for how many seconds from now the cart's seats may be held.

        Renewed or not, one cart keeps its seats for so long after it held them first
        as the company's settings say: while one chooses for the longer of the times
        for a cart and for paying, then for both together. What it holds is not
        shortened. When that has run out, seats are taken anew if they are still free.

        :param hours: for a payment that takes so long.
        """
        self.ensure_one()
        name = "payment" if is_paying else "cart"
        minutes = self._member_web_minutes(f"member_{name}_hold_minutes")
        wanted = timedelta(minutes=minutes, hours=hours)
        if self.is_member_reservation:  # its end is agreed on
            return int(wanted.total_seconds())
        now = fields.Datetime.now()
        left = self._member_hold_ttl()
        if not left or not self.member_held_since:
            # sudo: nobody writes since when seats are held
            self.sudo().member_held_since = now
        end = self._member_hold_end(is_paying) + timedelta(hours=hours)
        seconds = (min(now + wanted, end) - now).total_seconds()
        return max(int(seconds), left)

    def _member_hold_end(self, is_paying=False):
        """Return until when the seats that a cart holds can be kept at most."""
        choosing = self._member_web_minutes("member_cart_hold_minutes")
        paying = self._member_web_minutes("member_payment_hold_minutes")
        minutes = choosing + paying if is_paying else max(choosing, paying)
        return self.member_held_since + timedelta(minutes=minutes)

    def _member_is_held_at_last(self):
        """Tell whether another ticket, or trying again, keeps the seats no longer.

        Less than a minute more is not worth a word.
        """
        self.ensure_one()
        left = self._member_seconds_left()
        if not left or not self.member_held_since:
            return False
        slack = timedelta(minutes=1)
        until = fields.Datetime.now() + timedelta(seconds=left) + slack
        end = self._member_hold_end()
        if until > end + slack:  # somebody began to pay
            end = self._member_hold_end(is_paying=True)
        return until >= end

    def _member_revive(self):
        """Open a reservation again that ran out before it was paid."""
        self.ensure_one()
        if self.state == "cancel" and self.member_reservation_state == "expired":
            self.action_draft()

    def _member_web_minutes(self, name):
        return self.company_id._member_root()[name]

    def _member_seat_keys(self):
        """Return the keys of what this order holds: no limit for itself."""
        self.ensure_one()
        return [held.key for held in seats.find(self.env, f"so:{self.id}:")]

    # === CART === #

    def _cart_add(self, product_id, quantity=1.0, *, event_ticket_id=False, **kwargs):
        """Put tickets into the cart with their seats held: all or none.

        :raise MemberRefusal: fewer can be had.
        """
        result = super()._cart_add(
            product_id, quantity, event_ticket_id=event_ticket_id, **kwargs
        )
        if event_ticket_id:
            if result["added_qty"] < quantity:
                raise TicketRefusal("sold_out", result["warning"])
            self._member_hold_cart()
        return result

    def _cart_update_line_quantity(self, line_id, quantity, **kwargs):
        """Free what is taken out, and try again for seats that ran out meanwhile."""
        result = super()._cart_update_line_quantity(line_id, quantity, **kwargs)
        if self.exists() and self._member_seconds_left() == 0:
            try:
                with self.env.cr.savepoint():
                    self._member_hold_cart()
            except MemberRefusal as refusal:
                result["warning"] = str(refusal)
        return result

    def _member_rechoose(self, force=True):
        """Keep what a shopper was promised when the seats were held.

        The checkout computes the prices of a cart again and again; a sale that ends
        meanwhile does not make the tickets dearer.
        """
        kept = self.filtered(
            lambda order: order.website_id and order._member_seconds_left()
        )
        return super(SaleOrder, self - kept)._member_rechoose(force)

    def _update_address(self, partner_id, fnames=None):
        """Sell to somebody else: who signs in with a cart buys under own policies.

        Nobody is asked here, so tickets that the customer may not have go back, with a
        warning on the cart.
        """
        if "partner_id" not in (fnames or ()) or not self._member_ticket_lines():
            return super()._update_address(partner_id, fnames)
        try:
            with self.env.cr.savepoint():
                return super()._update_address(partner_id, fnames)
        except MemberRefusal as refusal:
            warnings = [str(refusal)]
        seconds = self._member_cart_seconds()
        self._member_release_seats()
        result = super()._update_address(partner_id, fnames)
        for line in self._member_ticket_lines():
            warnings += line._member_hold_what_there_is(seconds)
        self.shop_warning = "\n".join(dict.fromkeys(warnings))
        return result

    # === MAILS === #

    def action_confirm(self):
        orders = self
        if self.env.context.get("member_mail_later"):
            orders = self.with_context(send_email=False)
        return super(SaleOrder, orders).action_confirm()

    def _send_payment_succeeded_for_order_mail(self):
        """Say nothing of success where the money goes back: another mail does."""
        refused = self.filtered(lambda order: order._member_late_payments())
        return super(SaleOrder, self - refused)._send_payment_succeeded_for_order_mail()

    # === PAYMENTS IN VAIN === #

    def _member_late_payments(self):
        """Return what was paid for this order and buys nothing."""
        # sudo: shoppers read no exceptions
        return (
            self.env["member.ticket.exception"]
            .sudo()
            .search([("sale_order_id", "in", self.ids), ("reason", "!=", "refunded")])
        )

    def _member_give_surplus_back(self):
        """Give back what was paid for this order beyond its price, the latest first.

        All its payments are looked at each time: of two that arrive at the same moment
        whichever is looked at last sees both.
        """
        self.ensure_one()
        received = self.transaction_ids.filtered(
            lambda each: each._member_is_received()
        ).sorted(lambda each: (each.last_state_change, each.id), reverse=True)
        kept = {each: each.amount - each._member_given_back() for each in received}
        # sudo: what tills took for the order counts, whoever looks
        at_till = self.sudo()._member_paid_at_till()
        surplus = at_till + sum(kept.values()) - self.amount_total
        for transaction in received:
            if self.currency_id.compare_amounts(surplus, 0) <= 0:
                break
            part = min(surplus, kept[transaction])
            surplus -= part
            if self.currency_id.compare_amounts(part, transaction.amount) < 0:
                why = self.env._(
                    "%(paid)s came, and %(part)s of it more than was due.",
                    paid=self.currency_id.format(transaction.amount),
                    part=self.currency_id.format(part),
                )
            else:
                why = self.env._("This order was paid twice.")
            if not self.currency_id.is_zero(part):
                transaction._member_give_back("surplus", why, part)


class SaleOrderLine(models.Model):
    """Lines of a cart that sell tickets."""

    _inherit = "sale.order.line"

    def _member_hold_what_there_is(self, seconds):
        """Hold the seats of this line, or fewer; take it out when there are none.

        :param seconds: for how long.
        :return: sentences for the shopper on what was taken out.
        """
        self.ensure_one()
        warnings = []
        order = self.order_id
        while self.exists():
            try:
                with self.env.cr.savepoint():
                    order._member_check_tickets(self)
                    order._member_hold_seats(self, seconds)
                break
            except MemberRefusal as refusal:
                warnings.append(str(refusal))
                left = getattr(refusal, "left", None) or 0
                # at least one less each time
                less = min(left, self._member_quantity() - 1)
                order._cart_update_order_line(self, less)
        return warnings
