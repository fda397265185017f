from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_ticket_report import TicketReportCase


@tagged("post_install", "-at_install")
class TestTicketReportTills(TicketReportCase):
    """A7, A8, A15: money and points of tickets that a till was paid for, or back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.event.date_end += timedelta(days=5)
        cls.event.date_begin += timedelta(days=5)
        cls.env["member.point.rule"].search([]).active = False
        cls.env["member.point.rule"].create(
            {"name": "Tickets", "company_id": cls.company.id}
        )

    def purchases(self, partner):
        self.env.flush_all()
        return self.env["member.ticket.purchase"].search(
            [("partner_id", "=", partner.id)]
        )

    def settle(self, order, payments):
        """Pay a reservation at the till, as core loads it there."""
        line = order.order_line
        settling = {"sale_order_line_id": line.id, "sale_order_origin_id": order.id}
        return self.send(
            self.order_data(
                [(line.product_id, line.product_uom_qty, line.price_unit, settling)],
                payments,
                order.partner_id,
            )
        )

    def reserved(self, quantity=2):
        order = self.draft_order(self.ann, quantity)
        order._member_reserve(fields.Datetime.now() + timedelta(minutes=20))
        return order

    def a_day_ago(self, seats):
        """Have these been sold yesterday; return the moment."""
        yesterday = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        seats.member_sold_at = yesterday
        return yesterday

    def days(self, yesterday):
        """Return the figures of yesterday and of today."""
        return (
            self.report(domain=[("date", "<=", yesterday)]),
            self.report(domain=[("date", ">", yesterday)]),
        )

    # === RESERVED, PAID AT A TILL === #

    def test_reservation_that_the_wallet_paid(self):
        """Two seats reserved in the office and paid from the wallet at the till."""
        self.credit(self.ann, money=200)
        order = self.reserved()
        held = self.hold(self.ann, 160)
        at_till = self.settle(order, [(self.wallet, 160, held)])
        self.assertEqual(at_till.member_points_earned, 160)

        by = self.report("channel", "pos_config_id", "store_id", "reference")

        till, store = self.till, self.till.member_store_id
        key = ("pos", till, store, at_till.pos_reference)
        self.assertEqual(set(by), {key})
        self.assert_figures(by[key], sold=2, revenue=160, wallet=160, points=160)

        purchase = self.purchases(self.ann)
        self.assertEqual(
            (purchase.points, purchase.pos_order_id, purchase.store_id),
            (160, at_till, store),
        )
        self.assertEqual((purchase.channel, purchase.sale_order_id), ("pos", order))
        self.assertEqual(order.member_order_points, 160)

    def test_goods_beside_a_reservation_keep_their_points(self):
        """The order has its part, by price, of what the whole till order earned."""
        order = self.reserved()
        line = order.order_line
        settling = {"sale_order_line_id": line.id, "sale_order_origin_id": order.id}
        at_till = self.send(
            self.order_data(
                [
                    (line.product_id, 2, line.price_unit, settling),
                    (self.book, 1, 40, {}),
                ],
                [(self.cash, 200, None)],
                self.ann,
            )
        )
        self.assertEqual(at_till.member_points_earned, 200)
        self.assertEqual(order.member_order_points, 160)
        self.assert_figures(self.report(), revenue=160, points=160, wallet=0)

    def test_office_order_stays_with_the_office(self):
        """Paid later at a till it was sold in the office all the same."""
        order = self.order(self.ann)
        self.settle(order, [(self.cash, 80, None)])
        self.assertEqual(list(self.report("channel")), [("backend",)])
        self.assert_figures(self.report(), sold=1, revenue=80, points=80)
        self.assertEqual(self.purchases(self.ann).channel, "backend")

    # === GIVEN BACK === #

    def test_points_taken_back_stand_at_the_return(self):
        """The day of the sale keeps its points when a ticket comes back."""
        order = self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        yesterday = self.a_day_ago(order.lines.event_registration_ids)

        self.give_back(order)

        sale, back = self.days(yesterday)
        self.assert_figures(sale, sold=2, points=160)
        self.assert_figures(back, returned=1, points=-80)
        self.assert_figures(self.report(), points=80)

        self.give_back(order)

        sale, back = self.days(yesterday)
        self.assert_figures(sale, sold=2, points=160)
        self.assert_figures(back, returned=2, points=-160)

    def test_wallet_paid_back_stands_at_the_return(self):
        self.credit(self.ann, money=160)
        order_uuid, partner, wants = self.held(self.want(quantity=2), partner=self.ann)
        data = self.ticket_order(order_uuid, partner, wants)
        data["payment_ids"] = self.order_data(
            [], [(self.wallet, 160, self.hold(self.ann, 160))]
        )["payment_ids"]
        order = self.send(data)
        yesterday = self.a_day_ago(order.lines.event_registration_ids)

        line = order.lines
        back = [(line.product_id, -1, 80, {"refunded_orderline_id": line.id})]
        self.send(self.order_data(back, [(self.wallet, -80, None)], self.ann))

        sale, returned = self.days(yesterday)
        self.assert_figures(sale, sold=2, wallet=160)
        self.assert_figures(returned, returned=1, wallet=-80)

    def test_an_exchange_counts_each_ticket_once(self):
        """Stalls against balcony: 60 are sold, 80 come back, 20 are paid back."""
        self.gold.ticket_id = self.stalls
        order = self.sold(*self.held(self.want(), partner=self.ann))
        yesterday = self.a_day_ago(order.lines.event_registration_ids)
        order_uuid, partner, wants = self.held(
            self.want(self.balcony), partner=self.ann
        )
        line = order.lines
        data = self.ticket_order(
            order_uuid,
            partner,
            wants,
            more=[(line.product_id, -1, 80, {"refunded_orderline_id": line.id})],
        )
        self.assertEqual(data["amount_total"], -20)

        self.send(data)

        sale, today = self.days(yesterday)
        self.assert_figures(sale, sold=1, revenue=80, points=80)
        self.assert_figures(today, sold=1, returned=1, tickets=0, revenue=-20)
        self.assert_figures(today, points=60 - 80, wallet=0)

    def test_an_even_exchange_has_points(self):
        """Nothing is paid: the new ticket has its points all the same."""
        order = self.sold(*self.held(self.want(), partner=self.ann))
        order_uuid, partner, wants = self.held(self.want(), partner=self.ann)
        line = order.lines
        back = [(line.product_id, -1, 80, {"refunded_orderline_id": line.id})]
        exchange = self.send(self.ticket_order(order_uuid, partner, wants, more=back))
        self.assertEqual(exchange.amount_total, 0)
        self.assert_figures(self.report(), sold=2, returned=1, tickets=1, revenue=80)
        earned = exchange.sudo().member_point_earning_ids.points
        self.assert_figures(self.report(), points=earned)

    def test_points_of_a_credit_note_are_shared_by_what_came_back(self):
        """An order of the office: its credit note takes the points of one ticket."""
        order = self.order(self.ann, 2)
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.post_commit()
        self.assert_figures(self.report(), points=160)
        yesterday = self.a_day_ago(self.seats(order))

        note = invoice._reverse_moves()
        note.invoice_line_ids.quantity = 1
        note.action_post()
        self.seats(order)[0].action_cancel()
        self.post_commit()

        sale, back = self.days(yesterday)
        self.assert_figures(sale, points=160)
        self.assert_figures(back, points=-80)
