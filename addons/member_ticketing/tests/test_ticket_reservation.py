from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .. import seats
from ..seats import SeatRefusal
from .common_reservations import ReservationCase


@tagged("post_install", "-at_install")
class TestTicketReservation(ReservationCase):
    """Seats taken now and paid later (A11)."""

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

    def test_member_is_found_five_ways(self):
        """A11: where a member is asked for, and first where any customer is."""
        self.ann.phone = "+8613800001111"
        (card,) = self.env["member.card"]._issue(self.ann)
        card.sudo().uid_hash = card._hash_uid("04A1B2C3D4E5F6")
        self.env["member.identity"]._set(self.ann, "passport", "E12345678")
        stranger = self.env["res.partner"].create({"name": "Ann Stranger"})
        partners = self.env["res.partner"].with_user(self.cashier)
        for text in (
            card.number,
            "04A1B2C3D4E5F6",
            "E12345678",
            "+86 138 0000 1111",
            self.ann.member_number,
            "Ann",
        ):
            with self.subTest(text=text):
                found = partners.with_context(member_lookup=True).name_search(text)
                self.assertEqual([each[0] for each in found], self.ann.ids)
                found = partners.with_context(member_lookup="first").name_search(text)
                self.assertEqual(found[0][0], self.ann.id)
        self.assertEqual([each[0] for each in found].count(self.ann.id), 1)
        self.assertIn(stranger.id, [each[0] for each in found])
        form = Form(self.env["sale.order"])
        context = form._view["contexts"]["partner_id"]
        self.assertIn("'member_lookup': 'first'", context)

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

    def pay_online(self, order):
        """Pay the reservation by its link, as the provider says that it is done."""
        provider = self.env.ref("payment.payment_provider_demo").sudo()
        provider.write({"company_id": self.company.id, "state": "test"})
        order = order.sudo()
        transactions = self.env["payment.transaction"].sudo()
        transaction = transactions.create(
            {
                "provider_id": provider.id,
                "payment_method_id": provider.payment_method_ids[:1].id,
                "reference": transactions._compute_reference("demo", order.name),
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_direct",
                "sale_order_ids": [(4, order.id)],
            }
        )
        transaction.action_demo_set_done()
        transaction._post_process()
        self.post_commit()
        return transaction

    def listed(self, order):
        return self.env["member.ticket.exception"].search(
            [("sale_order_id", "=", order.id)]
        )

    def test_paid_online_while_the_till_takes_the_cash(self):
        """The cash is in the drawer: what was paid online goes back by itself."""
        order = self.reserve()
        transaction = self.pay_online(order)
        self.assertEqual(order.sudo().state, "sale")
        self.assertEqual(self.pay_at_till(order).state, "paid")
        self.post_commit()
        exception = self.listed(order)
        self.assertEqual((exception.reason, exception.state), ("surplus", "settled"))
        self.assertEqual(exception.transaction_id, transaction)
        (refund,) = transaction.child_transaction_ids
        self.assertEqual(refund.amount, -order.sudo().amount_total)
        self.assertEqual(self.states(order), ["open", "open"])

    def test_paid_at_two_tills(self):
        """The second payment is listed, once, with the order to refund."""
        order = self.reserve()
        self.assertEqual(self.pay_at_till(order).state, "paid")
        self.assertFalse(self.listed(order))
        second = self.pay_at_till(order)
        exception = self.listed(order)
        self.assertEqual(exception.pos_order_id, second)
        self.assertEqual((exception.reason, exception.state), ("surplus", "open"))
        self.assertEqual(exception.amount, order.sudo().amount_total)
        self.assertEqual(self.states(order), ["open", "open"])
        self.assertEqual(seats.verify(self.env), [])
