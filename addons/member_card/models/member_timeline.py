from odoo import api, fields, models
from odoo.tools import SQL

LINE = (
    "partner_id",
    "company_id",
    "currency_id",
    "date",
    "category",
    "event",
    "amount",
    "points",
    "asset_id",
    "class_id",
    "card_id",
    "reference",
    "detail",
    "user_id",
    "store_id",
    "pos_config_id",
)
"""What a source says of each line, beside the `source_id` of its row."""

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
        sources = self._sources()
        names = SQL(", ").join(map(SQL.identifier, LINE))
        return SQL(" UNION ALL ").join(
            SQL(
                "SELECT source_id * %s + %s AS id, %s FROM (%s) AS source",
                len(sources),
                position,
                names,
                query,
            )
            for position, (_model, query) in enumerate(sources)
        )

    @api.model
    def _sources(self):
        """Return what the timeline is made of: `[(model, query)]`.

        A query selects `source_id`, the row's id, and all of `LINE` by their names. The
        id of a line is `source_id * number of sources + position of the source`.
        """
        return [
            ("member.entry", self._entries_query()),
            ("member.operator.log", self._log_query()),
            ("member.class.assignment", self._class_query()),
            ("pos.order", self._order_query()),
        ]

    def _entries_query(self):
        return SQL(
            """
            SELECT e.id AS source_id, b.partner_id, b.company_id, a.currency_id, e.date,
                   CASE a.kind WHEN 'points' THEN 'points' ELSE 'money' END AS category,
                   'entry_' || e.kind AS event,
                   CASE WHEN a.currency_id IS NOT NULL THEN e.amount END AS amount,
                   CASE a.kind WHEN 'points' THEN e.amount END AS points,
                   b.asset_id, NULL::integer AS class_id, e.card_id, e.reference,
                   e.note AS detail, e.operator_id AS user_id, e.store_id,
                   e.pos_config_id
              FROM member_entry e
              JOIN member_balance b ON b.id = e.balance_id
              JOIN member_asset a ON a.id = b.asset_id"""
        )

    def _log_query(self):
        return SQL(
            """
            SELECT l.id AS source_id, l.partner_id, l.company_id,
                   NULL::integer AS currency_id, l.date,
                   CASE WHEN l.action LIKE 'card\\_%%' THEN 'card'
                        WHEN l.action LIKE '%%pin%%' OR l.action = 'locked' THEN 'pin'
                        WHEN l.action LIKE 'hold\\_%%' THEN 'money'
                        ELSE 'member' END AS category,
                   'log_' || l.action AS event, NULL::numeric AS amount,
                   NULL::numeric AS points, NULL::integer AS asset_id,
                   NULL::integer AS class_id, l.card_id, l.reference, l.detail,
                   l.user_id, l.store_id, l.pos_config_id
              FROM member_operator_log l
             WHERE l.partner_id IS NOT NULL AND l.action NOT IN %(told)s""",
            told=self._told_elsewhere(),
        )

    @api.model
    def _told_elsewhere(self):
        """Return the acts of the operator log that another source tells better."""
        return TOLD_BY_ENTRIES

    def _class_query(self):
        return SQL(
            """
            SELECT h.id AS source_id, h.partner_id, h.company_id,
                   NULL::integer AS currency_id, h.date_from AS date,
                   'class' AS category, 'class' AS event, NULL::numeric AS amount,
                   NULL::numeric AS points, NULL::integer AS asset_id, h.class_id,
                   NULL::integer AS card_id, NULL AS reference, h.note AS detail,
                   h.user_id, NULL::integer AS store_id, NULL::integer AS pos_config_id
              FROM member_class_assignment h"""
        )

    def _order_query(self):
        return SQL(
            """
            SELECT o.id AS source_id, o.member_id AS partner_id,
                   company.parent_root AS company_id, company.currency_id,
                   o.date_order AS date, 'order' AS category, 'order' AS event,
                   o.amount_total AS amount, NULL::numeric AS points,
                   NULL::integer AS asset_id, NULL::integer AS class_id,
                   NULL::integer AS card_id, o.pos_reference AS reference,
                   NULL AS detail, o.user_id, c.member_store_id AS store_id,
                   s.config_id AS pos_config_id
              FROM pos_order o
              JOIN pos_session s ON s.id = o.session_id
              JOIN pos_config c ON c.id = s.config_id
              JOIN (%(roots)s) company ON company.id = o.company_id
             WHERE o.member_id IS NOT NULL AND o.state <> 'cancel'""",
            roots=self._roots_query(),
        )

    @api.model
    def _roots_query(self):
        """Return each company's `id`, `currency_id` and `parent_root`, its entity."""
        return SQL(
            """SELECT id, currency_id,
                      split_part(parent_path, '/', 1)::integer AS parent_root
                 FROM res_company"""
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
        sources = self._sources()
        source_id, position = divmod(self.id, len(sources))
        source = self.env[sources[position][0]].browse(source_id)
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
