from odoo.tests import tagged

from odoo.addons.web.tests.test_js import HOOTCommon, unit_test_error_checker


@tagged("post_install", "-at_install")
class TestHoot(HOOTCommon):
    """The till's unit tests, in a real browser."""

    def test_member_card_unit_tests(self):
        """Every suite under @member_card passes."""
        suite = self._generate_hash("@member_card")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=unit_test_error_checker,
        )
