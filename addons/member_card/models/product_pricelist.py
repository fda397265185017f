from odoo import api, fields, models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    is_member_pricelist = fields.Boolean(
        "Members' Prices",
        compute="_compute_is_member_pricelist",
        compute_sudo=True,
        help="A member class uses this pricelist.",
    )

    @api.depends_context("company")
    def _compute_is_member_pricelist(self):
        classes = self.env["member.class"].with_company(self.env.company.root_id)
        used = classes.search([("pricelist_id", "in", self.ids)]).pricelist_id
        for pricelist in self:
            pricelist.is_member_pricelist = pricelist in used

    @api.model
    def _load_pos_data_fields(self, config):
        return [*super()._load_pos_data_fields(config), "is_member_pricelist"]

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """Give members the price of their class, below one set for the contact itself.

        Till, sale orders and website all ask here.
        """
        result = super()._get_partner_pricelist_multi(partner_ids)
        partners = self.env["res.partner"].with_context(active_test=False)
        # sudo: membership is readable for staff only, prices are for everybody
        for partner in partners.browse(partner_ids).sudo().filtered("is_member"):
            if partner.specific_property_product_pricelist.active:
                continue
            if pricelist := partner._member_pricelist():
                result[partner.id] = pricelist.with_env(self.env)
        return result
