"""What the tests of tickets on the website share."""

from datetime import timedelta
from uuid import uuid4

from odoo import Command, fields, http

from odoo.addons.member_card.tests.common import MemberCase
from odoo.addons.member_card.tests.common_http import PatientHttpCase

GOLD = "gold.member"
PLAIN = "plain.customer"


class WebTicketsCase(MemberCase, PatientHttpCase):
    """A performance on the website, a Gold member with an account, a plain customer.

    Requests share the test's cursor, as tours do: what a commit does afterwards is done
    by `post_commit`, and proved on real servers in tests/e2e.
    """

    registry_test_mode = False  # MemberCase does it

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.company_id = cls.company
        cls.product = cls.env["product.product"].create(
            {
                "name": "Ticket",
                "type": "service",
                "service_tracking": "event",
                "list_price": 100,
                "taxes_id": [Command.clear()],
            }
        )
        cls.gold_class = cls.env["member.class"].create({"name": "Gold", "code": "g"})
        cls.gold_user = cls.account("Gold Member", GOLD)
        cls.gold_user.partner_id._member_register(
            {"member_class_id": cls.gold_class.id}
        )
        cls.plain_user = cls.account("Plain Customer", PLAIN)
        cls.swan = cls.performance("Swan Lake")
        cls.stalls, cls.balcony = cls.swan.event_ticket_ids

    @classmethod
    def account(cls, name, login):
        return (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@example.com",
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
            )
        )

    @classmethod
    def performance(cls, name, **vals):
        """Return a published performance with 10 stalls at 100 and 10 balcony at 50."""
        day = fields.Datetime.today() + timedelta(days=30)
        return cls.env["event.event"].create(
            {
                "name": name,
                "date_begin": day,
                "date_end": day + timedelta(hours=23),
                "date_tz": "UTC",
                "website_published": True,
                "company_id": cls.company.id,
                "event_mail_ids": [Command.clear()],
                "event_ticket_ids": [
                    Command.create(
                        {
                            "name": ticket,
                            "price": price,
                            "product_id": cls.product.id,
                            "seats_limited": True,
                            "seats_max": 10,
                        }
                    )
                    for ticket, price in (("Stalls", 100), ("Balcony", 50))
                ],
                **vals,
            }
        )

    @classmethod
    def policy(cls, name, event=None, **vals):
        policy = cls.env["member.ticket.policy"].create(
            {"name": name, "event_id": (event or cls.swan).id, **vals}
        )
        cls.env.flush_all()
        return policy

    @classmethod
    def for_gold(cls, price, **vals):
        return cls.policy(
            "For Gold",
            class_id=cls.gold_class.id,
            price_kind="fixed",
            price=price,
            **vals,
        )

    @classmethod
    def opens_in(cls, days):
        """Return the values of a window that opens then."""
        return {
            "window": "dates",
            "start_date": fields.Datetime.now() + timedelta(days=days),
        }

    def assertSays(self, page, *sentences):
        """A page has these words; a page is too long to be shown when it has not."""
        for sentence in sentences:
            self.assertTrue(sentence in page, f"the page lacks: {sentence}")

    def assertSaysNot(self, page, sentence):
        self.assertFalse(sentence in page, f"the page has: {sentence}")

    # === AS A SHOPPER === #

    def sign_in(self, user=None, cart=None):
        """Begin a session, with a cart that somebody unknown has filled if given."""
        login = user.login if user else None
        extra = {"sale_order_id": cart.id} if cart else None
        self.authenticate(login, login, session_extra=extra)

    def page(self, event=None):
        """Return the text of a performance's page, its spaces made one."""
        response = self.url_open(f"/event/{(event or self.swan).id}/register")
        self.assertEqual(response.status_code, 200)
        return " ".join(response.text.split())

    def choose(self, ticket, count=1, slot=None):
        """Answer the page's first question: how many; return the attendees' form."""
        form = {f"nb_register-{ticket.id}": str(count)}
        if slot:
            form["event_slot_id"] = str(slot.id)
        return self.make_jsonrpc_request(
            f"/event/{ticket.event_id.id}/registration/new", form
        )

    def buy(self, ticket, count=1, slot=None, event=None, key="", **forged):
        """Post the attendees' form; return the response after redirections.

        :param key: the form's own, to send the same one twice.
        """
        form = {
            "csrf_token": http.Request.csrf_token(self),
            "member_form_key": key or uuid4().hex,
        }
        event = event or ticket.event_id
        questions = {each.question_type: each.id for each in event.question_ids}
        for number in range(1, count + 1):
            form[f"{number}-event_ticket_id"] = str(ticket.id)
            form[f"{number}-name-{questions['name']}"] = f"Guest {number}"
            form[f"{number}-email-{questions['email']}"] = f"guest{number}@example.com"
            if slot:
                form[f"{number}-event_slot_id"] = str(slot.id)
            for name, value in forged.items():
                form[f"{number}-{name}"] = str(value)
        return self.url_open(f"/event/{event.id}/registration/confirm", data=form)

    def cart(self, user=None):
        """Return the last cart of a user, or of anybody."""
        domain = [("website_id", "=", self.website.id)]
        if user:
            domain.append(("partner_id", "=", user.partner_id.id))
        return self.env["sale.order"].search(domain, limit=1, order="id desc")
