"""A shopper's browser on the theatre's website, over HTTP: what its pages send.

For rushes, where many buy at once; tests/support/web_page.py has real browsers.
"""

import re
from html import unescape
from urllib.parse import urlencode

from tests.support.rpc import Client, RpcError
from tests.support.shell import run_in_odoo

OPEN = """
    from tests.support.web_shop_data import account, take_payments
    take_payments(env)
    users = env["res.users"]
    for login in logins:
        if not users.search([("login", "=", login)]):
            account(env, login, login)
"""

SIGN_UP = """
    from tests.support.web_shop_data import give_account, take_payments
    take_payments(env)
    give_account(env["res.partner"].browse(member), login)
"""

REFUSAL = re.compile(
    r'<div class="alert alert-danger my-3" role="alert">(.*?)<', re.DOTALL
)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def open_box_office(shop, count):
    """Let the website sell; return the logins of so many customers with an account."""
    logins = [f"shopper.{number}" for number in range(count)]
    run_in_odoo(shop.database, OPEN, logins=logins)
    return logins


def sign_in(shop, server, member):
    """Return a shopper who is this member."""
    login = f"member.{member}"
    run_in_odoo(shop.database, SIGN_UP, member=member, login=login)
    return Shopper(server, login)


class Shopper:
    """One browser that is signed in; not to be shared between threads."""

    def __init__(self, server, login):
        self.client = Client("127.0.0.1", server.port, server.database)
        self.client.login(login, login)
        self.token = re.search(r'csrf_token: "([^"]+)"', self.get("/shop/cart"))[1]

    def buy(self, performance, seats=1, slot=None):
        """Put tickets into the cart and pay; return the payment's state.

        None when the tickets are refused: the cart is as it was.
        """
        return self.pay() if self.put_in_cart(performance, seats, slot) else None

    def put_in_cart(self, performance, seats=1, slot=None):
        """Send the form of the performance's page; tell whether it was accepted."""
        path = f"/event/{performance['id']}"
        form = {"csrf_token": self.token}
        for number in range(1, seats + 1):
            form[f"{number}-event_ticket_id"] = performance["ticket"]
            if slot:
                form[f"{number}-event_slot_id"] = slot
        page = self.request("POST", f"{path}/registration/confirm", form)
        if "/shop/checkout" in page:
            return True
        assert "/register" in page, page
        return False

    def refusal(self, performance):
        """Return the sentence that the performance's page says after a refusal."""
        page = self.get(f"/event/{performance['id']}/register")
        return " ".join(unescape(REFUSAL.search(page)[1]).split())

    def pay(self):
        """Pay for the cart with the provider that simulates payments.

        :raise RpcError: the payment did not begin.
        """
        page = self.request("GET", "/shop/payment")
        form = values(page, 'id="o_payment_form"')
        method = values(page, 'name="o_payment_radio"')
        payment = self.client.post(
            form["transaction-route"],
            {
                "provider_id": int(method["provider-id"]),
                "payment_method_id": int(method["payment-option-id"]),
                "token_id": None,
                "amount": float(form["amount"]),
                "flow": "direct",
                "tokenization_requested": False,
                "landing_route": form["landing-route"],
                "is_validation": False,
                "access_token": form["access-token"],
            },
        )
        self.client.post(
            "/payment/demo/simulate_payment",
            {
                "reference": payment["reference"],
                "payment_details": "",
                "simulated_state": "done",
            },
        )
        return self.poll()

    def poll(self):
        """Wait as the page does until the payment is looked at; return its state."""
        while True:
            try:
                return self.client.post("/payment/status/poll", {})["state"]
            except RpcError as error:
                if str(error) != "retry":
                    raise

    def get(self, path):
        """Return the page at a path, or the one that it leads to."""
        page = self.request("GET", path)
        if "<title>Redirecting...</title>" in page:
            return self.get(unescape(re.search(r'href="([^"]+)"', page)[1]))
        return page

    def request(self, verb, path, form=None):
        """Return the page, which may be one that leads to another."""
        status, page = self.client.request(
            verb, path, urlencode(form) if form else None, FORM if form else ()
        )
        assert status < 400, (status, page[:500])
        return page


def values(page, attribute):
    """Return the `data-` attributes of the first tag that has this attribute."""
    tags = re.findall(r"<[a-z]+\s[^>]*>", page)
    tag = next(tag for tag in tags if attribute in tag)
    return dict(re.findall(r'data-([a-z-]+)="([^"]*)"', tag))
