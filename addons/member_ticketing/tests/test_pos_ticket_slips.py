from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .common_till_tickets import TillTicketsCase


@tagged("post_install", "-at_install")
class TestPosTicketSlips(TillTicketsCase):
    def slips(self, order_uuid, user=None):
        return self.at_till(user).member_ticket_slips(order_uuid)

    def stranger(self):
        """Return a cashier of plain Odoo, who has none of our rights."""
        return new_test_user(
            self.env,
            "plain_cashier",
            groups="base.group_user,point_of_sale.group_pos_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    # === PRINTING === #

    def test_one_slip_for_each_seat(self):
        """C3: with the code for the door, the price paid and the member."""
        self.policy()
        order = self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        answer = self.slips(order.uuid)
        self.assertEqual(answer["status"], "ok", answer)
        attendees = order.lines.event_registration_ids
        self.assertEqual(
            {slip["barcode"] for slip in answer["tickets"]},
            set(attendees.mapped("barcode")),
        )
        slip = answer["tickets"][0]
        self.assertEqual(
            (slip["event"], slip["ticket"], slip["price"], slip["member_number"]),
            ("Swan Lake", "Stalls", 80, self.ann.member_number),
        )
        self.assertEqual(slip["order"], order.pos_reference)
        self.assertEqual(slip["currency_id"], order.currency_id.id)

    def test_printed_again_but_not_what_was_given_back(self):
        order = self.sold(*self.held(self.want(quantity=2), partner=self.ann))
        self.assertEqual(len(self.slips(order.uuid)["tickets"]), 2)
        self.give_back(order)
        left = self.slips(order.uuid)["tickets"]
        self.assertEqual(len(left), 1)
        good = order.lines.event_registration_ids.filtered(
            lambda each: each.state == "open"
        )
        self.assertEqual(left[0]["barcode"], good.barcode)
        self.give_back(order)
        self.assertEqual(self.slips(order.uuid), {"status": "ok", "tickets": []})

    def test_complimentary_tickets_cost_nothing(self):
        want = self.want(free_reason="Press")
        self.approved("ticket_free", want, 100)
        order = self.sold(*self.held(want))
        self.assertEqual(self.slips(order.uuid)["tickets"][0]["price"], 0)

    def test_no_codes_before_it_is_paid_or_for_others(self):
        """A forged or an open order gets no code that opens the door."""
        order_uuid, partner, wants = self.held(self.want(), partner=self.ann)
        self.assertEqual(self.slips(order_uuid)["status"], "not_found")
        data = self.ticket_order(order_uuid, partner, wants, state="draft")
        data["payment_ids"], data["amount_paid"] = [], 0
        self.env["pos.order"].with_user(self.cashier).sync_from_ui([data])
        self.assertEqual(self.slips(order_uuid)["status"], "not_found")
        for forged in (str(uuid4()), False, "", 7, ["uuid"]):
            self.assertEqual(self.slips(forged)["status"], "not_found", forged)

    # === LOADING === #

    def test_a_box_office_opens_without_tickets(self):
        self.till.member_is_box_office = True
        session = self.till.current_session_id.with_user(self.cashier)
        data = session.load_data([])
        self.assertFalse(data["event.event.ticket"])
        self.assertFalse(data["event.event"])
        self.assertFalse(data["event.slot"])

    def test_loads_one_performance_with_all_that_a_line_needs(self):
        day = fields.Date.today() + timedelta(days=1)
        event = self.make_event(
            "Giselle",
            start=fields.Datetime.to_datetime(day),
            hours=24,
            slots=[(day, 10, 12)],
        )
        answer = self.at_till().member_performance_records(event.id)
        self.assertEqual(answer["status"], "ok", answer)
        records = answer["records"]
        self.assertEqual([each["name"] for each in records["event.event"]], ["Giselle"])
        self.assertEqual(
            {each["id"] for each in records["event.event.ticket"]},
            set(event.event_ticket_ids.ids),
        )
        self.assertEqual(len(records["event.slot"]), 1)
        self.assertTrue(records["event.event"][0]["date_begin"])
        self.assertEqual(
            {each["id"] for each in records["event.question"]},
            set(event.question_ids.ids),
        )

    def test_only_for_who_sells_tickets(self):
        plain = self.stranger()
        answer = self.at_till(plain).member_performance_records(self.event.id)
        self.assertEqual(answer["status"], "forbidden")
        answer = self.at_till().member_performance_records(10**6)
        self.assertEqual(answer["status"], "not_found")

    def test_the_till_knows_what_the_user_may(self):
        def rights(user):
            till = self.at_till(user)
            return till._load_pos_data_read(till, till)[0]["_member_ticket_rights"]

        self.assertIn("ticket_sell", rights(self.cashier))
        self.assertNotIn("ticket_free", rights(self.cashier))
        self.assertIn("ticket_free", rights(self.supervisor))
        self.assertEqual(rights(self.stranger()), [])
