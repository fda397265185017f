from odoo import models


class ResPartner(models.Model):
    """What the desks of a box office tell of a member."""

    _inherit = "res.partner"

    def _member_desk_match(self):
        """Return the public line of a member (in sudo mode), enough for namesakes."""
        self.ensure_one()
        phone = self.member_phone or self.phone or ""
        member_class = self.member_class_id
        return {
            "partner_id": self.id,
            "name": self.name,
            "number": self.member_number or "",
            "class": member_class.name or "",
            "color": member_class.color,
            "phone_masked": f"•••• {phone[-4:]}" if phone else "",
        }
