from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.member_card.refusals import attempts_logged

SERVER_FIELDS = (
    "member_free_reason",
    "member_is_other_policy",
    "member_list_price",
    "member_returned_ids",
    "member_seat_key",
    "member_ticket_policy_id",
    "member_ticket_price",
    "member_ticket_why",
)
"""Set by the server alone, from what it agreed with the till."""


class PosOrderLine(models.Model):
    """A line that sells seats of a performance.

    Ticket, slot and quantity come from the till; under which policy, why and at which
    price is what the server agreed when it held the seats (`member.till.ticket`).
    """

    _inherit = "pos.order.line"

    event_slot_id = fields.Many2one("event.slot", "Slot", ondelete="restrict")
    member_ticket_policy_id = fields.Many2one(
        "member.ticket.policy",
        "Sales Policy",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )
    member_ticket_policy_name = fields.Char(
        "Policy", related="member_ticket_policy_id.name", related_sudo=True
    )
    member_ticket_why = fields.Char("Why This Policy", readonly=True, copy=False)
    member_is_other_policy = fields.Boolean(
        "Other Policy",
        readonly=True,
        copy=False,
        help="Somebody chose another policy than the one that applied.",
    )
    member_ticket_price = fields.Float(
        "Price by Policy",
        readonly=True,
        copy=False,
        digits="Product Price",
        help="What one ticket should cost, in the currency of the order, before any "
        "discount by hand.",
    )
    member_list_price = fields.Float(
        "Price without Policy",
        readonly=True,
        copy=False,
        digits="Product Price",
        help="Of one ticket, in the currency of the order.",
    )
    member_free_reason = fields.Char("Complimentary because", readonly=True, copy=False)
    member_seat_key = fields.Char("Seats Held As", readonly=True, copy=False)
    member_returned_ids = fields.Many2many(
        "event.registration",
        "member_pos_line_returned_rel",
        string="Seats Given Back",
        readonly=True,
        copy=False,
        help="Of a refund: which tickets came back.",
    )
    member_seats_back = fields.Char(
        "Seats Wanted Back",
        copy=False,
        help="Of a refund: which tickets come back as the till says, of those that "
        "this customer bought; their ids with commas between. The latest come back "
        "where it says nothing.",
    )

    # === CRUD METHODS === #

    @api.model
    def _load_pos_data_fields(self, config):
        return [
            *super()._load_pos_data_fields(config),
            "event_slot_id",
            "member_free_reason",
            "member_seats_back",
            "member_ticket_policy_name",
            "member_ticket_why",
        ]

    @api.model
    def _without_server_fields(self, vals):
        vals = super()._without_server_fields(vals)
        return {name: vals[name] for name in vals if name not in SERVER_FIELDS}

    def write(self, vals):
        guarded = not {"event_ticket_id", "event_slot_id"}.isdisjoint(vals)
        if guarded:
            self._check_member_unclaimed()
        result = super().write(vals)
        if guarded:
            self._check_member_unclaimed()
        return result

    # === BUSINESS METHODS === #

    def _member_sells_seats(self):
        """Tell whether this line sells tickets of its own.

        A refund gives some back; a reservation that is paid here has its tickets on the
        sale order.
        """
        self.ensure_one()
        return (
            bool(self.event_ticket_id)
            and self.qty > 0
            and not self.refunded_orderline_id
            and not self.sale_order_line_id
        )

    def _member_settles_seats(self):
        """Tell whether this line pays for tickets of a sale order."""
        self.ensure_one()
        # sudo: a cashier need not be able to read sale orders
        return (
            bool(self.sudo().sale_order_line_id.event_ticket_id)
            and not self.refunded_orderline_id
        )

    def _member_named_back(self):
        """Return the registrations that the till names, whosesoever they are."""
        named = ",".join(filter(None, self.mapped("member_seats_back"))).split(",")
        ids = [int(each) for each in named if each.isdecimal() and len(each) < 10]
        # sudo: they are compared with what the customer bought, before anything is done
        return self.env["event.registration"].sudo().browse(ids)

    def _member_attendees(self):
        """Return the registrations that these lines have paid for (in sudo mode)."""
        # sudo: a till may refund what another one, or the office, has sold
        lines = self.sudo()
        return lines.event_registration_ids | lines.sale_order_line_id.registration_ids

    @attempts_logged
    def _check_member_unclaimed(self):
        result = super()._check_member_unclaimed()
        for line in self:
            if line.order_id.state != "draft" and line._member_sells_seats():
                raise UserError(
                    self.env._(
                        "Tickets that are paid for cannot be added or changed. Refund "
                        "the order and sell it again."
                    )
                )
        return result

    def _member_earns_points(self):
        return not self.member_free_reason and super()._member_earns_points()
