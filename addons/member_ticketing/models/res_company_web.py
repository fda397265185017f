from odoo import fields, models


class ResCompany(models.Model):
    """How long seats of a cart are kept. Settings of the legal entity."""

    _inherit = "res.company"

    member_cart_hold_minutes = fields.Integer(
        "Keep Seats of a Cart (minutes)",
        default=15,
        help="So long nobody else can buy what a shopper has put into the cart. The "
        "time is counted down on the pages of the checkout. Another ticket renews it, "
        "but no cart keeps its seats longer than both times together after it took "
        "the first; then they are for sale to everybody.",
    )
    member_payment_hold_minutes = fields.Integer(
        "Keep Seats While Paying (minutes)",
        default=30,
        help="From the moment that the shopper goes to pay. A payment that comes later "
        "gets its seats if they are still free, otherwise the money goes back.",
    )
    member_transfer_hold_hours = fields.Integer(
        "Keep Seats for a Bank Transfer (hours)",
        default=24,
        help="For payments that take long. Whoever promises a transfer blocks the "
        "seats for so long, paid or not.",
    )

    _member_web_holds = models.Constraint(
        "CHECK (member_cart_hold_minutes > 0 AND member_payment_hold_minutes > 0"
        " AND member_transfer_hold_hours > 0)",
        "Seats of a cart must be kept for some time.",
    )
