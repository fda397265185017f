from odoo import models


class ProductPricelist(models.Model):
    _inherit = "product.pricelist"

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """Never sell to everybody at the price of a class of members.

        On the website Odoo takes the first pricelist that is one of the website, which
        those of classes are unless somebody says otherwise.
        """
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        company = self.env["res.company"].browse(company_id) or self.env.company
        # sudo: classes are readable for staff only
        classes = self.env["member.class"].sudo().with_company(company.root_id)
        members = classes.search([("pricelist_id", "!=", False)]).pricelist_id
        return [*domain, ("id", "not in", members.ids)]
