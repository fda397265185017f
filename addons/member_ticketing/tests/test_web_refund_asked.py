from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import seats
from .common_web_payments import WebPaymentsCase

WEB_LOG = "odoo.addons.member_ticketing.models.member_ticket_exception_web"


@tagged("post_install", "-at_install")
class TestWebRefundAsked(WebPaymentsCase):
    """A provider is asked once to give a payment back, whatever fails around it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Supervisor",
                    "login": "refund.supervisor",
                    "company_ids": [Command.set(cls.company.ids)],
                    "company_id": cls.company.id,
                    "group_ids": [
                        Command.set(
                            [
                                cls.env.ref("base.group_user").id,
                                cls.env.ref("member_card.group_member_supervisor").id,
                            ]
                        )
                    ],
                }
            )
        )

    def setUp(self):
        super().setUp()
        self.asked = []
        self.provider_says = lambda: None
        transactions = self.registry["payment.transaction"]
        send = transactions._send_refund_request

        def ask(refund):
            """Note what the provider is asked; what it does stays done."""
            self.asked.append(-refund.amount)
            self.provider_says()
            return send(refund)

        self.startPatcher(patch.object(transactions, "_send_refund_request", ask))

    def tearDown(self):
        self.post_commit()
        self.assertEqual(seats.verify(self.env), [])
        super().tearDown()

    def paid_twice(self):
        """Return the second payment of an order, and what is listed about it."""
        order = self.a_cart(1)
        first, second = self.transaction(order), self.transaction(order)
        self.arrive(first, second)
        return second, self.listed(order)

    def paid_twice_and_killed(self):
        """The same, where the process dies before the provider is asked."""
        order = self.a_cart(1)
        self.arrive(self.transaction(order))
        second = self.transaction(order)
        second.action_demo_set_done()
        second._post_process()
        self.env.flush_all()
        self.env.cr.postcommit.clear()
        return second, self.listed(order)

    def run_job(self):
        with self.registry.cursor() as cr:
            self.env(cr=cr)["member.ticket.exception"]._cron_refund_payments()
        self.env.invalidate_all()

    @contextmanager
    def an_answer_is_lost(self):
        """What comes after the provider did it fails in here."""

        def die():
            raise RuntimeError("the server went down")

        self.provider_says = die
        with self.assertLogs(WEB_LOG, "ERROR"):
            yield
        self.provider_says = lambda: None

    # === WHAT FAILS AFTERWARDS === #

    def test_a_mail_that_cannot_be_made_undoes_nothing(self):
        template = self.env.ref("member_ticketing.mail_template_ticket_surplus_payment")
        template.body_html = '<p t-out="object.no_such_field"/>'
        with self.assertLogs(WEB_LOG, "ERROR"):
            second, exception = self.paid_twice()
        self.assertEqual((self.asked, self.refunded(second)), ([100], 100))
        self.assertEqual(exception.state, "settled")
        self.assertIn("was not told", exception.activity_ids.note)
        self.run_job()
        self.assertEqual(self.asked, [100])

    def test_where_the_answer_was_lost_a_person_decides(self):
        with self.an_answer_is_lost():
            second, exception = self.paid_twice()
        self.run_job()
        self.assertEqual(self.asked, [100])
        self.assertEqual(exception.state, "open")
        self.assertTrue(exception.is_refund_unanswered)
        here = exception.with_user(self.supervisor)
        action = here.action_refund()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (second._name, second.id)
        )
        self.assertEqual(self.asked, [100])
        self.assertFalse(self.mails_about(exception))
        here.action_settle()
        self.assertEqual(exception.state, "settled")

    def test_no_seats_are_given_where_the_answer_was_lost(self):
        order = self.a_cart(10)
        order._member_release_seats()
        self.post_commit()
        rival = self.a_cart(1, self.plain_user)
        with self.an_answer_is_lost():
            self.arrive(self.transaction(order))
        rival._action_cancel()
        self.post_commit()
        with self.assertRaisesRegex(UserError, "not known"):
            self.listed(order).action_give_seats()
        self.assertEqual(self.seats_of(order), 0)

    def test_the_job_does_what_a_crash_left_behind(self):
        second, exception = self.paid_twice_and_killed()
        self.assertEqual(self.asked, [])
        self.run_job()
        self.run_job()
        self.assertEqual((self.asked, self.refunded(second)), ([100], 100))
        self.assertEqual(exception.state, "settled")
        self.assertEqual(len(self.mails_about(exception)), 1)

    # === WHAT WENT BACK ALREADY === #

    def test_reopened_it_is_not_given_back_again(self):
        _second, exception = self.paid_twice()
        here = exception.with_user(self.supervisor)
        here.action_reopen()
        with self.assertRaisesRegex(UserError, "Mark this as settled"):
            here.action_refund()
        self.assertEqual(self.asked, [100])

    def test_of_a_payment_that_pays_for_more_only_the_surplus_goes_back(self):
        order = self.a_cart(3)
        transaction = self.transaction(order)
        order._cart_update_line_quantity(order.order_line.id, 2)
        self.arrive(transaction)
        here = self.listed(order).with_user(self.supervisor)
        here.action_reopen()
        with self.assertRaises(UserError):
            here.action_refund()
        self.assertEqual(self.asked, [100])

    def test_what_the_office_gave_back_first_is_not_asked_for(self):
        second, exception = self.paid_twice_and_killed()
        second._refund()
        self.run_job()
        self.assertEqual(self.asked, [100])
        self.assertEqual(exception.state, "settled")
        self.assertIn("already", exception.resolution)

    def test_after_a_part_went_back_the_rest_does(self):
        second, exception = self.paid_twice_and_killed()
        second._refund(amount_to_refund=40)
        exception.with_user(self.supervisor).action_refund()
        self.env.invalidate_all()
        self.assertEqual(self.asked, [40, 60])
        self.assertEqual(exception.state, "settled")

    def test_what_went_back_before_it_was_listed_is_another_matter(self):
        """Paid 300, 100 went back, 200 of it buys nothing: those 200 go back."""
        order = self.a_cart(3)
        transaction = self.transaction(order)
        transaction.action_demo_set_done()
        transaction._refund(amount_to_refund=100)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = create_date - INTERVAL '1 s'"
            " WHERE source_transaction_id = %s",
            [transaction.id],
        )
        self.env.invalidate_all()
        transaction._member_give_back("no_seat", "Sold out.", 200)
        self.post_commit()
        self.assertEqual(self.asked, [100, 200])

    def test_what_failed_is_asked_for_again(self):
        second, exception = self.paid_twice()
        refund = second.child_transaction_ids
        refund.state = "pending"
        refund._set_error("The card was closed.")
        self.env.flush_all()
        exception.with_user(self.supervisor).action_refund()
        self.env.invalidate_all()
        self.assertEqual(self.asked, [100, 100])
        self.assertEqual(exception.state, "settled")

    # === AUTHORISED, NOT CAPTURED === #

    def authorised_in_vain(self, send=None):
        """Return an authorised payment that got no seat, and what is listed of it.

        :param send: what the provider does when it is asked to void the payment.
        """
        if send:
            self.startPatcher(
                patch.object(
                    self.registry["payment.transaction"], "_send_void_request", send
                )
            )
        self.provider.capture_manually = True
        order = self.a_cart(10)
        payment = self.transaction(order)
        order._member_release_seats()
        self.post_commit()
        self.a_cart(1, self.plain_user)
        self.arrive(payment)
        return payment, self.listed(order)

    @staticmethod
    def expired(transaction):
        transaction._set_error("The authorisation has expired.")

    def test_an_authorised_payment_is_voided(self):
        payment, exception = self.authorised_in_vain()
        self.assertEqual(payment.state, "cancel")
        self.assertEqual(exception.state, "settled")
        self.assertIn("voided", exception.resolution)

    def test_a_void_that_failed_at_once_stays_on_the_list(self):
        payment, exception = self.authorised_in_vain(self.expired)
        self.assertEqual(payment.state, "authorized")
        self.assertEqual(payment.child_transaction_ids.state, "error")
        self.assertEqual(exception.state, "open")
        self.assertFalse(exception.resolution)
        self.assertTrue(exception.activity_ids)
        [mail] = self.mails_about(exception)
        self.assertSays(mail, "We will give you the money back and get in touch")

    def test_a_void_that_fails_later_is_listed_again(self):
        payment, exception = self.authorised_in_vain(lambda void: void._set_pending())
        self.assertEqual(exception.state, "settled")
        self.expired(payment.child_transaction_ids)
        self.assertEqual(exception.state, "open")
        self.assertIn("has expired", exception.activity_ids[0].note)

    def test_a_void_that_comes_later_settles_it_for_good(self):
        payment, exception = self.authorised_in_vain(lambda void: void._set_pending())
        payment.child_transaction_ids._set_canceled()
        self.assertEqual((payment.state, exception.state), ("cancel", "settled"))

    def test_a_capture_that_fails_is_no_void(self):
        """The seats were given for an authorised payment: it stays settled."""
        payment, exception = self.authorised_in_vain(self.expired)
        rival = self.env["sale.order"].search([], order="id desc", limit=1)
        rival._action_cancel()
        self.post_commit()
        exception.action_give_seats()
        self.post_commit()
        self.assertEqual(exception.sale_order_id.state, "sale")
        self.expired(payment._create_child_transaction(payment.amount))
        self.assertEqual(exception.state, "settled")
