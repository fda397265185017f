from odoo import models
from odoo.exceptions import UserError

from odoo.addons.member_card.refusals import attempts_logged

from ..refusals import TicketRefusal
from ..seats.errors import SeatRefusal


class PosOrder(models.Model):
    """Reservations and office orders that are paid at a till.

    Their tickets belong to the sale order, which paying confirms: core does so after
    the order is saved, here it is part of paying it. A reservation that ran out gets
    its seats again if there are any; otherwise it is cancelled and listed, and the
    money is given back.
    """

    _inherit = "pos.order"

    @attempts_logged
    def _member_settle_reservations(self):
        """Confirm the sale orders with tickets that this order pays for.

        :raise UserError: tickets of one are left out.
        """
        paid = self._member_settling_lines()
        for order in self._member_settled_orders():
            if order.state == "sale":
                continue
            seats = order.order_line.filtered("event_ticket_id")
            self._check_member_settled_whole(order, seats, paid)
            try:
                # undone alone: the money is in the drawer
                with self.env.cr.savepoint():
                    if order.state == "cancel":
                        order.action_draft()
                    # it is paid: only seats are looked at, not who may buy today
                    order._member_hold_for_payment(is_paid=True)
                    order.action_confirm()
                    # made in the office or on the website, and sold here
                    seats.registration_ids.member_channel = "pos"
                    self.env.flush_all()
            except (SeatRefusal, TicketRefusal) as error:
                if error.code == "busy":
                    raise
                self._member_list_unreserved(order, seats, str(error))

    def _member_settling_lines(self):
        """Return the lines that pay for sale orders, in sudo mode."""
        # sudo: a cashier need not be able to read sale orders
        return self.sudo().lines.filtered(
            lambda line: line.qty > 0 and not line.refunded_orderline_id
        )

    def _member_settled_orders(self):
        """Return the sale orders with tickets that this order pays for, as sudo."""
        paid = self._member_settling_lines()
        orders = paid.sale_order_origin_id | paid.sale_order_line_id.order_id
        return orders.filtered(lambda each: each.order_line.event_ticket_id)

    def _member_give_surplus_back(self):
        """Give back what else was paid for the same sale orders, or list it.

        Somebody may have paid one on the website, or at another till, while this till
        had it open. The money is in the drawer: what came online goes back.
        """
        for order in self._member_settled_orders():
            if order.state != "sale":
                continue
            order._member_give_surplus_back()
            at_tills = order._member_lines_paid_at_till()
            here = at_tills.filtered(lambda line: line.order_id == self)
            own, others = (
                sum(lines.mapped("price_subtotal_incl"))
                for lines in (here, at_tills - here)
            )
            surplus = min(own, own + others - order.amount_total)
            if others > 0 and self.currency_id.compare_amounts(surplus, 0) > 0:
                self._member_list_surplus(order, surplus)

    def _member_list_surplus(self, order, amount):
        """List a sale order that was paid at another till already."""
        tickets = order.order_line.filtered("event_ticket_id")
        self.env["member.ticket.exception"]._record(
            f"pol:{self.uuid}:{order.id}",
            "surplus",
            self.env._(
                "%(order)s was paid at a till before. Refund this order.",
                order=order.name,
            ),
            self,
            sale_order_id=order.id,
            event_id=tickets[:1].event_id.id,
            slot_id=tickets[:1].event_slot_id.id,
            ticket_id=tickets[:1].event_ticket_id.id,
            amount=amount,
        )

    def _check_member_settled_whole(self, order, seats, paid):
        """Refuse to pay for some of the tickets; a down payment names none of them."""
        settled = paid.filtered(lambda line: line.sale_order_line_id in seats)
        if not settled:
            return
        for line in seats:
            here = settled.grouped("sale_order_line_id").get(line, settled.browse())
            if line.product_uom_id.compare(
                sum(here.mapped("qty")), line.product_uom_qty
            ):
                raise UserError(
                    self.env._(
                        "%(order)s is for %(quantity)s × %(ticket)s. Pay for all of "
                        "them, or have the reservation changed first.",
                        order=order.name,
                        quantity=int(line.product_uom_qty),
                        ticket=line.event_ticket_id.name,
                    )
                )
        if settled.event_registration_ids:
            raise UserError(
                self.env._(
                    "The tickets of %(order)s are made when it is paid. Remove its "
                    "lines and choose the reservation again.",
                    order=order.name,
                )
            )

    def _member_list_unreserved(self, order, seats, message):
        """Cancel a sale order that got no seats, and list it."""
        if order.state != "cancel":
            order.with_context(disable_cancel_warning=True).action_cancel()
        paid = self._member_settling_lines()
        if not paid.sale_order_line_id & seats:
            self._member_list_paid_down(order, seats, paid, message)
            return
        for line in seats:
            settled = self.lines.filtered(
                lambda each, line=line: each.sale_order_line_id == line
            )
            self.env["member.ticket.exception"]._record(
                f"pol:{settled[:1].uuid or self.uuid}:{line.id}",
                "no_seat",
                message,
                self,
                pos_order_line_id=settled[:1].id,
                sale_order_id=order.id,
                event_id=line.event_id.id,
                slot_id=line.event_slot_id.id,
                ticket_id=line.event_ticket_id.id,
                quantity=int(line.product_uom_qty),
                amount=sum(settled.mapped("price_subtotal_incl")),
            )

    def _member_list_paid_down(self, order, seats, paid, message):
        """List a down payment for a sale order that got no seats, once for all of them.

        :param paid: the lines that pay for sale orders.
        """
        down = paid.filtered(
            lambda line: (
                order in (line.sale_order_origin_id | line.sale_order_line_id.order_id)
            )
        )
        self.env["member.ticket.exception"]._record(
            f"pol:{down[0].uuid}:{order.id}",
            "no_seat",
            message,
            self,
            pos_order_line_id=down[0].id,
            sale_order_id=order.id,
            event_id=seats[0].event_id.id,
            slot_id=seats[0].event_slot_id.id,
            ticket_id=seats[0].event_ticket_id.id,
            quantity=int(sum(seats.mapped("product_uom_qty"))),
            amount=sum(down.mapped("price_subtotal_incl")),
        )
