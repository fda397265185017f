from odoo import fields, models

TICKET_ACTIONS = [
    ("ticket_policy", "Sold tickets under another policy"),
    ("ticket_free", "Gave tickets away"),
    ("ticket_reserve", "Reserved tickets"),
    ("ticket_price", "Sold tickets below their price"),
    ("ticket_reserve_cancel", "Cancelled a reservation"),
    ("ticket_issue", "Issued tickets"),
    ("ticket_collect", "Handed tickets over"),
    ("ticket_collect_again", "Handed tickets over again"),
    ("check_in_undo", "Undid a check-in"),
    ("external_purchase", "Entered a purchase made elsewhere"),
    ("external_cancel", "Cancelled a purchase made elsewhere"),
    ("external_import", "Imported purchases made elsewhere"),
]


def keep(records):
    """Leave lines as they are when the add-on goes: they are never changed."""


class MemberOperatorLog(models.Model):
    """Acts with tickets that people answer for."""

    _inherit = "member.operator.log"

    action = fields.Selection(
        selection_add=TICKET_ACTIONS,
        ondelete={action: keep for action, _label in TICKET_ACTIONS},
    )
