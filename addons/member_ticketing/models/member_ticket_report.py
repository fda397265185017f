from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.member_card.models.pos_order import PAID_STATES

MEASURES = (
    "sold",
    "complimentary",
    "returned",
    "tickets",
    "revenue",
    "wallet",
    "points",
    "attended",
)


def paid_line(seat):
    """Return the line of a till that a seat was paid with, as SQL: its id or NULL.

    Its own line, or the one that paid for its line of a sale order.

    :param seat: how the query names the row of `event_registration`.
    """
    return SQL(
        """coalesce(%(seat)s.pos_order_line_id, (
               SELECT min(line.id) FROM pos_order_line line
                 JOIN pos_order till ON till.id = line.order_id
                WHERE line.sale_order_line_id = %(seat)s.sale_order_line_id
                  AND line.refunded_orderline_id IS NULL AND line.qty > 0
                  AND till.state IN %(paid)s))""",
        seat=SQL.identifier(seat),
        paid=PAID_STATES,
    )


class MemberTicketReport(models.Model):
    """A7: tickets by performance, class, channel, policy and day.

    A seat that is sold is a line on the day of the sale; one that is given back is a
    second line on the day of its return, with what it cost taken off. So a day's
    figures never change afterwards, and the sum of all days is what is sold now.

    Amounts are with taxes, in the company's currency. `wallet` is what members' wallets
    paid at a till less what was paid back to them there: each ticket has its share, by
    price, of what its order was paid with, and of what was paid back when it returned.
    Where tickets are exchanged only the difference is paid, or paid back. `points` are
    shared likewise: what was earned stands at the sale, what was taken back at the
    return. Points that credit notes took back are shared by the tickets that came back.
    """

    _name = "member.ticket.report"
    _description = "Tickets Report"
    _inherit = ["member.export.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "registration_id"
    _depends = {
        "event.registration": [
            "event_id",
            "event_slot_id",
            "event_ticket_id",
            "is_member_free",
            "member_channel",
            "member_class_id",
            "member_policy_id",
            "member_price",
            "member_returned_at",
            "member_sold_at",
            "partner_id",
            "pos_order_line_id",
            "sale_order_line_id",
            "state",
        ],
        "member.point.earning": ["points", "clawed_back"],
        "member.posting": ["amount", "kind", "reverses_posting_id", "res_id"],
        "pos.order": ["currency_rate", "state", "user_id"],
        "pos.order.line": [
            "member_returned_ids",
            "price_subtotal_incl",
            "qty",
            "refunded_orderline_id",
            "sale_order_line_id",
        ],
        "pos.payment": ["amount", "payment_method_id"],
        "sale.order": ["currency_rate", "user_id"],
        "sale.order.line": ["price_total"],
    }

    date = fields.Datetime(readonly=True)
    registration_id = fields.Many2one("event.registration", "Attendee", readonly=True)
    event_id = fields.Many2one("event.event", "Performance", readonly=True)
    slot_id = fields.Many2one("event.slot", readonly=True)
    ticket_id = fields.Many2one("event.event.ticket", readonly=True)
    begins_at = fields.Datetime("Performance Date", readonly=True)
    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    class_id = fields.Many2one(
        "member.class", readonly=True, help="Of the buyer when the seat was sold."
    )
    policy_id = fields.Many2one("member.ticket.policy", readonly=True)
    channel = fields.Selection(
        lambda self: (
            self.env["event.registration"]
            ._fields["member_channel"]
            ._description_selection(self.env)
        ),
        readonly=True,
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    store_id = fields.Many2one("member.store", readonly=True)
    pos_config_id = fields.Many2one("pos.config", "Till", readonly=True)
    operator_id = fields.Many2one("res.users", readonly=True)
    reference = fields.Char("Order", readonly=True)
    sold = fields.Integer(readonly=True, help="Without complimentary tickets.")
    complimentary = fields.Integer(readonly=True)
    returned = fields.Integer(readonly=True)
    tickets = fields.Integer(
        "Tickets Out",
        readonly=True,
        help="Sold and complimentary, without what was returned.",
    )
    revenue = fields.Monetary(
        readonly=True, help="With taxes, without what was returned."
    )
    wallet = fields.Monetary("Paid by Wallet", readonly=True)
    points = fields.Float("Points Earned", readonly=True, digits="Member Points")
    attended = fields.Integer(readonly=True)

    @property
    def _table_query(self):
        # no WITH: so a column that nobody asks for is not computed
        return SQL(
            """
            SELECT x.id * 2 AS id, x.sold_at AS date, x.id AS registration_id,
                   x.event_id, x.slot_id, x.ticket_id, x.begins_at, x.partner_id,
                   x.class_id, x.policy_id, x.channel, x.company_id, x.store_id,
                   x.pos_config_id, x.operator_id, x.reference,
                   CASE WHEN x.is_free THEN 0 ELSE 1 END AS sold,
                   CASE WHEN x.is_free THEN 1 ELSE 0 END AS complimentary,
                   0 AS returned, 1 AS tickets, x.price AS revenue,
                   %(wallet)s::numeric AS wallet, %(points)s::numeric AS points,
                   CASE WHEN x.attended THEN 1 ELSE 0 END AS attended
              FROM (%(seats)s) x
         UNION ALL
            SELECT x.id * 2 + 1, x.returned_at, x.id, x.event_id, x.slot_id,
                   x.ticket_id, x.begins_at, x.partner_id, x.class_id, x.policy_id,
                   x.channel, x.company_id, x.store_id, x.pos_config_id, x.operator_id,
                   x.reference, 0, 0, 1, -1, -x.price,
                   %(wallet_back)s::numeric, %(points_back)s::numeric, 0
              FROM (SELECT seat.*, (
                           SELECT max(l.order_id)
                             FROM member_pos_line_returned_rel came
                             JOIN pos_order_line l ON l.id = came.pos_order_line_id
                            WHERE came.event_registration_id = seat.id) AS back_id
                      FROM (%(seats)s) seat) x
             WHERE x.returned_at IS NOT NULL
            """,
            seats=self._seats(),
            wallet=self._wallet_paid(),
            points=self._points_earned(),
            wallet_back=self._wallet_paid_back(),
            points_back=self._points_taken_back(),
        )

    def _seats(self):
        """Return what was ever sold, with the order that it was paid with."""
        return SQL(
            """
                SELECT r.id, r.event_id, r.event_slot_id AS slot_id,
                       r.event_ticket_id AS ticket_id, r.partner_id,
                       r.member_class_id AS class_id, r.member_policy_id AS policy_id,
                       r.member_channel AS channel, r.member_sold_at AS sold_at,
                       r.member_returned_at AS returned_at,
                       coalesce(r.is_member_free, false) AS is_free,
                       r.active AND r.state = 'done' AS attended,
                       coalesce(t.company_id, s.company_id, e.company_id) AS company_id,
                       coalesce(l.start_datetime, e.date_begin) AS begins_at,
                       t.config_id AS pos_config_id, c.member_store_id AS store_id,
                       coalesce(t.user_id, s.user_id) AS operator_id,
                       coalesce(t.pos_reference, s.name) AS reference,
                       coalesce(r.member_price, 0) AS paid,
                       (coalesce(r.member_price, 0)
                           / coalesce(nullif(t.currency_rate, 0),
                                      nullif(s.currency_rate, 0), 1))::numeric AS price,
                       t.id AS pos_order_id, s.id AS sale_order_id
                  FROM event_registration r
                  JOIN event_event e ON e.id = r.event_id
             LEFT JOIN event_slot l ON l.id = r.event_slot_id
             LEFT JOIN pos_order_line tl ON tl.id = %s
             LEFT JOIN pos_order t ON t.id = tl.order_id
             LEFT JOIN pos_config c ON c.id = t.config_id
             LEFT JOIN sale_order_line sl ON sl.id = r.sale_order_line_id
             LEFT JOIN sale_order s ON s.id = sl.order_id
                 WHERE r.member_sold_at IS NOT NULL
            """,
            paid_line("r"),
        )

    # of a row x of seats: its part, by price, of what its order was paid with, …

    def _wallet_paid(self):
        return SQL(
            """coalesce(x.paid / nullif((
                   SELECT sum(line.price_subtotal_incl) FROM pos_order_line line
                    WHERE line.order_id = x.pos_order_id
                      AND line.price_subtotal_incl > 0), 0) * (
                   SELECT greatest(sum(p.amount), 0) FROM pos_payment p
                     JOIN pos_payment_method m ON m.id = p.payment_method_id
                    WHERE p.pos_order_id = x.pos_order_id
                      AND m.member_asset_id IS NOT NULL), 0)"""
        )

    def _wallet_paid_back(self):
        return SQL(
            """coalesce(x.paid / nullif(%s, 0) * (
                   SELECT least(sum(p.amount), 0) FROM pos_payment p
                     JOIN pos_payment_method m ON m.id = p.payment_method_id
                    WHERE p.pos_order_id = x.back_id
                      AND m.member_asset_id IS NOT NULL), 0)""",
            self._refunded(),
        )

    def _points_earned(self):
        return SQL(
            """coalesce(x.paid / nullif((
                   SELECT sum(line.price_subtotal_incl) FROM pos_order_line line
                    WHERE line.order_id = x.pos_order_id
                      AND line.price_subtotal_incl > 0), 0) * (
                   SELECT sum(g.points) FROM member_point_earning g
                    WHERE g.pos_order_id = x.pos_order_id), 0)
             + coalesce(x.paid / nullif((
                   SELECT sum(line.price_total) FROM sale_order_line line
                    WHERE line.order_id = x.sale_order_id
                      AND line.price_total > 0), 0) * (
                   SELECT sum(g.points) FROM member_point_earning g
                    WHERE g.sale_order_id = x.sale_order_id), 0)"""
        )

    def _points_taken_back(self):
        return SQL(
            """coalesce(x.paid / nullif(%s, 0) * (
                   SELECT sum(p.amount) FROM member_posting p
                     JOIN member_asset a ON a.id = p.asset_id
                    WHERE p.res_model = 'pos.order' AND p.res_id = x.back_id
                      AND p.kind = 'clawback' AND p.reverses_posting_id IS NOT NULL
                      AND a.kind = 'points'), 0)
             - coalesce(x.paid / nullif((
                   SELECT sum(other.member_price) FROM sale_order_line line
                     JOIN event_registration other ON other.sale_order_line_id = line.id
                    WHERE line.order_id = x.sale_order_id
                      AND other.member_returned_at IS NOT NULL), 0) * (
                   SELECT sum(g.clawed_back) FROM member_point_earning g
                    WHERE g.sale_order_id = x.sale_order_id), 0)""",
            self._refunded(),
        )

    def _refunded(self):
        """Return what the order that took a seat back paid for all that came back."""
        return SQL(
            """(SELECT sum(-line.price_subtotal_incl) FROM pos_order_line line
                 WHERE line.order_id = x.back_id
                   AND line.refunded_orderline_id IS NOT NULL)"""
        )

    def action_open_registration(self):
        """Open the attendee that a line shows."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "event.registration",
            "res_id": self.registration_id.id,
            "views": [(False, "form")],
        }
