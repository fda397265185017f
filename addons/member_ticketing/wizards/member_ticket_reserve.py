from datetime import timedelta
from uuid import uuid4

from odoo import Command, api, fields, models
from odoo.tools import format_datetime

from ..figures import figures
from ..models.sale_order_reservation import SELL
from ..refusals import TicketRefusal


class MemberTicketReserve(models.TransientModel):
    """Reserves seats for a member, who pays later.

    The `request_key` is made when the dialog opens and names the reservation:
    confirming twice reserves once.
    """

    _name = "member.ticket.reserve"
    _description = "Reserve Tickets"

    partner_id = fields.Many2one(
        "res.partner",
        "Member",
        required=True,
        domain=[("is_member", "=", True)],
        help="Scan the card, or type a number, a phone or a name.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    event_id = fields.Many2one("event.event", "Performance", required=True)
    is_multi_slots = fields.Boolean(related="event_id.is_multi_slots")
    slot_id = fields.Many2one(
        "event.slot",
        compute="_compute_slot_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    begins = fields.Char(
        compute="_compute_until", precompute=True, store=True, compute_sudo=True
    )
    line_ids = fields.One2many(
        "member.ticket.reserve.line",
        "wizard_id",
        "Tickets",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True
    )
    total = fields.Monetary(compute="_compute_total")
    seats = fields.Integer("Seats in All", compute="_compute_total")
    latest = fields.Datetime(
        "At the Latest",
        compute="_compute_until",
        store=True,
        precompute=True,
        compute_sudo=True,
    )
    until = fields.Datetime(
        "Keep Until",
        compute="_compute_until",
        store=True,
        precompute=True,
        readonly=False,
        compute_sudo=True,
        required=True,
        help="Until then nobody else can buy these seats.",
    )
    email = fields.Char(related="partner_id.email")
    send_mail = fields.Boolean(
        "Send the Number by Mail",
        compute="_compute_send_mail",
        store=True,
        readonly=False,
    )
    request_key = fields.Char(
        required=True, readonly=True, default=lambda self: str(uuid4())
    )

    # === COMPUTE === #

    @api.depends("event_id")
    def _compute_slot_id(self):
        """Preselect the slot where there is no choice."""
        now = fields.Datetime.now()
        for wizard in self:
            slots = wizard.event_id.event_slot_ids.filtered(
                lambda slot: slot.start_datetime > now
            )
            wizard.slot_id = len(slots) == 1 and slots

    @api.depends("event_id", "company_id")
    def _compute_currency_id(self):
        for wizard in self:
            company = wizard.event_id.company_id or wizard.company_id
            wizard.currency_id = company.currency_id

    @api.depends("event_id", "slot_id", "partner_id")
    def _compute_line_ids(self):
        """List the tickets with what they cost this member; keep what was wanted."""
        for wizard in self:
            wanted = {line.ticket_id.id: line.quantity for line in wizard.line_ids}
            tickets = wizard.event_id.event_ticket_ids
            if wizard.is_multi_slots and not wizard.slot_id:
                tickets = tickets.browse()
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({**vals, "quantity": wanted.get(ticket_id, 0)})
                    for ticket_id, vals in wizard._ticket_vals(tickets).items()
                ),
            ]

    @api.depends("line_ids.quantity", "line_ids.price")
    def _compute_total(self):
        for wizard in self:
            wizard.total = sum(line.quantity * line.price for line in wizard.line_ids)
            wizard.seats = sum(wizard.line_ids.mapped("quantity"))

    @api.depends("event_id", "slot_id", "company_id")
    def _compute_until(self):
        """Propose the company's usual hours, if the performance is not sooner."""
        for wizard in self:
            root = wizard.company_id._member_root()
            begins = wizard.slot_id.start_datetime or wizard.event_id.date_begin
            close = timedelta(hours=root.member_reservation_close_hours)
            hours = timedelta(hours=root.member_reservation_hours)
            until = (fields.Datetime.now() + hours).replace(second=0)
            wizard.begins = begins and format_datetime(
                self.env, begins, tz=wizard.event_id.date_tz, dt_format="short"
            )
            wizard.latest = begins and begins - close
            wizard.until = min(until, wizard.latest) if wizard.latest else until

    @api.depends("partner_id")
    def _compute_send_mail(self):
        for wizard in self:
            wizard.send_mail = bool(wizard.partner_id.email)

    # === ACTIONS === #

    def action_reserve(self):
        """Hold the seats, send the number, and tell what happened."""
        self.ensure_one()
        self.env.user._member_require(SELL)
        order = self._order_made()
        if not order:
            self._check()
            # sudo: the right to reserve is enough, no sales rights are needed
            orders = self.env["sale.order"].sudo().with_company(self.company_id)
            order = orders.create(self._prepare_order_vals())
            order._member_reserve(self.until)
            if self.send_mail and self.partner_id.email:
                order._member_mail("mail_template_reservation")
        return self._notice(order)

    # === BUSINESS METHODS === #

    def _order_made(self):
        """Return the reservation that confirming made before, if any."""
        # sudo: sellers need no sales rights
        return (
            self.env["sale.order"]
            .sudo()
            .search([("member_request_key", "=", self.request_key)], limit=1)
        )

    def _check(self):
        """Refuse what no reservation can be made of.

        :raise TicketRefusal: other_company, nothing_chosen, not_a_member.
        """
        self._check_company()
        member = self.partner_id.sudo()  # the state of a member is no secret here
        root = self.company_id._member_root()
        if not member.is_member or member.member_company_id != root:
            raise TicketRefusal(
                "not_a_member",
                self.env._(
                    "%(contact)s is not a member of %(company)s. Register the contact "
                    "first, or sell the tickets now.",
                    contact=member.name,
                    company=root.name,
                ),
            )
        if not any(line.quantity > 0 for line in self.line_ids):
            raise TicketRefusal(
                "nothing_chosen",
                self.env._("Enter how many tickets %(name)s wants.", name=member.name),
            )

    def _check_company(self):
        """Refuse to sell for a company that the user does not work for.

        The reservation is made in sudo mode, and the company comes from the browser.
        """
        # sudo: which company a performance is of is no secret
        company, own = self.company_id.sudo(), self.event_id.sudo().company_id
        if company not in self.env.user.company_ids or (
            own and own._member_root() != company._member_root()
        ):
            raise TicketRefusal(
                "other_company",
                self.env._(
                    "You cannot reserve seats of “%(event)s” for %(company)s. Close "
                    "this window, choose your company at the top, and try again.",
                    event=self.event_id.sudo().name,
                    company=company.name,
                ),
            )

    def _ticket_vals(self, tickets):
        """Return what the dialog shows of tickets, by their ids."""
        member, slot = self.partner_id._origin, self.slot_id._origin
        pairs = [(ticket, slot) for ticket in tickets._origin]
        left = figures(self.env, member, pairs)[0]
        offers = tickets._member_offers(member, "backend", pairs, left=left)
        vals = {}
        for ticket, _slot in pairs:
            offer = offers[ticket.id, slot.id or 0]
            known = [
                each
                for each in (offer.seats_left, offer.limit_left)
                if each is not None
            ]
            vals[ticket.id] = {
                "ticket_id": ticket.id,
                "price": offer.price,
                "why": offer.why,
                "is_for_sale": offer.is_for_sale and min(known, default=1) > 0,
                "seats_left": str(min(known)) if known else "∞",
            }
        return vals

    def _prepare_order_vals(self):
        return {
            "company_id": self.company_id.id,
            "member_request_key": self.request_key,
            "order_line": [
                Command.create(
                    {
                        "event_id": self.event_id.id,
                        "event_slot_id": self.slot_id.id,
                        "event_ticket_id": line.ticket_id.id,
                        # sudo: sellers need not read products
                        "product_id": line.ticket_id.sudo().product_id.id,
                        "product_uom_qty": line.quantity,
                    }
                )
                for line in self.line_ids
                if line.quantity > 0
            ],
            "partner_id": self.partner_id.id,
            "user_id": self.env.uid,
        }

    def _notice(self, order):
        """Tell the number and until when, with a link to the reservation."""
        message = self.env._(
            "%(member)s: %(seats)s, to be paid until %(moment)s.",
            member=order.partner_id.name,
            seats=order.member_ticket_summary,
            moment=order._member_said(order.member_reserved_until),
        )
        path = f"action-member_ticketing.member_reservation_action/{order.id}"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Reserved: %(number)s", number=order.name),
                "message": message + " %s",
                "links": [
                    {
                        "label": self.env._("Open the reservation"),
                        "url": f"/odoo/{path}",
                    }
                ],
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
