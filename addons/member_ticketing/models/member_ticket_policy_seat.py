from odoo import models


class MemberTicketPolicy(models.Model):
    """A policy has a quota, so seats are counted on it."""

    _name = "member.ticket.policy"
    _inherit = ["member.ticket.policy", "member.seat.counted.mixin"]
