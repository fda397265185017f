from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.member_card.models.pos_order import PAID_STATES

HOW_MANY = [("none", "No"), ("part", "In Part"), ("all", "Yes")]
CENT = 0.001
"""Less than this is no debt: sums of floats differ by such dust."""


class SaleOrder(models.Model):
    """A15: how far an order of tickets has come: paid, ticketed, collected.

    Nothing is stored here; the tickets themselves know. Lists ask for many at once.
    """

    _inherit = "sale.order"

    member_is_paid = fields.Boolean(
        "Paid",
        compute="_compute_member_is_paid",
        search="_search_member_is_paid",
        compute_sudo=True,
        help="In full: online, by invoice or at a till. Free orders are paid; those "
        "whose payment all went back, at the provider or a till, are not, nor those "
        "confirmed again after a part went back, until that part is paid again.",
    )
    member_ticket_count = fields.Integer(
        "Tickets", compute="_compute_member_tickets", compute_sudo=True
    )
    member_is_ticketed = fields.Selection(
        HOW_MANY, "Ticketed", compute="_compute_member_tickets", compute_sudo=True
    )
    member_is_collected = fields.Selection(
        HOW_MANY, "Collected", compute="_compute_member_tickets", compute_sudo=True
    )
    member_performance = fields.Char(
        "Performance", compute="_compute_member_performance", compute_sudo=True
    )
    member_begins_at = fields.Datetime(
        "Begins",
        compute="_compute_member_performance",
        compute_sudo=True,
        help="The first performance of the order.",
    )
    member_order_points = fields.Float(
        "Points",
        digits=(16, 2),
        compute="_compute_member_order_points",
        compute_sudo=True,
        help="What the order has earned, less what was taken back. Paid at a till, it "
        "has its part of what was earned there, by price.",
    )

    # === COMPUTE === #

    @api.depends(
        "amount_total",
        "date_order",
        "invoice_ids.payment_state",
        "invoice_status",
        "transaction_ids.state",
        "transaction_ids.amount",
        "transaction_ids.child_transaction_ids.state",
    )
    def _compute_member_is_paid(self):
        for order in self:
            order.member_is_paid = order._member_is_paid()

    def _search_member_is_paid(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in" if True in value else "not in", self._member_paid_query())]

    @api.model
    def _member_paid_query(self):
        """Return the ids of paid orders with tickets, as `_member_is_paid` tells."""
        self.env.flush_all()
        refunds = """coalesce((SELECT sum(b.amount) FROM payment_transaction b
                                WHERE b.source_transaction_id = t.id
                                  AND b.operation = 'refund'
                                  AND b.state = 'done'%s), 0)"""
        return SQL(
            """(SELECT o.id FROM sale_order o
                 WHERE EXISTS (SELECT 1 FROM sale_order_line l
                                WHERE l.order_id = o.id AND l.event_id IS NOT NULL)
                   AND (o.amount_total < %(cent)s
                    OR (SELECT sum(t.amount + %(before)s) > o.amount_total - %(cent)s
                               AND sum(t.amount + %(back)s) > %(cent)s
                          FROM payment_transaction t
                          JOIN sale_order_transaction_rel r ON r.transaction_id = t.id
                         WHERE r.sale_order_id = o.id AND t.state = 'done')
                    OR (SELECT sum(p.price_subtotal_incl)
                                   FILTER (WHERE p.refunded_orderline_id IS NULL
                                              OR po.create_date < o.date_order)
                               > o.amount_total - %(cent)s
                               AND sum(p.price_subtotal_incl) > %(cent)s
                          FROM pos_order_line p JOIN pos_order po ON po.id = p.order_id
                         WHERE po.state IN %(paid)s AND p.id IN (
                               SELECT s.id FROM pos_order_line s
                                WHERE s.sale_order_origin_id = o.id
                         UNION SELECT g.id FROM pos_order_line g
                                 JOIN pos_order_line s ON s.id = g.refunded_orderline_id
                                WHERE s.sale_order_origin_id = o.id))
                    OR (o.invoice_status = 'invoiced' AND
                        (SELECT bool_and(m.payment_state IN ('paid', 'in_payment'))
                           FROM sale_order_line l
                           JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
                           JOIN account_move_line i ON i.id = r.invoice_line_id
                           JOIN account_move m ON m.id = i.move_id
                          WHERE l.order_id = o.id AND m.move_type = 'out_invoice'
                            AND m.state = 'posted'
                            AND m.payment_state <> 'reversed'
                            AND (SELECT sum(t.amount + %(back)s)
                                   FROM payment_transaction t
                                   JOIN account_invoice_transaction_rel ir
                                     ON ir.transaction_id = t.id
                                  WHERE ir.invoice_id = m.id AND t.state = 'done'
                                ) < %(cent)s IS NOT TRUE
                            AND (SELECT -sum(%(before)s)
                                   FROM payment_transaction t
                                   JOIN account_invoice_transaction_rel ir
                                     ON ir.transaction_id = t.id
                                  WHERE ir.invoice_id = m.id AND t.state = 'done'
                                ) > %(cent)s + coalesce(
                                (SELECT sum(c.amount_total) FROM account_move c
                                  WHERE c.reversed_entry_id = m.id
                                    AND c.state = 'posted'), 0) IS NOT TRUE))))""",
            back=SQL(refunds, SQL()),
            before=SQL(refunds, SQL(" AND b.last_state_change < o.date_order")),
            cent=CENT,
            paid=PAID_STATES,
        )

    @api.depends(
        "order_line.registration_ids.state",
        "order_line.registration_ids.member_ticketed_at",
        "order_line.registration_ids.member_collected_at",
    )
    def _compute_member_tickets(self):
        counts = {
            order: figures
            for order, *figures in self.env["event.registration"]._read_group(
                [
                    ("sale_order_line_id", "in", self.order_line.ids),
                    ("state", "!=", "cancel"),
                ],
                ["sale_order_id"],
                [
                    "__count",
                    "member_ticketed_at:count",
                    "member_collected_at:count",
                ],
            )
        }
        for order in self:
            count, ticketed, collected = counts.get(order._origin, (0, 0, 0))
            order.member_ticket_count = count
            order.member_is_ticketed = _how_many(ticketed, count)
            order.member_is_collected = _how_many(collected, count)

    @api.depends("order_line.event_id", "order_line.event_slot_id")
    def _compute_member_performance(self):
        for order in self:
            # a filtered set would read its performances for this order alone
            lines = [line for line in order.order_line if line.event_id]
            names = {line.event_id: line.event_id.name for line in lines}
            order.member_performance = ", ".join(names.values())
            order.member_begins_at = min(
                (
                    line.event_slot_id.start_datetime or line.event_id.date_begin
                    for line in lines
                ),
                default=False,
            )

    @api.depends(
        "member_point_earning_ids.points",
        "member_point_earning_ids.clawed_back",
        "pos_order_line_ids.order_id.member_point_earning_ids.points",
        "pos_order_line_ids.order_id.member_point_earning_ids.clawed_back",
    )
    def _compute_member_order_points(self):
        for order in self:
            points = order.member_point_earning_ids._member_kept()
            at_till = order._member_lines_paid_at_till()
            for till_order, own in at_till.grouped("order_id").items():
                goods = till_order.lines.filtered(
                    lambda line: line.price_subtotal_incl > 0
                )
                earned = till_order.member_point_earning_ids._member_kept()
                whole = sum(goods.mapped("price_subtotal_incl"))
                share = sum((own & goods).mapped("price_subtotal_incl"))
                points += earned * share / whole if whole else 0
            order.member_order_points = points

    # === ACTIONS === #

    def action_member_issue_tickets(self):
        """Open the wizard that sends or prints the tickets of these orders."""
        return self.env["member.ticket.issue"]._action(self)

    def action_member_tickets(self):
        """Open the tickets of this order."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_ticketing.event_registration_processing_action"
        )
        action["domain"] = [("sale_order_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_member_open_order(self):
        """Open the order itself, for who sells in the office."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # === BUSINESS === #

    def _member_is_paid(self):
        """Tell whether the order is paid in full: online, by invoice or at a till.

        `self` in sudo mode.
        """
        self.ensure_one()
        compare = self.currency_id.compare_amounts
        if compare(self.amount_total, 0) <= 0:
            return True
        return (
            self._member_is_paid_online()
            or self._member_is_paid_by_invoice()
            or self._member_is_paid_at_till()
        )

    def _member_is_paid_at_till(self):
        """Tell whether tills took the whole price, and something of it is here.

        What went back before the order was confirmed pays for nothing, as online.
        """
        compare = self.currency_id.compare_amounts
        paid = self._member_lines_paid_at_till().filtered(
            lambda line: (
                not line.refunded_orderline_id
                or line.order_id.create_date < self.date_order
            )
        )
        return (
            compare(sum(paid.mapped("price_subtotal_incl")), self.amount_total) >= 0
            and compare(self._member_paid_at_till(), 0) > 0
        )

    def _member_paid_at_till(self):
        """Return what tills took for the order and have; `self` in sudo mode."""
        self.ensure_one()
        return sum(self._member_lines_paid_at_till().mapped("price_subtotal_incl"))

    def _member_lines_paid_at_till(self):
        """Return the lines of tills that paid for the order, or gave it back.

        Odoo names the order on what paid only. `self` in sudo mode.
        """
        paid = self.pos_order_line_ids
        return (paid | paid.refund_orderline_ids).filtered(
            lambda line: line.order_id.state in PAID_STATES
        )


def _how_many(some, count):
    """Return which of `HOW_MANY` some of so many are; False of nothing."""
    if not count:
        return False
    return "all" if some >= count else "part" if some else "none"
