from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests import test_js

SUITES = (
    "unit/backend",
    "unit/components",
    "unit/utils",
    # its interaction does not start here: the till's services, on which this add-on
    # depends, want a till
    "unit/interactions/cart_hold/a clock says minutes and seconds",
)


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The till's unit tests, and the backend's, in a real browser."""

    def test_member_ticketing_unit_tests(self):
        """Every suite of `SUITES` passes."""
        ids = "&".join(
            "id="
            + test_js.HOOTCommon._generate_hash(self, f"@member_ticketing/{suite}")
            for suite in SUITES
        )
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&{ids}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
