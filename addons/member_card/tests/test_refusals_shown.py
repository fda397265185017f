from odoo.exceptions import UserError
from odoo.http import serialize_exception
from odoo.tests import BaseCase, tagged

from ..errors import LedgerError
from ..refusals import MemberRefusal, PinError


@tagged("post_install", "-at_install")
class TestRefusalsShown(BaseCase):
    """A refusal reaches who looks at a screen of the office with its sentence."""

    def test_the_web_client_shows_the_sentence(self):
        """It shows that of Odoo's own errors, or of one that names one of them."""
        name = f"{UserError.__module__}.{UserError.__name__}"
        for error in (
            MemberRefusal("lost", "This card was lost."),
            PinError("wrong_pin", "Wrong PIN.", attempts_left=2),
            LedgerError("Enter an amount."),
        ):
            with self.subTest(error=error):
                sent = serialize_exception(error)
                self.assertEqual(sent["context"].get("exception_class"), name)
                self.assertEqual(sent["arguments"], (str(error),))
