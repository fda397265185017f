from odoo import models


class ResPartner(models.Model):
    """As what a partner buys tickets: the class, and the pricelist of one's own."""

    _inherit = "res.partner"

    def _member_class_in(self, company):
        """Return the class as which the partner buys in a company, empty: the public.

        A frozen or cancelled member buys as the public does.
        """
        # sudo: membership is readable for staff only, prices are for everybody
        member = self.sudo()
        root = (company or self.env.company).root_id
        if (
            not member.is_member
            or member.member_state != "active"
            or member.member_company_id != root
        ):
            return self.env["member.class"]
        return member.member_class_id

    def _member_own_pricelist_in(self, company):
        """Return the pricelist at which this partner buys: the own, or the class's."""
        # sudo: prices are computed for cashiers, portal and public users too
        partner = self.sudo().with_company(company)
        if not partner:
            return self.env["product.pricelist"].sudo()
        own = partner.specific_property_product_pricelist
        return own if own.active else partner._member_pricelist().sudo()
