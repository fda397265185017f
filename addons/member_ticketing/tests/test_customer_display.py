from odoo.tests import HttpCase, tagged


@tagged("post_install", "-at_install")
class TestCustomerDisplay(HttpCase):
    """C2: a page of the website, in the language of who stands before it."""

    def test_words_reach_the_page(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        answer = self.url_open("/website/translations/?lang=zh_CN")
        words = answer.json()["modules"]["member_ticketing"]["messages"]
        self.assertIn("赠票", [each["string"] for each in words])
