from odoo import api, fields, models
from odoo.tools import SQL

from .member_ticket_report import paid_line

SOURCES = ("event.registration", "member.external.purchase")
"""The id of a purchase is `id of the row * 2 + position`: the first ticket, or that."""


class MemberTicketPurchase(models.Model):
    """A8: what a member bought: one line for each order, performance and ticket.

    Nothing is stored: the lines are the tickets and the purchases made elsewhere as
    they stand. Ask for one member at a time: only then are indexes used.
    """

    _name = "member.ticket.purchase"
    _description = "Ticket Purchase"
    _inherit = ["member.export.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "reference"
    _depends = {
        "event.registration": [
            "partner_id", "state", "active", "event_id", "event_slot_id",
            "event_ticket_id", "sale_order_id", "pos_order_line_id", "member_price",
            "member_policy_id", "member_channel",
        ],
        "member.external.purchase": ["partner_id", "state", "amount", "seats", "date"],
        "member.point.earning": ["points", "clawed_back"],
        "pos.order": ["state"],
        "pos.order.line": ["sale_order_line_id", "refunded_orderline_id", "qty"],
    }  # fmt: skip

    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Datetime("Bought On", readonly=True)
    event_id = fields.Many2one("event.event", readonly=True)
    event_slot_id = fields.Many2one("event.slot", "Slot", readonly=True)
    event_ticket_id = fields.Many2one("event.event.ticket", "Ticket", readonly=True)
    elsewhere = fields.Char(readonly=True)
    performance = fields.Char(compute="_compute_performance", compute_sudo=True)
    begins_at = fields.Datetime("Begins", readonly=True)
    seats = fields.Integer(readonly=True, help="Less those that were given back.")
    returned = fields.Integer("Given Back", readonly=True)
    amount = fields.Monetary(
        "Price", readonly=True, help="Of all seats that were kept, with taxes."
    )
    policy_id = fields.Many2one("member.ticket.policy", "Sales Policy", readonly=True)
    channel = fields.Selection(
        [
            ("pos", "Box Office"),
            ("web", "Web"),
            ("backend", "Office"),
            ("elsewhere", "Elsewhere"),
        ],
        readonly=True,
    )
    points = fields.Float(
        readonly=True,
        digits=(16, 2),
        help="Of the whole order, less what was taken back: at its first line.",
    )
    state = fields.Selection(
        [
            ("draft", "Not Confirmed"),
            ("open", "Bought"),
            ("done", "Attended"),
            ("cancel", "Given Back"),
        ],
        readonly=True,
    )
    reference = fields.Char(readonly=True)
    sale_order_id = fields.Many2one("sale.order", "Order", readonly=True)
    pos_order_id = fields.Many2one("pos.order", "Till Order", readonly=True)
    store_id = fields.Many2one("member.store", readonly=True)

    @api.depends("event_id", "elsewhere")
    def _compute_performance(self):
        for purchase in self:
            purchase.performance = purchase.event_id.name or purchase.elsewhere

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._tickets_query(), self._elsewhere_query())

    def _tickets_query(self):
        """Return tickets, those of one order, performance and kind together."""
        return SQL(
            """
            SELECT line.first_id * 2 AS id, line.partner_id, root.id AS company_id,
                   line.currency_id,
                   coalesce(so.date_order, po.date_order, line.created) AS date,
                   line.event_id, line.event_slot_id, line.event_ticket_id,
                   NULL AS elsewhere,
                   coalesce(slot.start_datetime, event.date_begin) AS begins_at,
                   line.seats, line.returned, line.amount, line.policy_id,
                   line.channel,
                   CASE WHEN line.place = 1 THEN (
                        SELECT sum(earning.points - earning.clawed_back)
                          FROM member_point_earning earning
                         WHERE earning.partner_id = line.partner_id
                           AND (earning.sale_order_id = so.id
                                OR earning.pos_order_id = po.id))
                   END AS points,
                   line.state,
                   coalesce(po.pos_reference, so.name) AS reference,
                   so.id AS sale_order_id, po.id AS pos_order_id,
                   config.member_store_id AS store_id
              FROM (
                SELECT min(r.id) AS first_id, r.partner_id, r.event_id, r.event_slot_id,
                       r.event_ticket_id, r.sale_order_id, pl.order_id AS pos_order_id,
                       min(r.create_date) AS created,
                       min(r.company_id) AS company_id,
                       min(r.member_currency_id) AS currency_id,
                       min(r.member_policy_id) AS policy_id,
                       min(r.member_channel) AS channel,
                       count(*) FILTER (WHERE r.state <> 'cancel') AS seats,
                       count(*) FILTER (WHERE r.state = 'cancel') AS returned,
                       coalesce(sum(r.member_price)
                                FILTER (WHERE r.state <> 'cancel'), 0) AS amount,
                       CASE WHEN bool_or(r.state = 'done') THEN 'done'
                            WHEN bool_or(r.state = 'open') THEN 'open'
                            WHEN bool_or(r.state = 'draft') THEN 'draft'
                            ELSE 'cancel' END AS state,
                       row_number() OVER (
                           PARTITION BY r.partner_id, r.sale_order_id, pl.order_id
                           ORDER BY min(r.id)) AS place
                  FROM event_registration r
             LEFT JOIN pos_order_line pl ON pl.id = %s
                 WHERE r.partner_id IS NOT NULL AND r.active
              GROUP BY r.partner_id, r.event_id, r.event_slot_id, r.event_ticket_id,
                       r.sale_order_id, pl.order_id,
                       CASE WHEN r.sale_order_id IS NULL AND pl.order_id IS NULL
                            THEN r.id END
                   ) line
              JOIN event_event event ON event.id = line.event_id
         LEFT JOIN event_slot slot ON slot.id = line.event_slot_id
         LEFT JOIN sale_order so ON so.id = line.sale_order_id
         LEFT JOIN pos_order po ON po.id = line.pos_order_id
         LEFT JOIN pos_session session ON session.id = po.session_id
         LEFT JOIN pos_config config ON config.id = session.config_id
         LEFT JOIN res_company company
                ON company.id = coalesce(po.company_id, so.company_id, line.company_id)
         LEFT JOIN res_company root
                ON root.id = split_part(company.parent_path, '/', 1)::integer
             WHERE so.id IS NULL OR so.state NOT IN ('draft', 'sent')""",
            paid_line("r"),
        )

    def _elsewhere_query(self):
        """Return what was recorded as bought from other sellers."""
        return SQL(
            """
            SELECT p.id * 2 + 1, p.partner_id, p.company_id, company.currency_id,
                   p.date::timestamp, p.event_id, NULL::integer, NULL::integer,
                   p.performance, NULL::timestamp,
                   CASE p.state WHEN 'cancelled' THEN 0 ELSE p.seats END,
                   CASE p.state WHEN 'cancelled' THEN p.seats ELSE 0 END,
                   CASE p.state WHEN 'cancelled' THEN 0 ELSE p.amount END,
                   NULL::integer, 'elsewhere',
                   (SELECT sum(earning.points - earning.clawed_back)
                      FROM member_point_earning earning
                     WHERE earning.res_model = 'member.external.purchase'
                       AND earning.res_id = p.id),
                   CASE p.state WHEN 'cancelled' THEN 'cancel' ELSE 'open' END,
                   seller.name || ' ' || p.reference, NULL::integer, NULL::integer,
                   p.store_id
              FROM member_external_purchase p
              JOIN member_external_seller seller ON seller.id = p.seller_id
              JOIN res_company company ON company.id = p.company_id
             WHERE p.state <> 'draft'"""
        )

    # === ACTIONS === #

    def action_open(self):
        """Open the order, the ticket or the purchase that a line comes from."""
        self.ensure_one()
        row_id, position = divmod(self.id, len(SOURCES))
        source = self.env[SOURCES[position]].browse(row_id)
        source = self.pos_order_id or self.sale_order_id or source
        if not source.has_access("read"):
            source = self.env[SOURCES[position]].browse(row_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": source._name,
            "res_id": source.id,
            "views": [(False, "form")],
        }

    # === BUSINESS === #

    @api.model
    def _last(self, partner, limit):
        """Return the newest purchases of one member, all their fields in the cache."""
        names = [name for name, field in self._fields.items() if field.store]
        return self.search_fetch([("partner_id", "=", partner.id)], names, limit=limit)
