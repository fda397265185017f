from odoo import api, fields, models

from odoo.addons.member_card.models.res_partner_history import LINES_SHOWN

READERS = (
    "member_ticketing.group_member_ticket_process,"
    "member_ticketing.group_member_ticket_sell,"
    "member_card.group_member_read_ledger,"
    "member_card.group_member_reports"
)


class ResPartner(models.Model):
    """What a member's form tells of tickets (A8)."""

    _inherit = "res.partner"

    member_purchase_ids = fields.Many2many(
        "member.ticket.purchase",
        string="Tickets Bought",
        compute="_compute_member_purchase_ids",
        groups=READERS,
    )
    member_seat_count = fields.Integer(
        "Seats Bought",
        compute="_compute_member_purchase_ids",
        groups=READERS,
        help="Over all performances, here and elsewhere, less those given back.",
    )

    @api.depends("is_member")
    def _compute_member_purchase_ids(self):
        purchases = self.env["member.ticket.purchase"]
        for partner in self:
            member = partner._origin if partner.is_member else partner.browse()
            partner.member_purchase_ids = (
                purchases._last(member, LINES_SHOWN) if member else purchases
            )
            [(partner.member_seat_count,)] = purchases._read_group(
                [("partner_id", "=", member.id or 0)], [], ["seats:sum"]
            )

    def action_view_member_purchases(self):
        """Open all that this member bought."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_ticketing.member_ticket_purchase_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        return action
