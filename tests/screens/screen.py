"""A till in one language whose screens are looked at, and kept as pictures."""

import re

from playwright.sync_api import expect

from tests.screens import cast
from tests.screens.cast import APPROVAL_PIN, CASHIER, GOODS, PASSWORD
from tests.support.browser import log_in, screenshot
from tests.support.till_page import TillPage

LANGUAGES = {"en": 0, "zh": 1}
SIZES = {
    "till": (1024, 600),
    "display": (1024, 600),
    "phone": (390, 844),
    "tablet": (1024, 768),
    "office": (1280, 800),
}

#: Screens that are worked with fingers.
TOUCHED = ("till", "phone")

#: What a finger hits without aiming; in pixels of a till's screen.
THUMB = 36

#: Commands, addresses, codes to type, and names of devices.
TECHNICAL = [
    r"member-hw-agent( \w+)?",
    r"https?://\S+",
    r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b",
    "Test till",
    "ACR122U",
    "TM-T20",
    "VFD",
]

#: What is not ours to translate.
NAMES = re.compile(
    "|".join(
        [
            "CNY",
            "OdooBot",
            "Odoo",
            "PDF",
            "PIN",
            "ZH",
            *TECHNICAL,
            *cast.english_names(),
        ]
    )
)


def turn(turns, what, language):
    """Return the next number of a language: even ones in English, odd in Chinese."""
    return 2 * next(turns[what, language]) + LANGUAGES[language]


def cashier(language):
    return CASHIER if language == "en" else f"{CASHIER}_zh"


class Picture:
    """A page of which pictures are kept as `<kind>-<name>-<language>`."""

    def __init__(self, page, language, kind):
        width, height = SIZES[kind]
        page.set_viewport_size({"width": width, "height": height})
        self.page, self.language, self.kind = page, language, kind

    def keep(self, name, *tapped, ours):
        """Keep a picture; what is `tapped` must be in sight, and large enough."""
        for locator in tapped:
            expect(locator).to_be_in_viewport(ratio=1)
            if self.kind in TOUCHED:
                box = locator.bounding_box()
                assert min(box["width"], box["height"]) >= THUMB, (name, box)
        screenshot(self.page, f"{self.kind}-{name}-{self.language}")
        self.check_words(name, ours)

    def keep_part(self, name, part, ours):
        """Keep a picture of a part that is longer than the screen."""
        width, height = SIZES[self.kind]
        self.page.set_viewport_size({"width": width, "height": 1200})
        screenshot(part, f"{self.kind}-{name}-{self.language}")
        self.page.set_viewport_size({"width": width, "height": height})
        self.check_words(name, ours)

    def check_words(self, name, ours):
        """On a Chinese screen no English may be left."""
        if self.language == "zh":
            words = NAMES.sub("", self.words(ours))
            english = re.findall(r".*[A-Za-z]{2,}.*", words)
            assert not english, (name, english)

    @staticmethod
    def words(ours):
        """Return what is read on a part of a screen, also in its empty fields."""
        hints = ours.locator("[placeholder]").evaluate_all(
            "fields => fields.map(field => field.placeholder).join(' ')"
        )
        texts = ours.all_inner_texts()
        assert texts
        return "\n".join([*texts, hints])


class Screen(Picture, TillPage):
    """A till on a screen of one kind; tills and members are taken by `turns`."""

    def __init__(self, page, server, shop, language, turns, kind="till"):
        self.turns, self.shop, self.url = turns, shop, server.url
        Picture.__init__(self, page, language, kind)
        number = turn(turns, "till", language) % len(shop.ids["tills"])
        TillPage.__init__(self, page, server, shop, number, cashier(language))

    def member(self, money=0):
        """Return a member whom no other test has, with money on the card."""
        number = turn(self.turns, "member", self.language)
        assert number < 2 * len(cast.MEMBERS), "name more members in cast.py"
        member = self.shop.members[number]
        if money:
            self.till.top_up(member["id"], money)
        return member

    def tap_good(self, key="ticket"):
        self.tap_product(GOODS[key][LANGUAGES[self.language]])

    @property
    def button(self):
        return self.page.locator(".member-button")

    @property
    def modal(self):
        return self.page.locator(".modal").last

    @property
    def footer(self):
        """The first and the last button of the popup."""
        buttons = self.modal.locator(".modal-footer button")
        return buttons.first, buttons.last

    def close(self):
        self.modal.locator(".modal-footer button").last.click()
        expect(self.page.locator(".modal")).to_have_count(0)

    def open_member(self):
        self.page.locator(".member-chip").click()
        expect(self.modal.locator(".member-available")).to_be_visible()

    def step(self, name):
        """Take a step from the member's card."""
        self.modal.locator(f".member-{name}").first.click()

    def tap_cash(self):
        self.tap_method("Cash" if self.language == "en" else "现金")

    def open_display(self):
        """Open what the customer sees, in a window of its own."""
        window = self.page.context.new_page()
        window.goto(f"{self.url}/pos_customer_display/{self.till.config}/1")
        expect(window.locator(".o_customer_display")).to_be_visible()
        self.page.bring_to_front()
        return Picture(window, self.language, "display")

    def open_refund(self):
        self.page.locator(".product-screen .more-btn").click()
        self.page.locator(".control-buttons-modal button:has(.fa-undo)").click()
        expect(self.page.locator(".ticket-screen")).to_be_visible()

    def approve(self):
        self.modal.locator(".member-approver").first.click()
        self.modal.locator(".member-approval-pin").fill(APPROVAL_PIN)
        self.modal.locator(".member-approve").click()


class Office(Picture):
    """The back office as somebody sees it who has this role."""

    def __init__(self, page, server, language, role):
        super().__init__(page, language, "office")
        self.url = server.url
        login = role if language == "en" else f"{role}_zh"
        log_in(page, server.client(login, PASSWORD), server.url)

    def open(self, action, record=None, addon="member_card"):
        """Open an action of ours by the end of its XML id, or one of its records."""
        path = f"action-{addon}.{action}" + (f"/{record}" if record else "")
        self.page.goto(f"{self.url}/odoo/{path}")
        expect(self.page.locator(".o_view_controller .o_content")).to_be_visible()
        expect(self.page.locator(".o_loading_indicator")).to_have_count(0)

    @property
    def trail(self):
        """The way here, one piece a page; this page is the last."""
        return self.page.locator(
            ".o_breadcrumb .breadcrumb-item, .o_breadcrumb .o_last_breadcrumb_item"
        )
