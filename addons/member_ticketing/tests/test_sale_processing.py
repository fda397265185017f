from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..models import sale_order_issuing
from .common_events import EventsCase


@tagged("post_install", "-at_install")
class TestSaleProcessing(EventsCase):
    """A15: the list of orders: paid, ticketed, collected, points; bulk ticketing."""

    def setUp(self):
        super().setUp()
        self.ann.email = "ann@example.com"

    def pay(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()

    def as_clerk(self, order):
        order.invalidate_recordset()
        return order.with_user(self.clerk).with_context(
            allowed_company_ids=self.company.ids
        )

    def issue(self, orders, **vals):
        """Issue tickets as the clerk does from the list."""
        orders = self.as_clerk(orders)
        action = orders.action_member_issue_tickets()
        wizard = orders.env["member.ticket.issue"].with_context(**action["context"])
        wizard = wizard.create(vals)
        return wizard, wizard.action_issue()

    def mails(self):
        return self.env["mail.mail"].search([("subject", "like", "Your tickets%")])

    # === THE LIST === #

    def test_columns_follow_the_order(self):
        order = self.as_clerk(self.order(self.ann, 2))
        self.assertEqual(order.member_performance, "Swan Lake")
        self.assertEqual(order.member_begins_at, self.event.date_begin)
        self.assertEqual(order.member_ticket_count, 2)
        self.assertFalse(order.member_is_paid)
        self.assertEqual(order.member_is_ticketed, "none")
        self.pay(order.sudo())
        order.invalidate_recordset()
        self.assertTrue(order.member_is_paid)
        self.seats(order.sudo())[0]._member_collect()
        order.invalidate_recordset()
        self.assertEqual(
            (order.member_is_ticketed, order.member_is_collected), ("part", "part")
        )
        self.seats(order.sudo())._member_collect()
        order.invalidate_recordset()
        self.assertEqual(order.member_is_collected, "all")

    def test_a_long_list_asks_no_more_than_a_short_one(self):
        """However many performances its orders are of."""
        tickets = [self.make_event(f"Night {n}").event_ticket_ids[0] for n in range(6)]
        made = self.env["sale.order"].union(
            *(self.order(self.ann, ticket=ticket) for ticket in tickets)
        )
        view = self.env.ref("member_ticketing.sale_order_processing_view_list")
        orders = self.as_clerk(made)
        arch = etree.fromstring(orders.get_view(view.id, "list")["arch"])
        columns = [node.get("name") for node in arch.iter("field")]

        def asked(listed):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            listed.with_prefetch().read(columns)
            return self.env.cr.sql_log_count - before

        self.assertIn("member_performance", columns)
        asked(orders)  # what is kept in caches
        self.assertEqual(asked(orders), asked(orders[0]))

    def test_points_of_the_order(self):
        self.env["member.point.rule"].search([]).active = False
        self.env["member.point.rule"].create(
            {"name": "Sales", "company_id": self.company.id}
        )
        order = self.order(self.ann, 2)
        self.pay(order)
        self.post_commit()
        self.assertEqual(self.as_clerk(order).member_order_points, 200)

    def test_finds_paid_and_unpaid(self):
        """The search by SQL says the same as the column."""
        paid, unpaid, free = (
            self.order(each) for each in (self.ann, self.bob, self.ann)
        )
        self.pay(paid)
        free.order_line.sudo().price_unit = 0
        orders = self.env["sale.order"]
        ours = [("id", "in", (paid | unpaid | free).ids)]
        found = orders.search([*ours, ("member_is_paid", "=", True)])
        self.assertEqual(found, paid | free)
        found = orders.search([*ours, ("member_is_paid", "=", False)])
        self.assertEqual(found, unpaid)

    def test_the_clerk_sees_every_order_with_tickets(self):
        """Whoever sold it; an order of goods of another salesman stays hidden."""
        theirs = self.order(self.ann, user_id=self.env.user.id)
        goods = self.env["sale.order"].create(
            {"partner_id": self.bob.id, "user_id": self.env.user.id}
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_ticketing.sale_order_processing_action"
        )
        self.assertIn("event_id", action["domain"])
        listed = self.as_clerk(theirs).search([("id", "in", (theirs | goods).ids)])
        self.assertEqual(listed.ids, theirs.ids)

    def test_filters_open(self):
        """Each filter of the list runs, and finds this order or not.

        Looked at when the performance begins: an hour ahead of it may be yesterday.
        """
        order = self.order(self.ann, 2)
        view = self.env.ref("member_ticketing.sale_order_processing_view_search")
        found = {}
        for node in etree.fromstring(view.arch).iter("filter"):
            if node.get("domain"):
                domain = safe_eval(node.get("domain"))
                with freeze_time(self.event.date_begin):
                    found[node.get("name")] = order in self.env["sale.order"].search(
                        [("id", "=", order.id), *domain]
                    )
        self.assertTrue(found["office"] and found["to_issue"] and found["coming"])
        self.assertTrue(found["unpaid"] and found["to_collect"] and found["today"])
        self.assertFalse(found["web"] or found["paid"] or found["collected"])
        self.assertFalse(found["sending"] or found["open"] or found["cancelled"])

    def test_today_is_one_performance_of_the_order(self):
        """Last week and next week together are not today."""
        now = fields.Datetime.now()
        past, coming = (
            self.make_event(name, now + timedelta(days=days))
            for name, days in (("Giselle", -7), ("Coppelia", 7))
        )
        order = self.order(self.ann, ticket=past.event_ticket_ids[0])
        ticket = coming.event_ticket_ids[0]
        order.order_line.create(
            {
                "order_id": order.id,
                "product_id": ticket.product_id.id,
                "event_id": coming.id,
                "event_ticket_id": ticket.id,
            }
        )
        self.assertEqual(len(self.seats(order).event_id), 2)
        self.assertFalse(self.found("today", order))

    def test_the_list_opens_with_past_and_unpaid_orders_of_the_website(self):
        """A15: paid or not; a cart that nobody sent is no order."""
        website = self.env["website"].create(
            {"name": "Theatre", "company_id": self.company.id}
        )
        website = {"website_id": website.id}
        past = self.make_event("Giselle", fields.Datetime.now() - timedelta(days=7))
        unpaid = self.draft_order(self.ann, **website)
        cart = self.draft_order(self.bob, **website)
        unpaid.action_quotation_sent()
        orders = unpaid + self.order(
            self.ann, ticket=past.event_ticket_ids[0], **website
        )
        action = self.env.ref("member_ticketing.sale_order_processing_action")
        opened = [
            name.removeprefix("search_default_")
            for name in safe_eval(action.context)
            if name.startswith("search_default_")
        ]
        for name in opened:
            self.assertEqual(self.found(name, orders), orders, name)
        self.assertFalse(all(self.found(name, cart) for name in opened))

    def found(self, name, orders):
        """Return which of the orders the filter of the list shows."""
        view = self.env.ref("member_ticketing.sale_order_processing_view_search")
        (node,) = etree.fromstring(view.arch).xpath(f"//filter[@name='{name}']")
        return self.env["sale.order"].search(
            [("id", "in", orders.ids), *safe_eval(node.get("domain"))], order="id"
        )

    # === ISSUING === #

    def test_sends_what_is_paid(self):
        """One mail per order, with a link for each performance; noted and logged."""
        paid, unpaid = self.order(self.ann, 2), self.order(self.ann)
        self.pay(paid)
        wizard, _action = self.issue(paid | unpaid)
        self.assertEqual((wizard.order_count, wizard.ticket_count), (0, 0))
        self.assertEqual(wizard.unpaid_count, 1)
        mail = self.mails()
        self.assertEqual(len(mail), 1)
        self.assertIn(f"/event/{self.event.id}/my_tickets", mail.body_html)
        self.assertTrue(all(self.seats(paid).mapped("member_ticketed_at")))
        self.assertFalse(any(self.seats(unpaid).mapped("member_ticketed_at")))
        log = self.log_lines("ticket_issue")
        self.assertEqual((log.user_id, log.reference), (self.clerk, paid.name))

    def test_a_second_time_only_when_wanted(self):
        order = self.order(self.ann)
        self.issue(order, has_unpaid=True)
        with self.assertRaisesRegex(UserError, "issued before"):
            self.issue(order, has_unpaid=True)
        self.issue(order, has_unpaid=True, has_issued=True)
        self.assertEqual(len(self.mails()), 2)

    def test_without_an_address_prints(self):
        order = self.order(self.bob)
        form = Form(
            self.as_clerk(order)
            .env["member.ticket.issue"]
            .with_context(default_order_ids=order.ids)
        )
        form.has_unpaid = True
        self.assertEqual(form.no_mail_names, "Bob")
        self.assertFalse(form.ticket_count)
        form.means = "print"
        self.assertEqual(form.ticket_count, 1)
        action = form.save().action_issue()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertTrue(self.seats(order).member_ticketed_at)

    def test_form_says_what_is_ready(self):
        """Before anything is saved: paid ones are counted, others are left out."""
        paid, unpaid = self.order(self.ann, 2), self.order(self.ann)
        self.pay(paid)
        orders = self.as_clerk(paid | unpaid)
        action = orders.action_member_issue_tickets()
        form = Form(orders.env["member.ticket.issue"].with_context(**action["context"]))
        self.assertEqual((form.order_count, form.ticket_count), (1, 2))
        self.assertEqual((form.unpaid_count, form.unconfirmed_count), (1, 0))

    def test_many_go_in_the_background(self):
        """The job sends them, and tells who asked when one cannot be sent."""
        orders = self.order(self.ann) | self.order(self.ann) | self.order(self.bob)
        self.bob.email = "bob@example.com"
        with patch.object(sale_order_issuing, "BATCH", 2):
            self.issue(orders, has_unpaid=True)
        self.assertFalse(self.mails())
        self.assertTrue(all(orders.mapped("member_issue_asked_at")))
        self.bob.email = False
        job = self.env.ref("member_ticketing.cron_member_send_tickets")
        job.method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(len(self.mails()), 2)
        self.assertFalse(any(orders.mapped("member_issue_asked_at")))
        failed = orders.filtered(lambda order: order.partner_id == self.bob)
        self.assertEqual(failed.activity_ids.user_id, self.clerk)
        self.assertFalse(self.seats(failed).member_ticketed_at)

    def test_needs_the_right(self):
        order = self.order(self.ann)
        plain = new_test_user(self.env, "plain", groups="base.group_user")
        with self.assertRaises(AccessError):
            order.with_user(plain).action_member_issue_tickets()

    def test_cores_own_mail_issues_the_ticket(self):
        template = self.env.ref("event.event_subscription")
        self.event.event_mail_ids = [
            (
                0,
                0,
                {
                    "interval_unit": "now",
                    "interval_type": "after_sub",
                    "template_ref": f"mail.template,{template.id}",
                },
            )
        ]
        order = self.order(self.ann)
        self.event.event_mail_ids.execute()  # as the job does
        self.assertTrue(self.seats(order).member_ticketed_at)

    # === WHO SEES WHICH ORDERS === #

    def orders_seen_by(self, login, *groups):
        user = new_test_user(
            self.env,
            login,
            groups=",".join(groups),
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        orders = self.env["sale.order"].with_user(user)
        return orders.search([("company_id", "=", self.company.id)]).sudo()

    def test_rights_for_tickets_take_no_orders_away(self):
        """An accountant who hands tickets over as well still sees all orders."""
        with_tickets = self.order(self.ann)
        plain = self.env["sale.order"].create(
            {"partner_id": self.ann.id, "company_id": self.company.id, "user_id": False}
        )
        process = "member_ticketing.group_member_ticket_process"
        sell = "member_ticketing.group_member_ticket_sell"

        accountant = self.orders_seen_by(
            "order_accountant", "account.group_account_invoice", process, sell
        )
        clerk = self.orders_seen_by("order_clerk", process)

        self.assertLessEqual(with_tickets | plain, accountant)
        self.assertIn(with_tickets, clerk)
        self.assertNotIn(plain, clerk)
