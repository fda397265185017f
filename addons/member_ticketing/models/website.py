from odoo import models


class Website(models.Model):
    """The shop shows members' prices to members, and to nobody else."""

    _inherit = "website"

    def get_pricelist_available(self, show_visible=False):
        """Leave out pricelists of classes, but that of the visitor's own class.

        Odoo offers every pricelist of the website to everybody, and sells to somebody
        unknown at the first of them.
        """
        pricelists = super().get_pricelist_available(show_visible)
        # sudo: classes are readable for staff only, prices are for everybody
        partner = self.env.user.partner_id.sudo().with_company(self.company_id)
        own = partner.property_product_pricelist
        members = pricelists.sudo().filtered("is_member_pricelist") - own
        return pricelists.filtered(lambda pricelist: pricelist not in members)
