from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.member_card import ledger

from .. import seats
from .common_web_payments import WebPaymentsCase


@tagged("post_install", "-at_install")
class TestWebRefunds(WebPaymentsCase):
    """Money that went back at the provider leaves no door open that nobody knows of."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.invoice_policy = "order"
        cls.point = cls.company._member_asset("points")
        cls.env["member.point.rule"].search([]).active = False
        cls.env["member.point.rule"].create(
            {"name": "Tickets", "company_id": cls.company.id}
        )

    def tearDown(self):
        self.post_commit()
        self.assertEqual(seats.verify(self.env), [])
        super().tearDown()

    def sold(self, count=2):
        """Return an order that was paid online, and its payment."""
        order = self.a_cart(count)
        transaction = self.transaction(order)
        self.arrive(transaction)
        self.assertEqual((order.state, self.seats_of(order)), ("sale", count))
        return order, transaction

    def refund(self, transaction, amount=None):
        """Give money back as the button on a payment does, then look at it."""
        refund = transaction._refund(amount_to_refund=amount)
        self.look_at(refund)
        return refund

    def left(self):
        self.stalls.invalidate_recordset()
        return self.stalls.seats_available

    def points(self):
        gold = self.gold_user.partner_id
        found = ledger.figures(self.env, gold.id, self.point.ids)
        return found[self.point.id].available

    # === ALL OF IT === #

    def test_all_of_it_cancels_the_tickets_and_is_listed(self):
        """The code opens no door, the seats are for sale, and somebody is told."""
        order, transaction = self.sold(2)
        self.assertEqual(self.left(), 8)
        self.refund(transaction)
        self.assertEqual(
            order.order_line.registration_ids.mapped("state"), ["cancel"] * 2
        )
        self.assertEqual(self.left(), 10)
        exception = self.listed(order)
        self.assertEqual(
            (exception.reason, exception.state, exception.quantity, exception.amount),
            ("refunded", "open", 2, 200),
        )
        self.assertSays(exception.message, "for sale: 2.", "Used before: 0.")
        self.assertTrue(exception.activity_ids)
        self.assertEqual(self.a_cart(10, self.plain_user).amount_total, 1000)

    def test_a_ticket_that_was_used_stays_used(self):
        order, transaction = self.sold(2)
        used, unused = order.order_line.registration_ids
        used.action_set_done()
        self.refund(transaction)
        self.assertEqual((used.state, unused.state), ("done", "cancel"))
        self.assertSays(self.listed(order).message, "for sale: 1.", "Used before: 1.")

    def test_looked_at_again_nothing_more_happens(self):
        order, transaction = self.sold(2)
        refund = self.refund(transaction)
        self.listed(order).action_settle()
        self.look_at(refund)
        self.assertEqual(len(self.listed(order)), 1)
        self.assertEqual(self.listed(order).state, "settled")

    def test_it_is_never_given_back_a_second_time(self):
        """The job that gives back what bought nothing leaves these alone."""
        order, transaction = self.sold(2)
        self.refund(transaction)
        self.env["member.ticket.exception"]._cron_refund_payments()
        self.assertEqual(self.refunded(transaction), 200)
        self.assertFalse(self.mails_about(self.listed(order)))

    # === A PART === #

    def test_a_part_cancels_nothing_and_says_what_to_do(self):
        order, transaction = self.sold(2)
        self.refund(transaction, 100)
        self.assertEqual(self.seats_of(order), 2)
        exception = self.listed(order)
        self.assertEqual((exception.reason, exception.amount), ("refunded", 100))
        self.assertSays(exception.message, "open the door: 2.", "Cancel the")

    def test_the_rest_of_it_later_cancels_all_and_settles_the_part(self):
        order, transaction = self.sold(2)
        self.refund(transaction, 100)
        self.refund(transaction, 100)
        self.assertEqual(self.seats_of(order), 0)
        self.assertEqual(self.listed(order).mapped("state"), ["settled", "open"])

    def test_what_the_office_cancelled_first_is_not_listed(self):
        order, transaction = self.sold(2)
        order.order_line.registration_ids[0].action_cancel()
        self.refund(transaction, 100)
        self.assertFalse(self.listed(order))
        self.assertEqual(self.seats_of(order), 1)
        order.order_line.registration_ids.action_cancel()
        self.refund(transaction, 100)
        self.assertFalse(self.listed(order))

    # === NOT ABOUT TICKETS === #

    def test_what_was_paid_twice_goes_back_and_the_tickets_stay(self):
        order, _first = self.sold(2)
        second = self.transaction(order)
        self.arrive(second)
        self.look_at(second.child_transaction_ids)
        self.assertEqual(self.listed(order).reason, "surplus")
        self.assertEqual(self.seats_of(order), 2)

    def test_a_refund_that_failed_changes_nothing(self):
        order, transaction = self.sold(2)
        refund = transaction._create_child_transaction(200, is_refund=True)
        refund._set_error("The card was closed.")
        self.look_at(refund)
        self.assertEqual(self.seats_of(order), 2)
        self.assertFalse(self.listed(order))

    def test_the_page_does_not_say_that_no_seat_was_left(self):
        order, transaction = self.sold(1)
        self.refund(transaction)
        self.assertFalse(order._member_late_payments())

    # === CONFIRMED AGAIN === #

    def confirmed_again(self, amount=None):
        """Return an order that was paid, given back, cancelled and confirmed anew."""
        order, transaction = self.sold(2)
        refund = self.refund(transaction, amount)
        # people take longer than this test
        refund.last_state_change -= timedelta(minutes=1)
        order._action_cancel()
        self.post_commit()
        order.action_draft()
        order.action_confirm()
        self.post_commit()
        self.assertEqual((order.state, self.seats_of(order)), ("sale", 2))
        return order

    def is_paid(self, order):
        """Tell whether the list shows an order as paid, by column and by filter."""
        order.invalidate_recordset()
        found = order.search([("id", "=", order.id), ("member_is_paid", "=", True)])
        self.assertEqual(bool(found), order.member_is_paid)
        return order.member_is_paid

    def test_confirmed_again_it_is_to_be_paid_again(self):
        """A15: the seats are taken, and nothing is ticketed until money comes."""
        order = self.confirmed_again()
        self.assertFalse(self.is_paid(order))
        wizard = self.env["member.ticket.issue"].create({"order_ids": order.ids})
        self.assertEqual((wizard.ticket_count, wizard.unpaid_count), (0, 1))
        self.assertEqual(order.member_is_ticketed, "none")
        self.assertEqual(self.points(), 0)
        self.arrive(self.transaction(order))
        self.assertTrue(self.is_paid(order))
        self.assertEqual(self.points(), 200)

    def test_an_invoice_of_money_that_went_back_pays_for_nothing(self):
        """A15: the automatic invoice stays paid in the books until it is credited."""
        params = self.env["ir.config_parameter"].sudo()
        params.set_param("sale.automatic_invoice", "True")
        order = self.confirmed_again()
        self.assertEqual(order.invoice_ids.payment_state, "paid")
        self.assertFalse(self.is_paid(order))

    def test_confirmed_again_after_a_part_that_part_is_to_be_paid(self):
        """A15: what went back before pays for nothing that is sold after it."""
        order = self.confirmed_again(50)
        self.assertFalse(self.is_paid(order))
        self.assertEqual(self.points(), 0)
        self.arrive(self.transaction(order, 50))
        self.assertTrue(self.is_paid(order))
        self.assertEqual(self.points(), 200)
        self.assertEqual(self.listed(order).mapped("reason"), ["refunded"])

    def test_confirmed_again_after_all_a_part_does_not_pay_for_it(self):
        order = self.confirmed_again()
        self.arrive(self.transaction(order, 50))
        self.assertFalse(self.is_paid(order))

    def test_an_invoice_of_which_a_part_went_back_pays_for_nothing(self):
        """A15: until the part is credited, and what is sold again is invoiced anew."""
        params = self.env["ir.config_parameter"].sudo()
        params.set_param("sale.automatic_invoice", "True")
        order = self.confirmed_again(100)
        invoice = order.invoice_ids
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self.is_paid(order))
        self.credited(invoice)
        self.assertFalse(self.is_paid(order))
        again = order._create_invoices(final=True)
        again.action_post()
        self.assertFalse(self.is_paid(order))
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=again.ids
        ).create({})._create_payments()
        self.assertTrue(self.is_paid(order))

    def test_a_part_that_went_back_leaves_the_rest_paid(self):
        order, transaction = self.sold(2)
        self.refund(transaction, 100)
        self.assertTrue(self.is_paid(order))

    # === THE GUIDE: GIVE TICKETS OF AN ORDER BACK === #

    def test_the_whole_order_by_cancelling_it(self):
        order, transaction = self.sold(2)
        self.assertEqual(self.points(), 200)
        order._action_cancel()
        self.post_commit()
        self.assertEqual((self.seats_of(order), self.left()), (0, 10))
        self.assertEqual(self.points(), 0)
        self.refund(transaction)
        self.assertFalse(self.listed(order))

    def test_one_ticket_by_its_attendee_and_a_credit_note(self):
        order, transaction = self.sold(2)
        invoice = order._create_invoices(final=True)
        invoice.action_post()
        order.order_line.registration_ids[0].action_cancel()
        self.post_commit()
        self.assertEqual((self.seats_of(order), self.left()), (1, 9))
        self.credited(invoice)
        self.assertEqual(self.points(), 100)
        self.refund(transaction, 100)
        self.assertFalse(self.listed(order))

    def credited(self, invoice):
        """Make a credit note for one ticket of an invoice."""
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id})
        )
        wizard.reverse_moves()
        credit = wizard.new_move_ids
        credit.invoice_line_ids.quantity = 1
        credit.action_post()
        self.post_commit()
