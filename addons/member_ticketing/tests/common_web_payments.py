"""What the tests of payments on the website share."""

from unittest.mock import patch

from .common_web_tickets import WebTicketsCase


class WebPaymentsCase(WebTicketsCase):
    """Carts that are paid for with the provider that simulates payments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env.ref("payment.payment_provider_demo")
        cls.provider.write(
            {"company_id": cls.company.id, "state": "test", "is_published": True}
        )

    def a_cart(self, count=2, user=None, ticket=None):
        """Return a cart whose seats are held, as the website leaves it."""
        ticket = ticket or self.stalls
        order = self.env["sale.order"].create(
            {
                "partner_id": (user or self.gold_user).partner_id.id,
                "website_id": self.website.id,
                "require_payment": True,
                "prepayment_percent": 1.0,
                "require_signature": False,
            }
        )
        order._cart_add(
            self.product.id,
            count,
            event_ticket_id=ticket.id,
            event_slot_id=False,
        )
        self.post_commit()
        return order

    def transaction(self, order, amount=None, provider=None):
        """Return a payment for an order that has begun, as the checkout makes it."""
        provider = provider or self.provider
        method = provider.payment_method_ids[:1]
        transactions = self.env["payment.transaction"]
        return transactions.create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": transactions._compute_reference(
                    provider.code, prefix=order.name
                ),
                "amount": order.amount_total if amount is None else amount,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_direct",
                "sale_order_ids": [(4, order.id)],
            }
        )

    def arrive(self, *transactions):
        """Say that these payments are done, then look at each as the page does."""
        for transaction in transactions:
            transaction.action_demo_set_done()
        for transaction in transactions:
            self.look_at(transaction)

    def look_at(self, transaction):
        transaction._post_process()
        self.post_commit()

    def without_refunds(self):
        """From here on the provider cannot give money back."""
        providers = self.registry["payment.provider"]
        compute = providers._compute_feature_support_fields

        def no_refunds(records):
            compute(records)
            records.support_refund = "none"

        self.startPatcher(
            patch.object(providers, "_compute_feature_support_fields", no_refunds)
        )
        self.provider.invalidate_recordset()

    def listed(self, order):
        """Return the exceptions of an order."""
        return self.env["member.ticket.exception"].search(
            [("sale_order_id", "=", order.id)], order="id"
        )

    def refunded(self, transaction):
        refunds = transaction.child_transaction_ids
        return -sum(
            refunds.filtered(lambda each: each.state == "done").mapped("amount")
        )

    def mails_about(self, exception):
        """Return the bodies of the mails that told the customer, as text."""
        return [
            " ".join(str(mail.body).split())
            for mail in self.env["mail.mail"].search(
                [
                    ("model", "=", exception._name),
                    ("res_id", "=", exception.id),
                    ("recipient_ids", "in", exception.partner_id.ids),
                ]
            )
        ]

    def seats_of(self, order):
        """Return how many tickets of an order let somebody in."""
        states = order.order_line.registration_ids.mapped("state")
        return states.count("open")
