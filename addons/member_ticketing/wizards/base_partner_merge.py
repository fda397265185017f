from odoo import models

from .. import seats


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        """Count the seats of merged members as those of the one that stays.

        Core repoints with SQL. The seats stay sold, so no limit per member applies.
        """
        result = super()._update_foreign_keys(src_partners, dst_partner)
        # sudo: seats at performances that the user may not see are counted as well
        registrations = (
            self.env["event.registration"]
            .sudo()
            .with_context(active_test=False)
            .search([("partner_id", "=", dst_partner.id)])
        )
        seats.gate(registrations, lifted=True)
        return result
