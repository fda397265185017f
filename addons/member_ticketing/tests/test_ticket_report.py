from datetime import timedelta
from io import BytesIO

from openpyxl import load_workbook

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..hooks import date_old_sales
from .common_ticket_report import TicketReportCase


@tagged("post_install", "-at_install")
class TestTicketReport(TicketReportCase):
    """A7: tickets by performance, class, channel, policy and day; the figures tie."""

    # === WHAT COUNTS === #

    def test_sales_by_class_channel_and_policy(self):
        """Members at the till under a policy, the public in the back office."""
        self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.order(stranger, 3)

        by = self.report("class_id", "channel", "policy_id")

        no_class, no_policy = self.ann_class.browse(), self.gold.browse()
        self.assertEqual(
            set(by),
            {
                (self.ann_class, "pos", self.gold),
                (no_class, "backend", no_policy),
            },
        )
        self.assert_figures(
            by[self.ann_class, "pos", self.gold], sold=2, tickets=2, revenue=160
        )
        self.assert_figures(by[no_class, "backend", no_policy], sold=3, revenue=300)
        registrations = self.event.registration_ids
        self.assertEqual(self.report()["tickets"], len(registrations))
        self.assertEqual(
            self.report()["revenue"], sum(registrations.mapped("member_price"))
        )

    def test_class_is_the_one_at_the_sale(self):
        self.sold(*self.held(self.want(), partner=self.ann))
        self.ann.member_class_id = self.env["member.class"].create(
            {"name": "Newly Rich", "code": "newly_rich"}
        )
        self.assertEqual(list(self.report("class_id")), [(self.ann_class,)])

    def test_return_is_a_line_of_its_own_day(self):
        """Yesterday's figures stay as they were when a ticket comes back today."""
        order = self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        seats = order.lines.event_registration_ids
        yesterday = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        seats.member_sold_at = yesterday

        self.give_back(order)

        today = [("date", ">", yesterday)]
        self.assert_figures(
            self.report(domain=today), sold=0, returned=1, tickets=-1, revenue=-80
        )
        self.assert_figures(
            self.report(domain=[("date", "<=", yesterday)]),
            sold=2,
            returned=0,
            revenue=160,
        )
        self.assert_figures(self.report(), sold=2, returned=1, tickets=1, revenue=80)

    def test_a_line_that_sells_nothing_any_more(self):
        """Its seats came back today: what they cost yesterday stays."""
        order = self.order(self.bob, 2)
        yesterday = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        self.seats(order).member_sold_at = yesterday

        order.order_line.product_uom_qty = 0

        self.assert_figures(
            self.report(domain=[("date", "<=", yesterday)]), sold=2, revenue=160
        )
        self.assert_figures(self.report(), sold=2, returned=2, tickets=0, revenue=0)

    def test_taken_back_return_counts_no_more(self):
        order = self.order(self.bob)
        seat = self.seats(order)
        seat.action_cancel()
        self.assert_figures(self.report(), sold=1, returned=1, tickets=0)
        seat.action_confirm()
        self.assert_figures(self.report(), sold=1, returned=0, tickets=1)

    def test_sold_before_the_add_on_came(self):
        """What is there at the installation counts on the day it was entered."""
        seat = self.seats(self.order(self.bob))
        seat.member_sold_at = fields.Datetime.add(seat.create_date, days=3)
        date_old_sales(self.env)
        self.assertEqual(seat.member_sold_at, seat.create_date)

    def test_never_sold_counts_nothing(self):
        """A quotation's attendee that is cancelled was no sale and is no return."""
        order = self.order(self.bob)
        self.assertEqual(self.report()["sold"], 1)
        draft = self.seats(order).copy({"state": "draft"})
        draft.action_cancel()
        self.assert_figures(self.report(), sold=1, returned=0)

    def test_complimentary_is_apart(self):
        want = self.want(quantity=2, free_reason="Press night")
        self.sold(*self.held(want, partner=self.ann, user=self.supervisor))
        self.assert_figures(
            self.report(), sold=0, complimentary=2, tickets=2, revenue=0
        )

    def test_wallet_share(self):
        """The wallet's part of an order is divided over its tickets by price."""
        self.gold.ticket_id = self.stalls
        self.credit(self.ann, money=60)
        order_uuid, partner, wants = self.held(
            self.want(), self.want(self.balcony), partner=self.ann
        )
        held = self.hold(self.ann, 60)
        data = self.ticket_order(order_uuid, partner, wants)
        total = data["amount_total"]
        payments = [(self.wallet, 60, held), (self.cash, total - 60, None)]
        data["payment_ids"] = self.order_data([], payments)["payment_ids"]

        self.send(data)

        by_ticket = self.report("ticket_id")
        self.assertEqual(total, 140)
        self.assert_figures(by_ticket[self.stalls,], revenue=80, wallet=60 * 80 / 140)
        self.assert_figures(by_ticket[self.balcony,], revenue=60, wallet=60 * 60 / 140)

    def test_points_of_the_order(self):
        self.env["member.point.rule"].search([]).active = False
        self.env["member.point.rule"].create(
            {"name": "Tickets", "company_id": self.company.id}
        )
        order = self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        self.assertTrue(order.member_points_earned)
        self.assert_figures(self.report(), points=order.member_points_earned)

    def test_attendance(self):
        order = self.order(self.bob, 2)
        self.seats(order)[0].action_set_done()
        self.assert_figures(self.report(), sold=2, attended=1)

    # === WHO READS === #

    def test_readers(self):
        self.order(self.bob)
        report = self.env["member.ticket.report"]
        with self.assertRaises(AccessError):
            report.with_user(self.cashier).search([])
        stranger = self.person("ticket_stranger", "accountant")
        other = self.env["res.company"].create({"name": "Other Theatre"})
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertFalse(report.with_user(stranger).search([]))
        self.assertTrue(report.with_user(self.accountant).search([]))

    # === STATEMENT === #

    def statement(self, user=None, **vals):
        wizard = self.env["member.ticket.period"].with_user(user or self.accountant)
        today = fields.Date.today()
        return wizard.create(
            {
                "period": "other",
                "date_from": today - timedelta(days=1),
                "date_to": today + timedelta(days=1),
                "company_id": self.company.id,
                **vals,
            }
        )

    def test_statement_of_a_period(self):
        self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        self.env.flush_all()
        statement = self.statement(event_ids=[Command.set(self.event.ids)])
        self.assertEqual((statement.sold, statement.revenue), (2, 160))
        other = self.make_event("The Nutcracker")
        self.assertFalse(self.statement(event_ids=[Command.set(other.ids)]).sold)

    def test_workbook(self):
        self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        self.order(self.env["res.partner"].create({"name": "Stranger"}), 3)
        self.env.flush_all()
        statement = self.statement(
            event_ids=[Command.set(self.event.ids)], group_by="class"
        )
        data, kind = (
            self.env["ir.actions.report"]
            .with_user(self.accountant)
            ._render("member_ticketing.member_ticket_period_xlsx", statement.ids)
        )
        self.assertEqual(kind, "xlsx")
        book = load_workbook(BytesIO(data))
        lines = list(book["Class"].values)
        by_class = {line[0]: line[1:] for line in lines[1:-1]}
        self.assertEqual(by_class[self.ann_class.name][0], 2)
        self.assertEqual(by_class["Public"][0], 3)
        self.assertEqual(len(list(book["Entries"].values)), 1 + 5)
        self.assertTrue(self.log_lines("export"))

    def test_workbook_needs_the_right_to_export(self):
        supervisor = self.person("ticket_supervisor", "supervisor")
        statement = self.statement(supervisor)
        with self.assertRaises(AccessError):
            statement.action_xlsx()
