import io

from PIL import Image
from PyPDF2 import PdfReader

from odoo import Command
from odoo.tests import tagged

from .common_web_payments import WebPaymentsCase


@tagged("post_install", "-at_install")
class TestTicketMail(WebPaymentsCase):
    """Who has paid on the website is sent the tickets: codes, as PDF, once."""

    def setUp(self):
        super().setUp()
        self.swan.event_mail_ids = [Command.clear()]
        self.swan._member_send_tickets_by_mail()

    def paid(self, count=2):
        """Return the tickets of an order that was paid for, with guests' addresses."""
        order = self.a_cart(count)
        self.env["event.registration"].create(
            [
                {
                    "sale_order_id": order.id,
                    "sale_order_line_id": order.order_line.id,
                    "event_id": self.swan.id,
                    "event_ticket_id": self.stalls.id,
                    "name": f"Guest {number}",
                    "email": f"guest{number}@example.com",
                }
                for number in range(count)
            ]
        )
        transaction = self.transaction(order)
        self.arrive(transaction)
        self.assertEqual(self.seats_of(order), count)
        return transaction, order.order_line.registration_ids.sorted("name")

    def run_job(self):
        """Do what the job of mails does, with real PDFs."""
        jobs = self.env["event.mail"].with_context(force_report_rendering=True)
        jobs.schedule_communications(autocommit=False)

    def mails(self, tickets):
        return self.env["mail.mail"].search(
            [("model", "=", tickets._name), ("res_id", "in", tickets.ids)], order="id"
        )

    def test_each_guest_gets_the_own_code_as_a_pdf(self):
        _transaction, tickets = self.paid(2)
        self.assertFalse(self.mails(tickets), "the buyer waits for no PDF")
        self.run_job()
        mails = self.mails(tickets)
        self.assertEqual(len(mails), 2)
        for ticket, mail in zip(tickets, mails.sorted("res_id"), strict=True):
            self.assertIn(ticket.email, mail.email_to or mail.recipient_ids.email)
            self.assertIn(f"/report/barcode/QR/{ticket.barcode}", mail.body_html)
            self.assertIn('src="http', mail.body_html)
            [pdf] = mail.attachment_ids
            self.assertEqual(pdf.mimetype, "application/pdf")
            self.assertTrue(pdf.raw.startswith(b"%PDF"))
            [another] = tickets - ticket
            self.assertLess(self.difference(pdf.raw, ticket.barcode), 0.05)
            self.assertGreater(self.difference(pdf.raw, another.barcode), 0.1)
            self.assertTrue(ticket.member_ticketed_at)

    def test_it_is_sent_once(self):
        transaction, tickets = self.paid(1)
        self.run_job()
        self.look_at(transaction)
        self.run_job()
        tickets.sale_order_id._send_order_confirmation_mail()
        self.run_job()
        self.assertEqual(len(self.mails(tickets)), 1)

    def test_a_payment_in_vain_sends_no_ticket(self):
        order = self.a_cart(2)
        self.arrive(self.transaction(order, amount=10))
        self.run_job()
        self.assertFalse(self.mails(order.order_line.registration_ids))

    def difference(self, pdf, code):
        """Return which part of a code's dots the likest picture in a PDF has wrong."""
        wanted = self.dots(
            self.env["ir.actions.report"].barcode(
                "QR", code, width=152, height=152, quiet=0
            )
        )
        pictures = [
            self.dots(image.data)
            for page in PdfReader(io.BytesIO(pdf)).pages
            for image in page.images
        ]
        wrong = [
            sum(ours != theirs for ours, theirs in zip(wanted, each, strict=True))
            for each in pictures
        ]
        return min(wrong) / len(wanted)

    def dots(self, picture):
        """Return a picture in black and white, of the size that codes are made in."""
        picture = Image.open(io.BytesIO(picture)).convert("L").resize((152, 152))
        return picture.point(lambda value: value > 127 and 255).tobytes()
