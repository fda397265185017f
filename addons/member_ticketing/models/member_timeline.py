from odoo import api, fields, models
from odoo.tools import SQL

TOLD_BY_SOURCES = ("external_purchase", "external_cancel")


class MemberTimeline(models.Model):
    """Tickets in a member's timeline: sold by web or office, used, others'.

    What a till sold is there as an order already.
    """

    _inherit = "member.timeline"
    _depends = {
        "event.registration": ["partner_id", "state", "date_closed"],
        "member.external.purchase": ["partner_id", "state", "date", "amount"],
        "sale.order": ["partner_id", "state", "date_order", "amount_total"],
    }

    category = fields.Selection(selection_add=[("ticket", "Tickets")])

    @api.model
    def _told_elsewhere(self):
        return super()._told_elsewhere() + TOLD_BY_SOURCES

    @api.model
    def _sources(self):
        return [
            *super()._sources(),
            ("sale.order", self._ticket_orders_query()),
            ("event.registration", self._check_ins_query()),
            ("member.external.purchase", self._external_query()),
        ]

    @api.model
    def _selection_event(self):
        return [
            *super()._selection_event(),
            ("ticket_order", self.env._("Tickets bought")),
            ("ticket_used", self.env._("Attended")),
            ("external", self.env._("Bought elsewhere")),
            ("external_cancelled", self.env._("Bought elsewhere, cancelled")),
        ]

    def _performance_name(self):
        lang = self.env.lang or "en_US"
        return SQL("coalesce(event.name ->> %s, event.name ->> 'en_US')", lang)

    def _ticket_orders_query(self):
        return SQL(
            """
            SELECT o.id AS source_id, o.partner_id, company.parent_root AS company_id,
                   o.currency_id, o.date_order AS date, 'ticket' AS category,
                   'ticket_order' AS event, o.amount_total AS amount,
                   NULL::numeric AS points, NULL::integer AS asset_id,
                   NULL::integer AS class_id, NULL::integer AS card_id,
                   o.name AS reference,
                   (SELECT string_agg(DISTINCT %(name)s, ', ')
                      FROM sale_order_line l
                      JOIN event_event event ON event.id = l.event_id
                     WHERE l.order_id = o.id) AS detail,
                   o.user_id, NULL::integer AS store_id, NULL::integer AS pos_config_id
              FROM sale_order o
              JOIN (%(roots)s) company ON company.id = o.company_id
             WHERE o.state = 'sale'
               AND EXISTS (SELECT 1 FROM sale_order_line l
                            WHERE l.order_id = o.id AND l.event_id IS NOT NULL)""",
            name=self._performance_name(),
            roots=self._roots_query(),
        )

    def _check_ins_query(self):
        return SQL(
            """
            SELECT r.id AS source_id, r.partner_id, company.parent_root AS company_id,
                   NULL::integer AS currency_id, r.date_closed AS date,
                   'ticket' AS category, 'ticket_used' AS event,
                   NULL::numeric AS amount, NULL::numeric AS points,
                   NULL::integer AS asset_id, NULL::integer AS class_id,
                   NULL::integer AS card_id, r.name AS reference,
                   %(name)s AS detail, r.member_checked_in_by_id AS user_id,
                   r.member_checked_in_store_id AS store_id,
                   NULL::integer AS pos_config_id
              FROM event_registration r
              JOIN event_event event ON event.id = r.event_id
              JOIN (%(roots)s) company ON company.id = event.company_id
             WHERE r.state = 'done' AND r.partner_id IS NOT NULL
               AND r.date_closed IS NOT NULL""",
            name=self._performance_name(),
            roots=self._roots_query(),
        )

    def _external_query(self):
        return SQL(
            """
            SELECT p.id AS source_id, p.partner_id, p.company_id, company.currency_id,
                   p.date::timestamp AS date, 'ticket' AS category,
                   CASE p.state WHEN 'cancelled' THEN 'external_cancelled'
                        ELSE 'external' END AS event,
                   p.amount, NULL::numeric AS points, NULL::integer AS asset_id,
                   NULL::integer AS class_id, NULL::integer AS card_id,
                   p.reference, p.performance AS detail, p.create_uid AS user_id,
                   p.store_id, NULL::integer AS pos_config_id
              FROM member_external_purchase p
              JOIN (%(roots)s) company ON company.id = p.company_id
             WHERE p.state <> 'draft'""",
            roots=self._roots_query(),
        )
