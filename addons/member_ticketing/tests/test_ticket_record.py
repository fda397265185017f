from odoo import Command
from odoo.tests import Form, new_test_user, tagged

from .common_events import EventsCase


@tagged("post_install", "-at_install")
class TestTicketRecord(EventsCase):
    """A8: each purchase on the member: performance, seats, price, points, where."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = new_test_user(
            cls.env,
            "record_reader",
            groups="member_card.group_member_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.env["member.point.rule"].search([]).active = False

    def purchases(self, partner=None):
        self.env.flush_all()
        self.env.invalidate_all()
        member = (partner or self.ann).with_user(self.reader)
        return member.with_context(
            allowed_company_ids=self.company.ids
        ).member_purchase_ids

    def elsewhere(self, **vals):
        seller = self.env["member.external.seller"].create(
            {"name": "Damai", "company_id": self.company.id}
        )
        purchase = self.env["member.external.purchase"].create(
            {
                "partner_id": self.ann.id,
                "company_id": self.company.id,
                "seller_id": seller.id,
                "reference": "D1",
                "performance": "Giselle",
                "seats": 3,
                "amount": 90,
                **vals,
            }
        )
        purchase.action_record()
        self.post_commit()
        return purchase

    def test_an_order_is_a_line_for_each_kind_of_ticket(self):
        order = self.draft_order(self.ann, 2)
        order.order_line.copy(
            {
                "order_id": order.id,
                "event_id": self.event.id,
                "event_ticket_id": self.balcony.id,
                "product_uom_qty": 1,
                "price_unit": 60,
            }
        )
        order.action_confirm()
        stalls, balcony = self.purchases().sorted("seats", reverse=True)
        self.assertEqual((stalls.seats, stalls.amount), (2, 200))
        self.assertEqual((balcony.seats, balcony.amount), (1, 60))
        self.assertEqual(stalls.performance, "Swan Lake")
        self.assertEqual(stalls.begins_at, self.event.date_begin)
        self.assertEqual((stalls.channel, stalls.state), ("backend", "open"))
        self.assertEqual(stalls.reference, order.name)
        self.assertEqual(stalls.action_open()["res_id"], order.id)

    def test_points_stand_once_however_many_lines(self):
        self.env["member.point.rule"].create(
            {"name": "Sales", "company_id": self.company.id}
        )
        order = self.draft_order(self.ann, 2)
        order.order_line.copy(
            {
                "order_id": order.id,
                "event_id": self.event.id,
                "event_ticket_id": self.balcony.id,
            }
        )
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
        self.post_commit()
        found = self.purchases()
        self.assertEqual(len(found), 2)
        self.assertEqual(sum(found.mapped("points")), order.amount_total)

    def test_what_was_given_back_counts_apart(self):
        order = self.order(self.ann, 3)
        self.seats(order)[0].action_cancel()
        [line] = self.purchases()
        self.assertEqual((line.seats, line.returned, line.amount), (2, 1, 200))
        self.seats(order).action_cancel()
        [line] = self.purchases()
        self.assertEqual((line.seats, line.state, line.amount), (0, "cancel", 0))

    def test_a_cart_is_no_purchase(self):
        order = self.draft_order(self.ann)
        self.env["event.registration"].create(
            {"sale_order_id": order.id, "sale_order_line_id": order.order_line.id}
        )
        self.assertFalse(self.purchases())

    def test_elsewhere_and_cancelled(self):
        self.env["member.point.rule"].create(
            {"name": "Elsewhere", "company_id": self.company.id, "earn_on": "external"}
        )
        purchase = self.elsewhere()
        [line] = self.purchases()
        self.assertEqual((line.performance, line.channel), ("Giselle", "elsewhere"))
        self.assertEqual((line.seats, line.amount, line.points), (3, 90, 90))
        self.assertEqual(line.action_open()["res_id"], purchase.id)
        purchase._cancel("Returned")
        self.post_commit()
        [line] = self.purchases()
        self.assertEqual((line.seats, line.returned, line.points), (0, 3, 0))

    def test_the_member_counts_seats_everywhere(self):
        self.order(self.ann, 2)
        self.elsewhere()
        self.purchases()
        ann = self.ann.with_user(self.reader)
        ann = ann.with_context(allowed_company_ids=self.company.ids)
        self.assertEqual(ann.member_seat_count, 5)
        form = Form(ann)
        self.assertEqual(form.member_seat_count, 5)
        action = ann.action_view_member_purchases()
        found = ann.env["member.ticket.purchase"].search(action["domain"])
        self.assertEqual(len(found), 2)

    def test_timeline_tells_of_tickets(self):
        order = self.order(self.ann)
        self.seats(order).with_user(self.clerk).action_set_done()
        self.elsewhere()
        self.purchases()
        ann = self.ann.with_user(self.reader)
        ann = ann.with_context(allowed_company_ids=self.company.ids)
        lines = {line.event: line for line in ann.member_timeline_ids}
        self.assertLessEqual({"ticket_order", "ticket_used", "external"}, set(lines))
        self.assertEqual(lines["ticket_order"].detail, "Swan Lake")
        self.assertEqual(lines["ticket_order"].action_open()["res_id"], order.id)
        self.assertEqual(lines["ticket_used"].user_id, self.clerk)
        self.assertEqual(lines["external"].amount, 90)
        self.assertEqual(lines["ticket_used"].category, "ticket")

    def test_nobody_elses(self):
        """Another company's reader sees none of it."""
        self.order(self.ann)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="member_card.group_member_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.env.flush_all()
        found = (
            self.env["member.ticket.purchase"]
            .with_user(stranger)
            .search([("partner_id", "=", self.ann.id)])
        )
        self.assertFalse(found)
