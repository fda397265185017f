from odoo import fields, models


class EventType(models.Model):
    _inherit = "event.type"

    member_ticket_policy_ids = fields.One2many(
        "member.ticket.policy",
        "event_type_id",
        "Sales Policies",
        copy=True,
        help="Each performance that is made from this template gets them.",
    )
    is_ticket_policy_required = fields.Boolean(
        "Only by a Policy",
        help="Tickets that no policy speaks of are not for sale. Otherwise everybody "
        "buys them at their own price.",
    )
