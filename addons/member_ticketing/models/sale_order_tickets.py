from odoo import api, fields, models
from odoo.tools import float_compare

from ..refusals import TicketRefusal
from .sale_order_line_ticket_checks import FREE
from .sale_order_line_tickets import OPEN_STATES
from .sale_order_reservation import SELL


class SaleOrder(models.Model):
    """Orders with tickets: looked at again when they are confirmed.

    A line whose seats are held keeps the policy and the price they were held with.
    """

    _inherit = "sale.order"

    member_free_reason = fields.Char(
        "Complimentary Because",
        copy=False,
        tracking=True,
        help="Why tickets of this order are given away. It takes the right to give "
        "complimentary tickets, and is kept in the operator log.",
    )
    has_member_free_tickets = fields.Boolean(
        compute="_compute_has_member_tickets", compute_sudo=True
    )
    has_member_tickets = fields.Boolean(
        compute="_compute_has_member_tickets", compute_sudo=True
    )

    @api.depends(
        "order_line.event_ticket_id",
        "order_line.price_unit",
        "order_line.discount",
        "order_line.price_total",
    )
    def _compute_has_member_tickets(self):
        for order in self:
            lines = order._member_ticket_lines()
            order.has_member_tickets = bool(lines)
            order.has_member_free_tickets = any(
                line._member_is_given() for line in lines
            )

    @api.onchange("partner_id")
    def _onchange_partner_id_tickets(self):
        """Show at once what the tickets cost this customer."""
        self._member_ticket_lines()._member_reprice()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._member_check_free(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._member_check_free(vals)
        moved = self.filtered(
            lambda order: (
                order.state in OPEN_STATES
                and "partner_id" in vals
                # the same again, too, has the policies chosen anew
                and (
                    vals["partner_id"] != order.partner_id.id
                    or order.is_member_reservation
                )
            )
        )
        typed = {order: order._member_typed_prices() for order in moved}
        result = super().write(vals)
        for order in moved:
            order._member_follow_customer(typed[order])
        return result

    def copy(self, default=None):
        copies = super().copy(default)
        for order in copies:
            order._member_ticket_lines()._member_reprice()
        return copies

    # === ACTIONS === #

    def action_confirm(self):
        open_orders = self.filtered(lambda order: order.state in OPEN_STATES)
        for order in open_orders:
            order._member_check_tickets()
        result = super().action_confirm()
        for order in open_orders:
            order._member_note_given()
        # sudo: nobody writes until when seats are held
        open_orders._member_ticket_lines_of_all().sudo().member_held_until = False
        return result

    def _action_cancel(self):
        self._member_release_seats()
        return super()._action_cancel()

    def action_member_update_tickets(self):
        """Choose the policies again and take their prices, whatever was typed."""
        self.check_access("write")
        self.filtered(lambda order: order.state in OPEN_STATES)._member_rechoose()

    def _recompute_prices(self):
        self._member_rechoose()
        return super()._recompute_prices()

    # === POLICIES === #

    def _member_rechoose(self, force=True):
        """Sell the tickets of these orders by the policies that apply now.

        :param force: also take the place of prices that were typed.
        """
        for order in self:
            lines = order._member_ticket_lines()
            left = order._member_seats_left(lines)
            for line in lines:
                line._member_write_offer(line._member_offer(left=left))
            lines._member_reprice(force=force)
            order._member_resize_seats(lines)

    def _member_follow_customer(self, typed):
        """Another customer buys: by other policies, under limits of their own.

        :param typed: as `_member_typed_prices` said before.
        """
        self.ensure_one()
        lines = self._member_ticket_lines()
        lines._member_reprice()
        self._member_drop_typed_prices(typed)
        self._member_resize_seats(lines, lines)

    def _member_typed_prices(self):
        """Return the typed price and the policy's, by ticket line that has both."""
        self.ensure_one()
        lines = self._member_ticket_lines().filtered("member_ticket_policy_id")
        return {
            line: (line.price_unit, line._member_price_by_policy())
            for line in lines
            if line.currency_id.compare_amounts(
                line.price_unit, line.technical_price_unit
            )
        }

    def _member_drop_typed_prices(self, typed):
        """Take the policy's price where one typed for who pays less is too low now.

        Other typed prices stay, as Odoo's do: whoever lowered them might.
        """
        for line in self._member_ticket_lines().filtered(lambda line: line in typed):
            price, asked_before = typed[line]
            asked = line._member_price_by_policy()
            compare = line.currency_id.compare_amounts
            is_typed_now = compare(price, line.price_unit)
            if is_typed_now or compare(max(price, asked_before), asked) >= 0:
                continue
            line._member_reprice(force=True)
            # sudo: who changes a customer need not be able to post on the order
            self.sudo().message_post(
                body=self.env._(
                    "%(ticket)s costs %(price)s now. The price of %(typed)s was typed "
                    "for a customer who pays less.",
                    ticket=line.event_ticket_id.sudo().display_name,
                    price=line.currency_id.format(line.price_unit),
                    typed=line.currency_id.format(price),
                )
            )

    def _member_check_tickets(self, lines=None):
        """Refuse to sell or hold what these lines, or all, may not sell as they are.

        :raise AccessError: without the right to sell tickets of performances that have
            sales policies.
        :raise TicketRefusal: see there.
        """
        self.ensure_one()
        lines = self._member_ticket_lines(lines)
        # sudo: policies that the user may not read ask for the right as well;
        # performances without any are sold by whom Odoo lets sell
        has_policies = bool(lines.event_id.sudo().member_ticket_policy_ids)
        # shoppers buy for themselves; the website, tills and jobs are in sudo mode
        if has_policies and not self.env.su and self.env.user._is_internal():
            self.env.user._member_require(SELL)
        waiting = lines.filtered(
            lambda line: line.state == "sale" or not line._member_is_held()
        )
        left = self._member_seats_left(waiting)
        for line in waiting:
            line._member_check_offer(left)
        if waiting:
            self._member_check_order_limits()
        self._member_check_reason()

    def _member_check_reason(self, lines=None):
        """Refuse to give tickets of these lines, or of all, away without a reason.

        :raise TicketRefusal: no_reason.
        """
        given = self._member_given_lines(lines)
        if given and not self.member_free_reason:
            raise TicketRefusal("no_reason", given[0]._member_no_reason_said())

    def _member_check_order_limits(self):
        """Refuse more tickets on this order than tickets and policies allow.

        :raise TicketRefusal: order_limit.
        """
        lines = self._member_ticket_lines()
        over = self.env["member.ticket.policy"]._over_order_limit(
            [
                (
                    line.event_ticket_id,
                    line.member_ticket_policy_id,
                    line._member_quantity(),
                )
                for line in lines
            ],
            bool(lines[:1]._member_customer()),
        )
        if over:
            raise TicketRefusal(
                "order_limit",
                self.env._(
                    "%(name)s: at most %(limit)s tickets on one order, here are "
                    "%(quantity)s.",
                    name=over.name,
                    limit=over.limit,
                    quantity=over.quantity,
                ),
            )

    # === DISCOUNTS ON THE WHOLE ORDER === #

    def _member_part_taken_off(self):
        """Return which part of each price its discounts take off, from 0 to 1."""
        lines = self.order_line
        off = lines.filtered(lambda line: line._member_is_taken_off())
        if not off:
            return 0
        # promotions come on top: applying one lowers no price by hand
        asked = sum((lines - off - lines.filtered("reward_id")).mapped("price_total"))
        off = -sum(off.mapped("price_total"))
        return min(off / asked, 1) if asked > 0 else 1

    def _member_parts_taken_off(self):
        """Return that part by order, where prices are checked."""
        if self.env.su:
            return {}
        return {order: order._member_part_taken_off() for order in self}

    def _member_check_taken_off(self, before, but=None):
        """Refuse, as for typed prices, that more is taken off tickets than before.

        :param before: the parts before this change, by order.
        :param but: lines that were looked at already.
        """
        for order in self.filtered(lambda order: order in before):
            part = order._member_part_taken_off()
            if float_compare(part, before[order], precision_digits=6) > 0:
                lines = order._member_ticket_lines().filtered(
                    lambda line: line._member_quantity() and line._member_price_typed()
                )
                (lines - but if but else lines)._member_check_typed_price()

    # === COMPLIMENTARY TICKETS === #

    def _member_check_free(self, vals):
        if vals.get("member_free_reason"):
            self.env.user._member_require(FREE)

    def _member_note_given(self, lines=None):
        """Mark what was given away, and keep in the log who did it and why.

        :param lines: those that are given away now, all when not given.
        """
        self.ensure_one()
        # sudo: nobody marks tickets by hand
        for line in self._member_given_lines(lines).sudo():
            line.is_member_free = True
            self.env["member.operator.log"]._log(
                "ticket_free",
                partner=line._member_customer(),
                reference=self.name,
                detail=f"{line._member_quantity()} × "
                f"{line.event_ticket_id.display_name}: {self.member_free_reason}",
            )

    def _member_given_lines(self, lines=None):
        self.ensure_one()
        return self._member_ticket_lines(lines).filtered(
            lambda line: line._member_is_given()
        )

    def _member_ticket_lines_of_all(self):
        return self.order_line.filtered("event_ticket_id")
