from odoo import api, fields, models
from odoo.tools import SQL

SOURCES = (
    "member.entry",
    "member.operator.log",
    "member.class.assignment",
    "pos.order",
)
"""What the timeline is made of; the id of a line is `id of the row * 4 + position`."""

TOLD_BY_ENTRIES = ("topup", "topup_take_back")
"""Acts that the ledger's entries tell better."""


class MemberTimeline(models.Model):
    """Everything that happened with a member, one line each, newest first.

    Nothing is stored: the lines are the entries, the operator log, the class history
    and the orders as they stand. Always ask for one member: only then are indexes used.
    For the same reason a line is never looked up by its id: `action_open` computes
    where it comes from, and who lists lines reads all fields with the search.
    """

    _name = "member.timeline"
    _description = "Member Timeline"
    _inherit = ["member.export.mixin"]
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "event"
    _depends = {
        "member.entry": ["balance_id", "date", "kind", "amount", "store_id"],
        "member.operator.log": ["partner_id", "date", "action", "store_id"],
        "member.class.assignment": ["partner_id", "date_from", "class_id"],
        "pos.order": ["member_id", "date_order", "amount_total", "state"],
    }

    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Datetime(readonly=True)
    category = fields.Selection(
        [
            ("money", "Money"),
            ("points", "Points"),
            ("order", "Orders"),
            ("card", "Cards"),
            ("pin", "PIN"),
            ("class", "Class"),
            ("member", "Membership"),
        ],
        readonly=True,
    )
    event = fields.Selection("_selection_event", readonly=True)
    amount = fields.Monetary(readonly=True, help="What an entry moved, an order cost.")
    points = fields.Float(readonly=True, digits=(16, 2))
    asset_id = fields.Many2one("member.asset", "Pocket", readonly=True)
    class_id = fields.Many2one("member.class", readonly=True)
    card_id = fields.Many2one("member.card", readonly=True)
    reference = fields.Char(readonly=True)
    detail = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", "Operator", readonly=True)
    store_id = fields.Many2one("member.store", readonly=True)
    pos_config_id = fields.Many2one("pos.config", "Till", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT e.id * 4 AS id, b.partner_id, b.company_id, a.currency_id, e.date,
                   CASE a.kind WHEN 'points' THEN 'points' ELSE 'money' END AS category,
                   'entry_' || e.kind AS event,
                   CASE WHEN a.currency_id IS NOT NULL THEN e.amount END AS amount,
                   CASE a.kind WHEN 'points' THEN e.amount END AS points,
                   b.asset_id, NULL::integer AS class_id, e.card_id, e.reference,
                   e.note AS detail, e.operator_id AS user_id, e.store_id,
                   e.pos_config_id
              FROM member_entry e
              JOIN member_balance b ON b.id = e.balance_id
              JOIN member_asset a ON a.id = b.asset_id
         UNION ALL
            SELECT l.id * 4 + 1, l.partner_id, l.company_id, NULL, l.date,
                   CASE WHEN l.action LIKE 'card\\_%%' THEN 'card'
                        WHEN l.action LIKE '%%pin%%' OR l.action = 'locked' THEN 'pin'
                        WHEN l.action LIKE 'hold\\_%%' THEN 'money'
                        ELSE 'member' END,
                   'log_' || l.action, NULL, NULL, NULL, NULL, l.card_id, l.reference,
                   l.detail, l.user_id, l.store_id, l.pos_config_id
              FROM member_operator_log l
             WHERE l.partner_id IS NOT NULL AND l.action NOT IN %(told)s
         UNION ALL
            SELECT h.id * 4 + 2, h.partner_id, h.company_id, NULL, h.date_from,
                   'class', 'class', NULL, NULL, NULL, h.class_id, NULL, NULL, h.note,
                   h.user_id, NULL, NULL
              FROM member_class_assignment h
         UNION ALL
            SELECT o.id * 4 + 3, o.member_id, company.parent_root, company.currency_id,
                   o.date_order, 'order', 'order', o.amount_total, NULL, NULL, NULL,
                   NULL, o.pos_reference, NULL, o.user_id, c.member_store_id,
                   s.config_id
              FROM pos_order o
              JOIN pos_session s ON s.id = o.session_id
              JOIN pos_config c ON c.id = s.config_id
              JOIN (SELECT id, currency_id,
                           split_part(parent_path, '/', 1)::integer AS parent_root
                      FROM res_company) company ON company.id = o.company_id
             WHERE o.member_id IS NOT NULL AND o.state <> 'cancel'
            """,
            told=TOLD_BY_ENTRIES,
        )

    @api.model
    def _selection_event(self):
        """Name events as the ledger and the operator log name them."""
        named = (
            ("entry", "member.entry", "kind"),
            ("log", "member.operator.log", "action"),
        )
        return [
            *(
                (f"{prefix}_{value}", label)
                for prefix, model, field in named
                for value, label in self.env[model]
                ._fields[field]
                ._description_selection(self.env)
            ),
            ("class", self.env._("Class changed")),
            ("order", self.env._("Order")),
        ]

    # === ACTIONS === #

    def action_open(self):
        """Open what a line comes from: its document if it has one."""
        self.ensure_one()
        source_id, position = divmod(self.id, len(SOURCES))
        source = self.env[SOURCES[position]].browse(source_id)
        if source._name == "member.class.assignment":
            return False
        if source._name == "member.operator.log":
            source = source.card_id
            if not source:
                return False
        return {
            "type": "ir.actions.act_window",
            "res_model": source._name,
            "res_id": source.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _last(self, partner, limit):
        """Return the newest lines of one member, all their fields in the cache."""
        names = [name for name, field in self._fields.items() if field.store]
        return self.search_fetch([("partner_id", "=", partner.id)], names, limit=limit)
