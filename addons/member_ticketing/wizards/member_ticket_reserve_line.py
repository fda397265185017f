from odoo import fields, models


class MemberTicketReserveLine(models.TransientModel):
    """One kind of ticket in the dialog: what it costs this member, and how many."""

    _name = "member.ticket.reserve.line"
    _description = "Ticket to Reserve"
    _order = "id"

    wizard_id = fields.Many2one(
        "member.ticket.reserve", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="wizard_id.currency_id")
    ticket_id = fields.Many2one("event.event.ticket", required=True)
    price = fields.Monetary()
    why = fields.Char("Why This Price")
    is_for_sale = fields.Boolean()
    seats_left = fields.Char()
    quantity = fields.Integer("Wanted")

    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "A number of tickets is not below zero."
    )
