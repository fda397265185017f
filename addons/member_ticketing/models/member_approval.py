from odoo import api, fields, models

TICKET_ACTS = {
    "ticket_policy": "member_ticketing.group_member_ticket_policy_change",
    "ticket_free": "member_ticketing.group_member_ticket_free",
}
"""The right that each act takes."""


class MemberApproval(models.Model):
    """A supervisor's yes to a ticket under another policy, or for nothing.

    Both are for one order line. The limit of a complimentary ticket is what is given
    away; another policy has none.
    """

    _inherit = "member.approval"

    act = fields.Selection(
        selection_add=[
            ("ticket_policy", "Ticket under another policy"),
            ("ticket_free", "Complimentary ticket"),
        ],
        ondelete=dict.fromkeys(TICKET_ACTS, "cascade"),
    )

    @api.model
    def _act_rights(self):
        return {**super()._act_rights(), **TICKET_ACTS}
