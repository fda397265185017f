from odoo.tests import tagged

from .common_books import BooksCase


@tagged("post_install", "-at_install")
class TestCompanyCurrency(BooksCase):
    """A chart of accounts chosen late, and prices that are nobody's by default."""

    def class_prices(self):
        classes = self.env["member.class"].with_company(self.company).search([])
        return classes.pricelist_id.sudo()

    def test_pockets_and_prices_follow_the_currency(self):
        other = self.env.ref("base.CHF") - self.company.currency_id
        other.active = True
        prices = self.class_prices()
        self.assertTrue(prices.filtered("item_ids"))
        self.company.currency_id = other
        self.assertEqual((self.principal | self.bonus).currency_id, other)
        self.assertEqual(prices.currency_id, other)

    def test_a_pocket_in_use_keeps_its_currency(self):
        before = self.company.currency_id
        self.credit(self.ann, money=10)
        self.company.currency_id = self.env.ref("base.CHF")
        self.assertEqual(self.principal.currency_id, before)
        self.assertEqual(self.bonus.currency_id, self.company.currency_id)

    def test_strangers_get_no_members_price(self):
        self.env["product.pricelist"].with_context(active_test=False).sudo().search(
            [("company_id", "in", (False, self.company.id))]
        ).unlink()
        self.assertFalse(self.class_prices())
        self.company._member_setup()
        self.env.invalidate_all()
        self.assertTrue(self.class_prices())
        stranger = (
            self.env["res.partner"].with_company(self.company).create({"name": "X"})
        )
        self.assertFalse(stranger.property_product_pricelist.item_ids)
        self.assertTrue(self.ann.with_company(self.company).property_product_pricelist)
