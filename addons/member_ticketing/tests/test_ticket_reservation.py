from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .. import seats
from ..seats import SeatRefusal
from .test_sale_tickets import SaleTicketsCase


@tagged("post_install", "-at_install")
class TestTicketReservation(SaleTicketsCase):
    """Seats taken now and paid later (A10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.show.write({"seats_limited": True, "seats_max": 5})
        cls.ann.email = "ann@example.com"

    def wizard(self, quantity=2, partner=None, user=None, **vals):
        wizards = self.env["member.ticket.reserve"].with_user(user or self.cashier)
        wizard = wizards.with_company(self.company).create(
            {
                "partner_id": (partner or self.ann).id,
                "event_id": self.show.id,
                **vals,
            }
        )
        line = wizard.line_ids.filtered(lambda each: each.ticket_id == self.floor)
        line.quantity = quantity
        return wizard

    def reserve(self, **kwargs):
        wizard = self.wizard(**kwargs)
        wizard.action_reserve()
        return self.reserved(wizard)

    def reserved(self, wizard):
        order = self.env["sale.order"].search(
            [("member_request_key", "=", wizard.request_key)]
        )
        return order.with_user(wizard.env.user)

    def left(self):
        (left,) = seats.left(
            self.env, [seats.Want(self.show.id, 0, self.floor.id, 0, 0)]
        )
        return left.seats

    def pass_time(self, order):
        """Let the reservation's time be over, grace and all."""
        past = fields.Datetime.now() - timedelta(minutes=1)
        order.sudo().write({"member_reserved_until": past})
        order.sudo().order_line.write({"member_held_until": past})
        self.env.flush_all()

    def run_job(self):
        """Do what the job does, which commits after each order."""
        orders = self.env["sale.order"]
        for order in orders._member_reminders_due():
            orders._member_remind(order)
        for order in orders._member_reservations_over():
            orders._member_expire(order)
        self.post_commit()

    # === RESERVE === #

    def test_seats_are_held_until_then(self):
        order = self.reserve(user=self.cashier)
        self.assertEqual(order.member_reservation_state, "open")
        self.assertEqual(order.state, "sent")
        self.assertEqual(order.amount_total, 200)
        self.assertEqual(self.left(), 3)
        self.assertEqual(self.states(order), [])
        self.assertEqual(self.log_lines("ticket_reserve").user_id, self.cashier)
        (mail,) = order.sudo().message_ids.filtered(
            lambda each: order.name in (each.body or "")
        )
        self.assertIn("2 × Stalls", mail.body)
        self.assertIn(order.member_pay_url.split("?")[0], mail.body)
        self.assertIn(order._member_until_said(), mail.body)

    def test_confirming_twice_reserves_once(self):
        wizard = self.wizard()
        wizard.action_reserve()
        notice = wizard.action_reserve()
        self.assertIn(self.reserved(wizard).name, notice["params"]["title"])
        self.assertEqual(self.left(), 3)

    def test_member_price_in_the_dialog(self):
        self.policy(100)
        self.policy(70, class_id=self.stored_value.id)
        form = Form(self.env["member.ticket.reserve"].with_user(self.cashier))
        form.partner_id = self.ann
        form.event_id = self.show
        with form.line_ids.edit(0) as line:
            line.quantity = 2
        self.assertEqual(form.total, 140)
        wizard = form.save()
        wizard.action_reserve()
        self.assertEqual(self.reserved(wizard).amount_total, 140)

    def test_slots_have_seats_of_their_own(self):
        day = (fields.Datetime.now() + timedelta(days=3)).date()
        show = self.make_event(
            "Matinee",
            start=fields.Datetime.now() + timedelta(days=2),
            hours=72,
            slots=[(day, 10, 12), (day, 20, 22)],
            seats_limited=True,
            seats_max=2,
        )
        noon, night = show.event_slot_ids
        for slot, member in ((noon, self.ann), (night, self.bob)):
            form = Form(self.env["member.ticket.reserve"].with_user(self.cashier))
            form.partner_id = member
            form.event_id = show
            self.assertEqual(len(form.line_ids), 0)
            form.slot_id = slot
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.seats_left, "2")
                line.quantity = 2
            wizard = form.save()
            wizard.action_reserve()
            order = self.reserved(wizard)
            self.assertEqual(order.sudo().order_line.event_slot_id, slot)
        wizard = self.wizard(0, event_id=show.id, slot_id=noon.id)
        self.assertFalse(any(wizard.line_ids.mapped("is_for_sale")))

    def test_member_is_found_by_card_and_phone(self):
        """A11."""
        self.ann.phone = "+8613800001111"
        (card,) = self.env["member.card"]._issue(self.ann)
        partners = self.env["res.partner"].with_user(self.cashier)
        for text in (card.number, "+86 138 0000 1111", self.ann.member_number, "Ann"):
            with self.subTest(text=text):
                found = partners.with_context(member_lookup=True).name_search(text)
                self.assertEqual([found[0][0]], self.ann.ids)

    def test_members_are_not_found_without_the_right(self):
        self.ann.phone = "+8613800001111"
        reader = new_test_user(self.env, "ticket_reader", groups="base.group_user")
        partners = self.env["res.partner"].with_user(reader)
        partners = partners.with_context(member_lookup=True)
        self.assertFalse(partners.name_search("+86 138 0000 1111"))

    def test_sold_out_reserves_nothing(self):
        self.reserve(quantity=4)
        wizard = self.wizard(quantity=2, partner=self.bob)
        with self.assertRaises(SeatRefusal), self.env.cr.savepoint():
            wizard.action_reserve()
        self.assertFalse(self.reserved(wizard))
        self.assertEqual(self.left(), 1)

    def test_all_tickets_or_none(self):
        self.gallery.seats_max = 1
        wizard = self.wizard(quantity=2)
        wizard.line_ids.filtered(
            lambda each: each.ticket_id == self.gallery
        ).quantity = 2
        with self.assertRaises(SeatRefusal), self.env.cr.savepoint():
            wizard.action_reserve()
        self.assertEqual(self.left(), 5)

    def test_who_may_not(self):
        wizard = self.wizard(user=self.cashier)
        self.cashier.group_ids -= self.env.ref("member_card.group_member_cashier")
        with self.assertRaises(AccessError):
            wizard.action_reserve()

    def test_nothing_chosen_and_strangers(self):
        self.refused("nothing_chosen", self.wizard(quantity=0).action_reserve)
        wizard = self.wizard(partner=self.visitor)
        self.refused("not_a_member", wizard.action_reserve)

    def test_not_beyond_the_performance(self):
        wizard = self.wizard(until=self.show.date_begin)
        self.refused("too_late", wizard.action_reserve)
        wizard = self.wizard(until=fields.Datetime.now() - timedelta(hours=1))
        self.refused("too_late", wizard.action_reserve)

    def test_longer_than_usual_takes_the_right(self):
        self.company.member_reservation_hours = 2
        late = fields.Datetime.now() + timedelta(hours=5)
        self.reserve(until=late)
        self.cashier.group_ids = self.env.ref(
            "member_ticketing.group_member_ticket_sell"
        ) | self.env.ref("event.group_event_registration_desk")
        wizard = self.wizard(until=late)
        with self.assertRaises(AccessError):
            wizard.action_reserve()

    # === PAY === #

    def test_confirmed_takes_the_held_seats(self):
        order = self.reserve(quantity=5)
        order.with_user(self.boss).sudo().action_confirm()
        self.post_commit()
        self.assertEqual(self.states(order), ["open"] * 5)
        self.assertEqual(order.member_reservation_state, "done")
        self.assertFalse(order.order_line.member_held_until)
        self.assertEqual(self.left(), 0)
        self.assertEqual(seats.verify(self.env), [])

    def test_held_price_stays(self):
        gold = self.policy(80, class_id=self.stored_value.id)
        order = self.reserve()
        gold.active = False
        order.sudo().action_confirm()
        self.assertEqual(order.amount_total, 160)

    def test_payment_link_until_the_end(self):
        order = self.reserve()
        self.assertIn("access_token", order.member_pay_url)
        self.assertTrue(order._has_to_be_paid())
        self.pass_time(order)
        self.assertFalse(order._has_to_be_paid())

    def pay_at_till(self, order):
        """Settle the reservation at the till as core does, in cash."""
        line = order.sudo().order_line
        return self.send(
            self.order_data(
                [
                    (
                        line.product_id,
                        line.product_uom_qty,
                        line.price_unit,
                        {
                            "sale_order_line_id": line.id,
                            "sale_order_origin_id": order.id,
                        },
                    )
                ],
                [(self.cash, order.sudo().amount_total, None)],
                order.partner_id,
            )
        )

    def test_paid_at_the_till(self):
        gold = self.policy(80, class_id=self.stored_value.id)
        order = self.reserve()
        gold.active = False
        self.assertEqual(self.pay_at_till(order).state, "paid")
        self.assertEqual(order.member_reservation_state, "done")
        self.assertEqual(self.states(order), ["open", "open"])
        self.assertEqual(seats.verify(self.env), [])

    def test_paid_at_the_till_after_the_end(self):
        """The money is in the drawer: the seats are held again, or it is listed."""
        gold = self.policy(80, class_id=self.stored_value.id)
        first, second = self.reserve(), self.reserve(partner=self.bob)
        for order in (first, second):
            self.pass_time(order)
        self.run_job()
        gold.active = False
        self.assertEqual(self.pay_at_till(first).state, "paid")
        self.assertEqual(self.states(first), ["open", "open"])
        self.quotation(self.bob, quantity=3).action_confirm()
        self.assertEqual(self.pay_at_till(second).state, "paid")
        self.assertEqual(self.states(second), [])
        exception = self.env["member.ticket.exception"].search(
            [("sale_order_id", "=", second.id)]
        )
        self.assertEqual((exception.reason, exception.state), ("no_seat", "open"))

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

    def test_payment_under_way_keeps_the_seats(self):
        order = self.reserve()
        self.env["payment.transaction"].sudo().create(
            {
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": self.ann.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "provider_id": self.env["payment.provider"]
                .sudo()
                .search([], limit=1)
                .id,
                "reference": "under way",
                "sale_order_ids": [Command.set(order.ids)],
                "state": "pending",
            }
        )
        self.pass_time(order)
        self.run_job()
        self.assertEqual(order.member_reservation_state, "open")
        self.assertEqual(self.left(), 3)

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

    def prolong(self, order, until, user=None):
        wizards = self.env["member.ticket.prolong"].with_user(user or self.cashier)
        wizards.create({"order_id": order.id, "until": until}).action_confirm()

    def test_prolonged(self):
        order = self.reserve()
        until = fields.Datetime.now() + timedelta(days=4)
        self.prolong(order, until)
        self.assertEqual(order.member_reserved_until, until)
        self.assertGreater(order.order_line.member_held_until, until)
        self.assertEqual(self.left(), 3)

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
