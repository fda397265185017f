"""A till's screen in a real browser: what a cashier's fingers and scanner do there."""

from copy import copy

from playwright.sync_api import expect

from tests.support.browser import log_in
from tests.support.shop import CASHIER, PIN


class TillPage:
    """One browser at one till; `till` is the same till over RPC, logged in."""

    def __init__(self, page, server, shop, number, login=CASHIER):
        self.page = page
        self.till = shop.till(server, number, login)
        # as the cashier reads it
        self.wallet_name = shop.value(
            """SELECT coalesce(method.name ->> partner.lang, method.name ->> 'en_US')
                 FROM pos_payment_method method, res_users users
                 JOIN res_partner partner ON partner.id = users.partner_id
                WHERE method.id = %s AND users.login = %s""",
            self.till.ids["wallet"],
            login,
        )
        log_in(page, self.till.client, server.url)
        self.open(server)

    def in_tab(self, page):
        """Return the same till in another tab, which shows nothing yet."""
        other = copy(self)
        other.page = page
        return other

    def open(self, server):
        """Open the till in this tab: its products, or an order's payment."""
        self.page.goto(f"{server.url}/pos/ui/{self.till.config}")
        self.unlock()

    def unlock(self):
        """Get past the screen that a till shows first, also after a reload."""
        register = self.page.locator(".screen-login .open-register-btn")
        product = self.page.locator(".product-screen .product").first
        selling = product.or_(self.page.locator(".payment-screen"))
        expect(register.or_(selling)).to_be_visible()
        if register.is_visible():
            register.click()
            expect(selling).to_be_visible()

    def open_register(self):
        """Confirm what a new session asks for first: the cash in the drawer."""
        modal = self.page.locator(".modal", has_text="Opening Control")
        modal.locator(".modal-footer .btn-primary").click()
        expect(modal).to_have_count(0)

    # === PRODUCT SCREEN === #

    def tap_product(self, name):
        self.page.locator("article.product").filter(has_text=name).click()

    def scan(self, code):
        """Type a code as fast as a scanner does, wherever the focus is."""
        self.page.keyboard.type(code)
        self.page.keyboard.press("Enter")

    def new_order(self):
        self.page.locator(".list-plus-btn").click()

    def find_member(self, query):
        self.page.locator(".member-button").click()
        self.page.locator(".modal .member-query").fill(query)
        self.page.locator(".modal .member-query").press("Enter")

    def open_top_up(self):
        self.page.locator(".member-chip").click()
        self.page.locator(".modal .member-topup").click()
        expect(self.page.locator(".modal .member-usual")).to_be_visible()

    def take_step(self, name, card=""):
        """Take a step from the member's popup; one with a card by its number."""
        self.page.locator(".member-chip").click()
        popup = self.page.locator(".modal .member-card-popup")
        if card:
            popup = popup.locator(".member-card", has_text=card[-4:])
        popup.locator(f".member-{name}").click()

    def approve(self, asked, pin):
        """Let the only supervisor agree, who has read this of what is asked."""
        expect(self.page.locator(".modal .member-approval-text")).to_contain_text(asked)
        self.page.locator(".modal .member-approval-pin").fill(pin)
        self.page.locator(".modal .member-approve").click()

    def told(self, text):
        """Wait for a notice, and take it away."""
        notice = self.page.locator(".o_notification", has_text=text)
        expect(notice).to_be_visible()
        notice.locator(".o_notification_close").click()
        expect(notice).to_have_count(0)

    def refused(self, text):
        """Wait until the till says that it was refused, and go on."""
        alert = self.page.locator(".modal", has_text=text)
        expect(alert).to_be_visible()
        alert.locator(".modal-footer .btn-primary").click()
        expect(alert).to_have_count(0)

    def pay(self):
        self.page.locator(".product-screen .pay-order-button").click()
        expect(self.page.locator(".payment-screen")).to_be_visible()

    def order_line(self, name):
        return self.page.locator(".orderline").filter(has_text=name)

    @property
    def chip(self):
        return self.page.locator(".member-chip .member-balance")

    # === PAYMENT SCREEN === #

    def tap_method(self, name):
        self.page.locator(".paymentmethod").filter(has_text=name).click()

    def tap_wallet(self):
        """Tap the wallet's button, whatever the language calls it."""
        self.tap_method(self.wallet_name)
        expect(self.pin).to_be_visible()

    def open_rewards(self):
        self.page.locator(".payment-screen .member-redeem").click()
        expect(self.page.locator(".modal .member-rewards")).to_be_visible()

    def take_money_off(self, points):
        """Let so many points pay a part; the number as its button shows it."""
        self.open_rewards()
        button = self.page.locator(".modal .member-choice", has_text=f"{points} points")
        button.click()
        expect(self.page.locator(".modal")).to_have_count(0)

    def take_gift(self, name):
        self.open_rewards()
        self.page.locator(".modal .member-reward", has_text=name).click()
        expect(self.page.locator(".modal")).to_have_count(0)
        # the popup is gone before the server was asked; this comes last
        expect(self.page.locator(".o_notification", has_text=name)).to_be_visible()

    def type_amount(self, *keys, shows):
        """Type a part of what is due, before its means of payment is chosen.

        Two keys at most: more of them as fast as here are taken for a scan.
        """
        for key in keys:
            self.page.locator(f".payment-screen .numpad button[value='{key}']").click()
        expect(self.page.locator(".member-typed")).to_contain_text(shows)

    def find_order(self, customer, total=""):
        """Look the customer's last paid order up, or the last one of this total."""
        self.page.locator(".orders-button").click()
        self.page.locator(".pos-search-bar .filter").click()
        # paid orders are the last choice
        self.page.locator(".pos-search-bar .filter ul li").last.click()
        rows = self.page.locator(".order-row", has_text=customer)
        rows.filter(has_text=total).first.click()

    def print_again(self):
        """Print the order that was looked up; return what is on the paper."""
        self.page.evaluate(
            "() => { window.print = (el) => (window.printed = el.innerText); }"
        )
        self.page.locator(".ticket-screen button:has(.fa-print)").click()
        printed = self.page.wait_for_function("window.printed")
        return printed.json_value()

    def start_refund(self, customer, product):
        """Refund one piece of the customer's last order, up to the payment screen."""
        self.choose_refund(customer, product)
        expect(self.page.locator(".payment-screen")).to_be_visible()

    def choose_refund(self, customer, product):
        """Ask for one piece of the customer's last order to be taken back."""
        self.find_order(customer)
        self.order_line(product).click()
        self.page.locator(".ticket-screen .numpad button[value='1']").click()
        self.page.locator(".ticket-screen .pay-order-button").click()

    def type_pin(self, pin=PIN):
        self.pin.fill(pin)
        self.confirm_pin()

    def confirm_pin(self):
        self.page.locator(".modal .member-pay").click()

    def validate(self):
        """End the sale and return the receipt."""
        self.page.locator(".payment-screen button.validation-button.next").click()
        return self.wait_for_receipt()

    def wait_for_receipt(self):
        """Return the receipt, which comes by itself once a wallet has paid all."""
        expect(self.receipt).to_be_visible()
        return self.receipt

    def next_order(self):
        self.page.locator(".receipt-screen .button.next").click()
        expect(self.page.locator(".product-screen")).to_be_visible()

    @property
    def points(self):
        """What the chip says of points, on either screen."""
        return self.page.locator(".member-chip .member-points")

    @property
    def earns(self):
        return self.page.locator(".payment-screen .member-earns")

    @property
    def total(self):
        return self.page.locator(".payment-screen .total")

    @property
    def pin(self):
        return self.page.locator(".modal .member-pin")

    @property
    def message(self):
        return self.page.locator(".modal .member-message")

    @property
    def payment_lines(self):
        return self.page.locator(".paymentlines .paymentline")

    @property
    def remaining(self):
        return self.page.locator(".payment-status-amount .amount")

    @property
    def receipt(self):
        return self.page.locator(".receipt-screen .pos-receipt")

    # === CLOSING === #

    def close_register(self):
        """Count the cash as expected and close; the till loads its next session."""
        self.page.locator(".pos-rightheader button:has(.fa-bars)").click()
        self.page.locator("span.dropdown-item", has_text="Close Register").click()
        popup = self.page.locator(".close-pos-popup")
        popup.locator("button.fa-clone").first.click()
        with self.page.expect_event("load"):
            popup.locator(".modal-footer .btn-primary").click()
        self.unlock()
