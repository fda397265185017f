from odoo import fields, models


class EventEvent(models.Model):
    _inherit = "event.event"

    member_ticket_policy_ids = fields.One2many(
        "member.ticket.policy", "event_id", "Sales Policies"
    )
    is_ticket_policy_required = fields.Boolean(
        "Only by a Policy",
        help="Tickets that no policy speaks of are not for sale. Otherwise everybody "
        "buys them at their own price.",
    )
