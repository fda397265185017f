from odoo import fields, models


class EventType(models.Model):
    """A template: each performance that is made from it gets its policies."""

    _name = "event.type"
    _inherit = ["event.type", "member.ticket.policy.place"]

    member_ticket_policy_ids = fields.One2many(
        "member.ticket.policy", "event_type_id", "Sales Policies"
    )
    is_ticket_policy_required = fields.Boolean(
        "Sell Only by a Policy",
        help="Tickets that no policy speaks of are not for sale. Otherwise everybody "
        "buys them at their own price.",
    )

    def copy(self, default=None):
        copies = super().copy(default)
        for template, new in zip(self, copies, strict=True):
            # sudo: who may copy a template copies all of it
            template.sudo().member_ticket_policy_ids._copy_to(new.sudo())
        return copies

    # === PLACE OF POLICIES === #

    def _member_policy_tickets(self):
        return self.event_type_ticket_ids

    def _member_policy_facts(self):
        facts = super()._member_policy_facts()
        return facts | {"capacity": self.seats_max if self.has_seats_limitation else 0}
