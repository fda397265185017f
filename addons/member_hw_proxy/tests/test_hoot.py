from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests import test_js

SUITES = ("unit/app", "unit/backend", "unit/core")


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The unit tests of a page's way to the hardware agent, in a real browser."""

    def test_member_hw_proxy_unit_tests(self):
        """Every suite of `SUITES` passes."""
        ids = "&".join(
            "id=" + test_js.HOOTCommon._generate_hash(self, f"@member_hw_proxy/{suite}")
            for suite in SUITES
        )
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=60000&{ids}",
            "",
            "",
            login="admin",
            timeout=900,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
