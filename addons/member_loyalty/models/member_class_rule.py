from datetime import datetime, time
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, format_amount, ormcache

DIGITS = (16, 2)


class MemberClassRule(models.Model):
    """Who reaches a class: a metric over a window, from a threshold on.

    Of all classes that a member reaches the one of the highest rank counts. At once a
    member only rises; a review also lets those fall who no longer reach their class,
    where the rule says so. Whose class was given by hand until a date stays.

    A further metric is a value of `metric` and a method `_metric_<value>`.
    """

    _name = "member.class.rule"
    _description = "Class Rule"
    _inherit = ["member.cached.mixin"]
    _order = "sequence, id"
    _rec_name = "summary"
    _rec_names_search = ["class_id"]

    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    class_id = fields.Many2one(
        "member.class",
        "Class to Reach",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    metric = fields.Selection(
        [("points_earned", "Points earned"), ("spending", "Spending")],
        required=True,
        default="points_earned",
        help="Points earned: what purchases earned, less what refunds took back; not "
        "points given by hand or imported. Spending: what was bought at the tills and "
        "invoiced, with taxes and less refunds; top-ups are none.",
    )
    window = fields.Selection(
        [
            ("months", "Last months"),
            ("year", "Calendar year"),
            ("joined", "Since joining"),
        ],
        required=True,
        default="months",
        help="A calendar year counts at once what this year has brought. A review "
        "looks at the year before, too, so that nobody falls on 1 January.",
    )
    window_months = fields.Integer("Months", required=True, default=12)
    threshold = fields.Float(
        "At Least", required=True, digits=DIGITS, default=1000, aggregator=None
    )
    timing = fields.Selection(
        [("at_once", "At once"), ("review", "At the review")],
        required=True,
        default="at_once",
        help="At once: the next sale already has the new class's prices. At the "
        "review: on the days that the settings name.",
    )
    demotes = fields.Boolean(
        "Falls at a Review",
        help="Members of this class who reach it no longer fall to the best class that "
        "they do reach, else to the one that new members get. Only at a review.",
    )
    from_class_ids = fields.Many2many(
        "member.class",
        "member_class_rule_from_class_rel",
        "rule_id",
        "class_id",
        string="Only From",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Members of these classes may rise by this rule. Empty: of every class "
        "with a lower rank.",
    )
    summary = fields.Char(compute="_compute_summary")

    _threshold_positive = models.Constraint(
        "CHECK (threshold > 0)", "The threshold of a class rule is above zero."
    )
    _months_positive = models.Constraint(
        "CHECK (window_months > 0)", "A class rule looks back for a month at least."
    )

    @api.depends(
        "class_id.name", "metric", "window", "window_months", "threshold", "company_id"
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            rule.summary = self.env._(
                "%(class)s: %(metric)s %(window)s, at least %(threshold)s",
                **{"class": rule.class_id.name or "…"},
                metric=rule._word("metric"),
                window=rule._window_words(),
                threshold=rule._format(rule.threshold),
            )

    @api.constrains("company_id", "class_id", "from_class_ids")
    def _check_rule_company(self):
        no_company = self.env["res.company"]
        for rule in self:
            if rule.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "Branches share the classes of their head office: make the "
                        "rule in %(company)s.",
                        company=rule.company_id.root_id.name,
                    )
                )
            for member_class in rule.class_id | rule.from_class_ids:
                if member_class.company_id not in (rule.company_id, no_company):
                    raise ValidationError(
                        self.env._(
                            "%(class)s belongs to another company.",
                            **{"class": member_class.name},
                        )
                    )

    # === WORDS === #

    def _word(self, name):
        """Return the word of a selection in the user's language."""
        words = self._fields[name]._description_selection(self.env)
        return dict(words).get(self[name], "").lower()

    def _window_words(self):
        if self.window == "months":
            return self.env._("in the last %s months", self.window_months)
        if self.window == "year":
            return self.env._("in a calendar year")
        return self.env._("since joining")

    def _format(self, figure):
        """Return a figure of this metric as people read it."""
        if self._is_money():
            return format_amount(self.env, figure, self.currency_id)
        return f"{figure:,.2f}".rstrip("0").rstrip(".")

    def _is_money(self):
        return self.metric == "spending"

    def _notes(self):
        """Return what stands in a member's history: who rose, and who fell.

        The figure takes the place of `{figure}`.
        """
        values = {
            "metric": self._word("metric"),
            "window": self._window_words(),
            "threshold": self._format(self.threshold),
            "figure": "{figure}",
        }
        return (
            self.env._(
                "%(figure)s %(metric)s %(window)s: at least %(threshold)s", **values
            ),
            self.env._(
                "%(figure)s %(metric)s %(window)s: less than %(threshold)s", **values
            ),
        )

    # === WHICH RULES === #

    @api.model
    @ormcache("root_id")
    def _at_once_ids(self, root_id):
        """Return the ids of the rules that a purchase is judged by; asked by each."""
        rules = self.sudo().search(
            [("company_id", "=", root_id), ("timing", "=", "at_once")]
        )
        return rules.filtered("class_id.active").ids

    @api.model
    def _for_review(self, root):
        """Return every rule of a company, those that apply at once included."""
        # sudo: what a review does depends on no one's rights
        rules = self.sudo().search([("company_id", "=", root.id)])
        return rules.filtered("class_id.active")

    # === FIGURES === #

    def _values_query(self, today, *, at_review, partner_ids=None) -> SQL:
        """Select `partner_id` and `value`: what each member has reached by this rule.

        :param today: the company's own day; the window ends with it.
        :param partner_ids: look at these members only.
        """
        self.ensure_one()
        rows = getattr(self, f"_metric_{self.metric}")(partner_ids)
        value = SQL("sum(found.value)")
        member, since = SQL(), SQL()
        if self.window == "months":
            begin = today - relativedelta(months=self.window_months)
            since = SQL("WHERE found.date >= %s", self._moment(begin))
        elif self.window == "year":
            begin = today.replace(month=1, day=1)
            if at_review:
                value = SQL(
                    """greatest(sum(found.value) FILTER (WHERE found.date >= %(year)s),
                                sum(found.value) FILTER (WHERE found.date < %(year)s))
                    """,
                    year=self._moment(begin),
                )
                begin -= relativedelta(years=1)
            since = SQL("WHERE found.date >= %s", self._moment(begin))
        else:
            member = SQL("JOIN res_partner member ON member.id = found.partner_id")
            since = SQL("WHERE found.date >= %s", self._utc(SQL("member.member_since")))
        return SQL(
            "SELECT found.partner_id, %s AS value FROM (%s) AS found %s %s "
            "GROUP BY found.partner_id",
            value,
            rows,
            member,
            since,
        )

    def _zone(self):
        return self.company_id.partner_id.tz or "UTC"

    def _moment(self, day):
        """Return when a day of the company begins, in UTC."""
        begin = datetime.combine(day, time.min, ZoneInfo(self._zone()))
        return begin.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    def _utc(self, day) -> SQL:
        """Return the same of a column that holds a date."""
        return SQL(
            "(%s)::timestamp AT TIME ZONE %s AT TIME ZONE 'utc'", day, self._zone()
        )

    # === METRICS === #

    def _metric_points_earned(self, partner_ids) -> SQL:
        """Select `partner_id`, `date`, `value` of all that was earned or taken back.

        What a claw-back found spent already is owed, and was taken back none the less.
        """
        asset = self.company_id._member_asset("points")
        return SQL(
            """SELECT balance.partner_id, entry.date,
                      entry.amount - entry.owed_change AS value
                 FROM member_balance balance
                 JOIN member_entry entry ON entry.balance_id = balance.id
                WHERE balance.asset_id = %s AND entry.kind IN ('earn', 'clawback') %s
            """,
            asset.id or None,
            self._only(SQL("balance.partner_id"), partner_ids),
        )

    def _metric_spending(self, partner_ids) -> SQL:
        """Select `partner_id`, `date`, `value` of orders at tills and of invoices."""
        branches = SQL(
            "SELECT id FROM res_company WHERE parent_path LIKE %s",
            f"{self.company_id.parent_path}%",
        )
        return SQL(
            """SELECT o.partner_id, o.date_order AS date,
                      o.amount_total / coalesce(nullif(o.currency_rate, 0), 1) AS value
                 FROM pos_order o
                WHERE o.state IN ('paid', 'done') AND o.is_member_topup IS NOT TRUE
                  AND o.company_id IN (%(branches)s) %(buyers)s
            UNION ALL
               SELECT m.partner_id, %(invoiced)s, m.amount_total_signed
                 FROM account_move m
                WHERE m.state = 'posted'
                  AND m.move_type IN ('out_invoice', 'out_refund')
                  AND m.company_id IN (%(branches)s) %(invoicees)s
                  AND NOT EXISTS (SELECT FROM pos_order o WHERE o.account_move = m.id)
            """,
            branches=branches,
            buyers=self._only(SQL("o.partner_id"), partner_ids),
            invoiced=self._utc(SQL("m.invoice_date")),
            invoicees=self._only(SQL("m.partner_id"), partner_ids),
        )

    def _only(self, column, partner_ids) -> SQL:
        if partner_ids is None:
            return SQL()
        return SQL("AND %s = ANY(%s)", column, list(partner_ids))
