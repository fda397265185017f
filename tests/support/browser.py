"""A real browser: Debian's Chromium driven by Playwright."""

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

SCREENSHOTS = Path("build/screenshots")

#: Milliseconds for whatever a page is asked: it shares two cores with its server, which
#: makes what it shows, and with other tests.
PATIENCE = 60_000

#: No sandbox as root, and no calls to the browser maker's own hosts.
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def executable():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    raise AssertionError("no Chromium on this machine")


@contextmanager
def chromium():
    """Give a running headless browser."""
    flags = [*FLAGS, *(["--no-sandbox"] if os.getuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=flags, headless=True
        )
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


def new_context(browser, width, height, **options):
    """Return a window of somebody else's browser, on a screen of this size."""
    size = {"width": width, "height": height}
    context = browser.new_context(viewport=size, **options)
    context.set_default_timeout(PATIENCE)
    return context


def screenshot(page, name):
    """Keep a picture of a page, or a part of it, in build/screenshots.

    Nothing moves on it: what fades in has done so.
    """
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=str(path), animations="disabled")
    return path


def log_in(page, client, url):
    """Give the page the session of a logged-in RPC client."""
    name, value = client.cookie.split("=", 1)
    page.context.add_cookies([{"name": name, "value": value, "url": url}])
