from odoo import api, models


class ProductTemplate(models.Model):
    """A till knows the products that it gives away, also those it does not sell."""

    _inherit = "product.template"

    @api.model
    def _load_pos_data_search_read(self, data, config):
        records = super()._load_pos_data_search_read(data, config)
        # sudo: what is given away may be hidden from who sells
        gifts = config._member_offered().sudo().product_id.product_tmpl_id
        known = {record["id"] for record in records}
        missing = gifts.filtered(lambda gift: gift.id not in known)
        if missing:
            hidden = missing.filtered(lambda gift: not gift.available_in_pos)
            special = data["pos.config"][0]["_pos_special_products_ids"]
            special += hidden.product_variant_ids.ids
            records += self._load_pos_data_read(missing, config)
        return records
