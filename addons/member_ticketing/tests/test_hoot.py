from odoo.tests import HttpCase, tagged

from odoo.addons.web.tests import test_js


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The unit tests of till, backend and website, in a real browser."""

    def test_member_ticketing_unit_tests(self):
        """Every suite under @member_ticketing passes."""
        suite = test_js.HOOTCommon._generate_hash(self, "@member_ticketing")
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=60000&id={suite}",
            "",
            "",
            login="admin",
            timeout=900,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=test_js.unit_test_error_checker,
        )
