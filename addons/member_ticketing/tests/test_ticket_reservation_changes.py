from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .. import seats
from ..seats import SeatRefusal
from .common_reservations import ReservationCase


@tagged("post_install", "-at_install")
class TestTicketReservationChanges(ReservationCase):
    """A reservation that is changed, prolonged, given up or over (A11)."""

    # === CHANGE === #

    def test_quantity_follows(self):
        order = self.reserve()
        order.sudo().order_line.product_uom_qty = 4
        self.assertEqual(self.left(), 1)
        order.sudo().order_line.product_uom_qty = 1
        self.assertEqual(self.left(), 4)
        with self.assertRaises(SeatRefusal), self.env.cr.savepoint():
            order.sudo().order_line.product_uom_qty = 6
        self.assertEqual(self.left(), 4)

    def test_closed_policy_and_order_limit_hold_no_more(self):
        gold = self.policy(80, class_id=self.stored_value.id, order_limit=3)
        order = self.reserve()
        line = order.sudo().order_line
        self.refused("order_limit", line.write, {"product_uom_qty": 4})
        gold.active = False
        self.refused("price_changed", line.write, {"product_uom_qty": 3})
        line.product_uom_qty = 1
        self.assertEqual(self.left(), 4)

    def test_added_line_is_held_too(self):
        order = self.reserve()
        order.sudo().write(
            {
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.gallery.product_id.id,
                            "event_id": self.show.id,
                            "event_ticket_id": self.gallery.id,
                            "product_uom_qty": 1,
                        }
                    )
                ]
            }
        )
        self.assertEqual(self.left(), 2)

    def test_removed_line_is_given_back(self):
        order = self.reserve()
        order.sudo().order_line.unlink()
        self.post_commit()
        self.assertEqual(self.left(), 5)

    def test_another_member_counts_on_the_own_limit(self):
        self.policy(100, class_id=self.stored_value.id, member_limit=2)
        self.quotation(self.bob, quantity=1).action_confirm()
        order = self.reserve(quantity=2)
        with self.assertRaises(SeatRefusal), self.env.cr.savepoint():
            order.sudo().partner_id = self.bob
        order.sudo().order_line.product_uom_qty = 1
        order.sudo().partner_id = self.bob
        self.assertEqual(self.left(), 3)

    def test_presale_is_closed_for_another_customer(self):
        """What is held for a member is not passed on to who may not buy it."""
        self.show.is_ticket_policy_required = True
        gold = self.policy(80, class_id=self.stored_value.id)
        order = self.reserve(user=self.boss)
        self.refused("not_for_sale", order.write, {"partner_id": self.visitor.id})
        self.assertEqual(order.partner_id, self.ann)
        self.assertEqual(order.order_line.member_ticket_policy_id, gold)
        self.assertEqual(self.left(), 3)
        order.partner_id = self.bob
        order.action_confirm()
        self.assertEqual(self.states(order), ["open", "open"])

    def test_other_seats_must_be_for_sale(self):
        self.show.is_ticket_policy_required = True
        self.policy(80, ticket_id=self.floor.id)
        order = self.reserve(user=self.boss)
        line = order.order_line
        self.refused("not_for_sale", line.write, {"event_ticket_id": self.gallery.id})
        self.policy(
            50,
            ticket_id=self.gallery.id,
            window="dates",
            end_date=fields.Datetime.now() - timedelta(days=1),
        )
        self.refused("closed", line.write, {"event_ticket_id": self.gallery.id})
        self.assertEqual(line.event_ticket_id, self.floor)
        # the same again would be sold anew
        self.show.member_ticket_policy_ids.active = False
        for record, vals in (
            (line, {"event_ticket_id": self.floor.id}),
            (order, {"partner_id": self.ann.id}),
        ):
            self.refused("not_for_sale", record.write, vals)
        order.action_confirm()
        self.assertEqual(line.price_unit, 80)

    def test_held_seats_keep_a_policy(self):
        """Without one they would count for no quota and no limit."""
        gold = self.policy(80, class_id=self.stored_value.id, member_limit=2)
        line = self.reserve(user=self.boss).order_line
        self.refused("price_changed", line.write, {"member_ticket_policy_id": False})
        self.assertEqual(line.member_ticket_policy_id, gold)

    def test_cancel_gives_back(self):
        order = self.reserve()
        order.action_member_cancel_reservation()
        self.post_commit()
        self.assertEqual(order.member_reservation_state, "cancelled")
        self.assertEqual(self.left(), 5)
        self.refused("not_reserved", order.action_member_cancel_reservation)

    # === THE END === #

    def test_expires(self):
        order = self.reserve()
        self.run_job()
        self.assertEqual(order.member_reservation_state, "open")
        self.pass_time(order)
        self.run_job()
        self.assertEqual(order.member_reservation_state, "expired")
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self.left(), 5)

    def test_job_ends_what_is_over(self):
        order = self.reserve()
        self.pass_time(order)
        self.env.ref("member_ticketing.member_reservation_cron").method_direct_trigger()
        order.invalidate_recordset()
        self.assertEqual(order.member_reservation_state, "expired")

    def promised(self, order, hours=0, amount=None):
        """Return a payment that has been under way for so long."""
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "last_state_change": fields.Datetime.now() - timedelta(hours=hours),
                    "amount": amount or order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": self.ann.id,
                    "payment_method_id": self.env.ref(
                        "payment.payment_method_unknown"
                    ).id,
                    "provider_id": self.env["payment.provider"]
                    .sudo()
                    .search([], limit=1)
                    .id,
                    "reference": "under way",
                    "sale_order_ids": [Command.set(order.ids)],
                    "state": "pending",
                }
            )
        )

    def test_payment_under_way_keeps_the_seats(self):
        order = self.reserve()
        self.promised(order)
        self.pass_time(order)
        self.run_job()
        self.assertEqual(order.member_reservation_state, "open")
        self.assertEqual(self.left(), 3)

    def test_a_transfer_that_does_not_come_frees_the_seats(self):
        order = self.reserve()
        self.promised(order, hours=self.company.member_transfer_hold_hours + 1)
        self.pass_time(order)
        self.run_job()
        self.assertEqual(order.member_reservation_state, "expired")
        self.assertEqual(self.left(), 5)
        said = " ".join(order.sudo().message_ids.mapped("body"))
        self.assertIn("was promised and has not come", said)

    def test_no_transfer_keeps_seats_until_the_performance(self):
        order = self.reserve()
        self.promised(order)
        self.pass_time(order)
        begins = fields.Datetime.now() + timedelta(minutes=30)
        self.show.write({"date_begin": begins, "date_end": begins + timedelta(hours=2)})
        self.run_job()
        self.assertEqual(order.member_reservation_state, "expired")
        self.assertEqual(self.left(), 5)

    def test_reminder_comes_once(self):
        order = self.reserve()
        self.run_job()
        self.assertFalse(order.member_reminded_at)
        order.sudo().member_reserved_until = fields.Datetime.now() + timedelta(hours=3)
        before = len(order.sudo().message_ids)
        self.run_job()
        self.assertTrue(order.member_reminded_at)
        self.assertEqual(len(order.sudo().message_ids), before + 1)
        self.run_job()
        self.assertEqual(len(order.sudo().message_ids), before + 1)

    def reminder(self, order):
        """Return the mail that reminds of a reservation with three hours left."""
        until = fields.Datetime.now() + timedelta(hours=3)
        order.sudo().member_reserved_until = until
        before = order.sudo().message_ids
        self.run_job()
        (mail,) = order.sudo().message_ids - before
        return mail.body

    def test_the_reminder_asks_for_the_money(self):
        order = self.reserve()
        said = self.reminder(order)
        self.assertIn(order.member_pay_url.split("?")[0], said)
        self.assertIn(order._member_until_said(), said)

    def test_the_reminder_awaits_what_was_promised(self):
        """Who promised a transfer is told until when, and not asked to pay again."""
        order = self.reserve()
        promise = self.promised(order)
        said = self.reminder(order)
        self.assertNotIn(order.get_portal_url().split("?")[0], said)
        hours = timedelta(hours=self.company.member_transfer_hold_hours)
        until = promise.last_state_change + hours
        self.assertEqual(order.member_promised_until, until)
        self.assertGreater(until, order.member_reserved_until)
        self.assertIn(order._member_until_said(until), said)
        self.assertIn("2 × Stalls", said)

    def test_a_part_that_was_promised_buys_nothing(self):
        order = self.reserve()
        self.promised(order, amount=order.amount_total / 2)
        self.assertIn(order.member_pay_url.split("?")[0], self.reminder(order))

    def test_promises_are_listed(self):
        """The clerk, who sees no payments, sees which reservations wait for one."""
        asked, promising = self.reserve(), self.reserve(partner=self.bob)
        orders = self.env["sale.order"].with_user(self.cashier)

        def listed(is_promised=True):
            domain = [("is_member_reservation", "=", True)]
            return orders.search([*domain, ("member_is_promised", "=", is_promised)])

        self.assertFalse(listed())
        promise = self.promised(promising)
        self.assertEqual(listed(), promising)
        self.assertIn(asked, listed(False))
        self.assertNotIn(promising, listed(False))
        promising = promising.with_user(self.cashier)
        self.assertEqual(asked.mapped("member_is_promised"), [False])
        self.assertFalse(asked.member_promised_until)
        self.assertTrue(promising.member_is_promised)
        self.assertEqual(
            promising.member_promised_until, promising.member_reserved_until
        )
        promise.state = "cancel"
        self.assertFalse(listed())
        self.assertFalse(promising.member_is_promised)

    def test_a_promise_ends_with_the_reservation(self):
        order = self.reserve()
        self.promised(order)
        order.action_member_cancel_reservation()
        self.assertFalse(order.member_promised_until)
        self.assertNotIn(
            order, self.env["sale.order"].search([("member_is_promised", "=", True)])
        )

    def test_prolonged(self):
        order = self.reserve()
        until = fields.Datetime.now() + timedelta(days=4)
        self.prolong(order, until)
        self.assertEqual(order.member_reserved_until, until)
        self.assertGreater(order.order_line.member_held_until, until)
        self.assertEqual(self.left(), 3)

    def test_too_few_held_are_held_again_to_be_paid(self):
        order = self.reserve(quantity=3)
        line = order.sudo().order_line
        prefix = line._member_seat_prefix()
        seats.resize(self.env, prefix, [line._member_want(1)])
        self.assertEqual(self.left(), 4)
        self.assertFalse(order.sudo()._member_prolong_seats(60))
        order.sudo()._member_hold_for_payment(is_paid=True)
        self.assertEqual(self.left(), 2)
        self.assertTrue(order.sudo()._member_prolong_seats(60))

    def test_reserved_again_after_the_end(self):
        order = self.reserve()
        self.pass_time(order)
        self.run_job()
        self.prolong(order, fields.Datetime.now() + timedelta(days=1))
        self.assertEqual(order.member_reservation_state, "open")
        self.assertEqual(self.left(), 3)

    def test_not_again_when_the_seats_are_gone(self):
        order = self.reserve()
        self.pass_time(order)
        self.run_job()
        self.quotation(self.bob, quantity=4).action_confirm()
        with self.assertRaises(SeatRefusal), self.env.cr.savepoint():
            self.prolong(order, fields.Datetime.now() + timedelta(days=1))
        self.assertEqual(order.member_reservation_state, "expired")

    def test_reservation_fields_are_not_edited(self):
        order = self.reserve(user=self.boss)
        with self.assertRaises(AccessError):
            order.member_reserved_until = fields.Datetime.now() + timedelta(days=99)

    def test_colleagues_see_reservations_and_no_other_orders(self):
        order = self.reserve(user=self.boss)
        other = (
            self.env["sale.order"]
            .with_user(self.boss)
            .create(
                {
                    "partner_id": self.bob.id,
                    "order_line": [Command.create({"product_id": self.book.id})],
                }
            )
        )
        seen = self.env["sale.order"].with_user(self.cashier).search([])
        self.assertIn(order, seen)
        self.assertNotIn(other, seen)
