"""The theatre's website in a real browser: what a shopper's fingers do there."""

from playwright.sync_api import expect

from tests.support.browser import log_in


class WebPage:
    """One browser on the website, of somebody signed in or not."""

    def __init__(self, page, server, login=None):
        self.page = page
        self.url = server.url
        if login:
            log_in(page, server.client(login, login), server.url)

    def open(self, event_id):
        """Open the page of a performance."""
        self.page.goto(f"{self.url}/event/{event_id}/register")

    def ticket_modal(self):
        """Open the choice of tickets; the page's scripts may still be loading."""
        button = self.page.locator(
            "button:visible[data-bs-target='#modal_ticket_registration']"
        )
        modal = self.page.locator("#modal_ticket_registration")
        button.first.click()
        expect(modal).to_be_visible()
        return modal

    def ticket(self, name="Stalls"):
        return self.page.locator(f".o_wevent_ticket_selector[name='{name}']")

    def choose(self, count, name="Stalls"):
        """Choose so many tickets and open the attendees' form."""
        modal = self.ticket_modal()
        plus = self.ticket(name).locator("button[data-increment-type='plus']")
        for _number in range(count):
            plus.click()
        modal.locator(".a-submit").click()
        form = self.page.locator("#modal_attendees_registration")
        expect(form).to_be_visible()
        return form

    def fill_attendees(self, form, name="Guest"):
        for number, field in enumerate(form.locator("input[type=text]:visible").all()):
            field.fill(f"{name} {number + 1}")
        for field in form.locator("input[type=email]:visible").all():
            field.fill("guest@example.com")

    def put_in_cart(self, count, name="Stalls"):
        """Choose tickets, name the guests and go on, as far as the server lets."""
        form = self.choose(count, name)
        self.fill_attendees(form)
        form.locator("button[type=submit]").click()
        self.page.wait_for_load_state()

    def is_refused(self):
        """Wait for what the server says to the attendees' form."""
        pay = self.page.locator("button[name=o_payment_submit_button]:visible")
        refusal = self.page.locator(".alert-danger:visible")
        expect(pay.or_(refusal).first).to_be_visible()
        return refusal.count() > 0

    def pay(self, status="done"):
        """Pay with the provider that simulates payments, and wait for what it says."""
        expect(self.page).to_have_url(f"{self.url}/shop/payment")
        self.page.locator("select#simulated_payment_state").select_option(status)
        with self.page.expect_response("**/payment/status/poll"):
            self.page.locator("button[name=o_payment_submit_button]:visible").click()
        if status != "done":  # the page waits for the provider; the shopper does not
            self.page.goto(f"{self.url}/shop/payment/validate")
        self.page.wait_for_url("**/shop/confirmation")
