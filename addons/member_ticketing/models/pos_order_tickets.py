from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.member_card.refusals import attempts_logged

from ..seats.errors import SeatRefusal


class PosOrder(models.Model):
    """Tickets that an order of a till sells: agreed, claimed, or listed.

    Nothing that the browser says of price, policy or attendees is believed. The server
    holds the order to what it agreed with the till when the seats were held; a line it
    never agreed to is chosen for as if it were asked now, and refused where that is
    refused. Seats are claimed in the order's own transaction.

    An order that was agreed and comes so late that no seat is left is paid all the
    same: it is listed (`member.ticket.exception`), so the till's queue goes on.
    """

    _inherit = "pos.order"

    member_ticket_exception_ids = fields.One2many(
        "member.ticket.exception",
        "pos_order_id",
        "Ticket Exceptions",
        groups="member_card.group_member_reports,"
        "member_ticketing.group_member_ticket_process",
    )

    def action_pos_order_paid(self):
        order = self.with_context(member_seats_back_when_paid=False)
        lines = order._member_ticket_lines()
        # sudo: a till is told by its verbs what it needs
        agreed = self.env["member.till.ticket"].sudo()._of_lines(lines.mapped("uuid"))
        # what comes back goes first: it may be what the same order takes instead
        freed = order._member_return_seats(agreed)
        if lines:
            instead = order._member_seats_instead(lines, agreed, freed)
            order._member_agree_tickets(lines, agreed, instead)
            order._member_claim_seats(lines, agreed, instead)
        order._member_settle_reservations()
        order._check_member_attendees(lines)
        order._member_free_seats(freed)
        result = super(PosOrder, order).action_pos_order_paid()
        order._member_give_surplus_back()
        order._member_log_tickets(lines)
        return result

    def _member_ticket_lines(self):
        """Return the lines that sell tickets of their own."""
        return self.lines.filtered(lambda line: line._member_sells_seats())

    @api.model
    def _needs_claim(self, vals):
        lines = [
            command[2]
            for command in vals.get("lines") or ()
            if len(command) > 2 and isinstance(command[2], dict)
        ]
        if any(
            line.get("event_ticket_id") or line.get("sale_order_line_id")
            for line in lines
        ):
            return True
        refunded = {line.get("refunded_orderline_id") for line in lines} - {None, False}
        # sudo: the sale may be another till's
        sold = self.env["pos.order.line"].sudo().browse(refunded)
        return bool(sold._member_attendees()) or super()._needs_claim(vals)

    @attempts_logged
    def _check_member_claimed(self):
        result = super()._check_member_claimed()
        lines = self._member_ticket_lines()
        (self.lines - lines)._check_member_no_attendees()
        for line in lines:
            attendees = line._member_attendees()
            waiting = attendees.filtered(
                lambda each: each.state == "draft" and not each.member_is_seatless
            )
            if waiting or len(attendees) < line.qty:
                raise UserError(
                    self.env._("This order sells tickets. Pay it at the till.")
                )
        return result

    # === AGREEING === #

    @attempts_logged
    def _check_member_attendees(self, lines):
        """Refuse attendees of lines that sell no tickets of their own."""
        (self.lines - lines)._check_member_no_attendees()

    @attempts_logged
    def _member_agree_tickets(self, lines, agreed, instead):
        """Put on each line what it is sold by; refuse what may not be sold."""
        for line in lines:
            line._member_complete_slot()
            line._check_member_attendees()
        for line in lines:
            known = agreed.get(line.uuid)
            is_known = bool(known) and known._is_for(line, instead[line])
            if is_known:
                vals = line._member_agreed_vals(known)
            else:
                vals = line._member_chosen_vals()
            # sudo: fields that only the server sets
            line.sudo().write(vals)
            self._check_member_given_away(line)
        self._check_member_order_limits(lines)

    def _check_member_given_away(self, line):
        """Refuse a ticket for nothing that nobody has agreed to give away."""
        currency = self.currency_id
        due = line._member_ticket_due()
        if line.member_free_reason or currency.is_zero(due):
            return
        if currency.compare_amounts(line.price_subtotal_incl, 0) <= 0:
            raise UserError(
                self.env._(
                    "%(ticket)s costs %(price)s. To give it away, mark it as "
                    "complimentary, with a reason and the right to do so or an "
                    "approval.",
                    ticket=line._member_ticket_name(),
                    price=currency.format(due),
                )
            )

    def _check_member_order_limits(self, lines):
        """Refuse more tickets on this order than tickets and policies allow."""
        over = self.env["member.ticket.policy"]._over_order_limit(
            [
                (line.event_ticket_id, line.member_ticket_policy_id, int(line.qty))
                for line in lines
            ],
            bool(self.partner_id),
        )
        if over:
            raise UserError(
                self.env._(
                    "At most %(limit)s tickets “%(name)s” go on one order. Sell the "
                    "others on another one.",
                    limit=over.limit,
                    name=over.name,
                )
            )

    # === CLAIMING === #

    def _member_claim_seats(self, lines, agreed, instead):
        """Give each line its seats; list those that came too late.

        :raise SeatRefusal: an exchange that is not late: who gets no other seat keeps
            the one they have.
        """
        now = fields.Datetime.now()
        for line in lines:
            line._member_make_attendees()
            try:
                # undone alone: the order stays paid
                with self.env.cr.savepoint():
                    line._member_open_attendees(instead[line])
            except SeatRefusal as error:
                # only what was agreed is honoured without a seat
                if error.code == "busy" or not line.member_seat_key:
                    self._member_log_over_limit(error)
                    raise
                if instead[line] and agreed[line.uuid].expires_at > now:
                    raise
                self._member_list_seatless(line, str(error))
        # sudo: an agreement is forgotten once it is kept; nobody writes them
        self.env["member.till.ticket"].sudo().union(*agreed.values())._forget()

    def _member_list_seatless(self, line, message):
        """List tickets that were paid for and have no seat."""
        attendees = line._member_attendees().filtered(
            lambda each: each.state == "draft"
        )
        attendees.member_is_seatless = True
        # sudo: the ticket is named in the list, whatever the cashier may read
        ticket = line.sudo().event_ticket_id
        self.env["member.ticket.exception"]._record(
            f"pol:{line.uuid}",
            "no_seat",
            message,
            self,
            pos_order_line_id=line.id,
            event_id=ticket.event_id.id,
            slot_id=line.event_slot_id.id,
            ticket_id=ticket.id,
            quantity=int(line.qty),
            amount=line.price_subtotal_incl,
        )

    # === LOGGING === #

    def _member_log_over_limit(self, error):
        """Note who was refused more than the member may have.

        Other seats that are gone are nobody's attempt.
        """
        if error.code == "limit_reached":
            self.env["member.operator.log"]._log_attempt(
                error, **self._member_attempt()
            )

    def _member_log_tickets(self, lines):
        """Note who gave tickets away or sold them by another policy."""
        for line in lines:
            for action, said in (
                ("ticket_free", line.member_free_reason),
                (
                    "ticket_policy",
                    line.member_is_other_policy
                    and line.sudo().member_ticket_policy_id.name,
                ),
            ):
                if said:
                    self.env["member.operator.log"]._log(
                        action,
                        partner=self.partner_id,
                        till=self.config_id,
                        reference=self.pos_reference,
                        detail=self.env._(
                            "%(quantity)s × %(ticket)s: %(said)s",
                            quantity=int(line.qty),
                            ticket=line._member_ticket_name(),
                            said=said,
                        ),
                    )
