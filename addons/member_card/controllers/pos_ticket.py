from odoo.http import request

from odoo.addons.point_of_sale.controllers.main import PosController


class MemberPosTicket(PosController):
    """The page behind a receipt's code, where who holds the receipt gets an invoice."""

    def _create_or_update_address(self, partner_sudo, *args, **kwargs):
        """Make a contact of their own of who only holds a receipt.

        Core would write what they typed over the order's customer. The phone number of
        a member finds the member at the till, and the name is on the card.
        """
        if request.env.user._is_public() and partner_sudo.is_member:
            partner_sudo = partner_sudo.browse()
        return super()._create_or_update_address(partner_sudo, *args, **kwargs)
