"""The screen at a card writer in a real browser, as whoever sits there uses it."""

from playwright.sync_api import expect

from tests.support.browser import log_in
from tests.support.shell import run_in_odoo

CLERK = "card_clerk"
CLERK_PASSWORD = "card_clerk_password"

HIRE = """
    from odoo import Command

    users = env["res.users"].with_context(no_reset_password=True)
    users.create({
        "name": "Ke Rui", "login": login, "password": password,
        "group_ids": [Command.set(env.ref("member_card.group_member_supervisor").ids)],
    })
"""

STATE = """
    queue = env["member.card.encoding"].browse(queue)
    result = [
        {"number": line.card_id.number, "state": line.state,
         "card": line.card_id.state, "chip": bool(line.card_id.uid_hash)}
        for line in queue.line_ids
    ]
"""


def hire_clerk(shop):
    """Make a user who may encode cards, and nothing of the set-up."""
    run_in_odoo(shop.database, HIRE, login=CLERK, password=CLERK_PASSWORD)


class EncodingPage:
    """One browser at one writer; `client` is the same user over RPC."""

    def __init__(self, page, server, shop):
        self.page, self.server, self.shop = page, server, shop
        self.client = server.client(CLERK, CLERK_PASSWORD)
        self.queue = None
        log_in(page, self.client, server.url)

    def start_queue(self, count, medium="contactless"):
        """Make a queue of new cards as the wizard does, and open it."""
        model = "member.card.encoding.start"
        values = {"source": "new", "count": count, "medium": medium}
        (wizard,) = self.client.call(model, "create", [values])
        action = self.client.call(model, "action_start", [wizard])
        self.queue = action["context"]["active_id"]
        self.open()

    def open(self):
        """Open the queue, as after the browser was closed."""
        self.page.goto(f"{self.server.url}/odoo/member.card.encoding/{self.queue}")
        self.page.locator("button[name='action_encode']:visible").first.click()

    @property
    def screen(self):
        return self.page.locator(".o_member_encoding")

    def expect_step(self, step, position=None):
        at = f"[data-position='{position}']" if position else ""
        expect(
            self.page.locator(f".o_member_encoding[data-step='{step}']{at}")
        ).to_be_visible()

    def expect_problem(self, code):
        expect(
            self.page.locator(f".o_member_encoding[data-problem='{code}']")
        ).to_be_visible()

    @property
    def number(self):
        return self.screen.get_attribute("data-number")

    def press(self, name):
        self.page.locator(f".o_member_encoding_button[name='{name}']").click()

    def lines(self):
        """Return what the server knows of each number, in the queue's order."""
        return run_in_odoo(self.shop.database, STATE, queue=self.queue)
