from odoo import models

from ..points import Line


class ProductProduct(models.Model):
    """Goods as points rules see them."""

    _inherit = "product.product"

    def _member_point_line(self, key, amount, quantity, *, has_tags, is_earning=True):
        """Return the line of a basket that sold this product.

        :param amount, quantity: Decimals; money with taxes, after discounts.
        :param has_tags: whether a rule asks for the product's tags.
        """
        # sudo: what a product is, is no secret to who sells it
        product = self.sudo()
        category = product.categ_id.parent_path or ""
        return Line(
            key=str(key),
            product_id=product.id,
            template_id=product.product_tmpl_id.id,
            amount=amount,
            quantity=quantity,
            category_ids=frozenset(int(each) for each in category.split("/") if each),
            tag_ids=frozenset(product.all_product_tag_ids.ids if has_tags else ()),
            is_earning=is_earning,
        )
