from odoo import fields, models


class ResCompany(models.Model):
    """How long seats wait for members who pay later. Settings of the root company."""

    _inherit = "res.company"

    member_reservation_hours = fields.Float(
        "Reservations Are Kept (Hours)",
        digits=(6, 2),
        default=48.0,
        help="Proposed when somebody reserves seats, and the most without the right to "
        "process tickets.",
    )
    member_reservation_close_hours = fields.Float(
        "Reservations End Before the Performance (Hours)",
        digits=(6, 2),
        default=1.0,
        help="Seats that were not paid by then are sold to others.",
    )
    member_reservation_reminder_hours = fields.Float(
        "Reminder Before a Reservation Ends (Hours)",
        digits=(6, 2),
        default=12.0,
        help="Members with an e-mail address get one mail so long before. 0: no mail.",
    )

    _member_reservation_settings = models.Constraint(
        "CHECK (member_reservation_hours > 0 AND member_reservation_close_hours >= 0"
        " AND member_reservation_reminder_hours >= 0)",
        "Reservations: hours cannot be negative, and seats are kept for some time.",
    )
