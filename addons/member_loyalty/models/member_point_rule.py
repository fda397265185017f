from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import ormcache

from ..points import Rule

WEEKDAYS = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
GOODS = {
    "template_ids": "product_tmpl_ids",
    "category_ids": "categ_ids",
    "tag_ids": "product_tag_ids",
    "not_template_ids": "excluded_product_tmpl_ids",
    "not_category_ids": "excluded_categ_ids",
    "not_tag_ids": "excluded_product_tag_ids",
}
WHOM = {
    "class_ids": "class_ids",
    "store_ids": "store_ids",
    "partner_tag_ids": "partner_tag_ids",
}
"""Fields of the engine's rule, and ours, that are sets of records."""
SAME = (
    "sequence",
    "earn_on",
    "effect",
    "birthday",
    "mode",
    "is_stepwise",
    "is_stacking",
    "paid_part",
    "rounding",
    "stops_others",
    "expiry",
    "expiry_months",
    "expiry_years",
)
AMOUNTS = {
    "rate_points": "rate_points",
    "rate_amount": "rate_amount",
    "factor": "multiplier",
    "minimum": "minimum_amount",
    "cap_order": "cap_order",
    "cap_day": "cap_day",
    "cap_month": "cap_month",
}
DATES = ("date_from", "date_to", "expiry_date")
POINTS = (16, 2)


class MemberPointRule(models.Model):
    """What earns points, for whom and when; `..points` computes with it.

    A rule without a company is shared by all of them. Orders keep the rules as they
    were, so changing one never changes what was earned.
    """

    _name = "member.point.rule"
    _description = "Points Rule"
    _inherit = ["mail.thread", "member.cached.mixin"]
    _order = "sequence, id"

    name = fields.Char(
        required=True,
        translate=True,
        tracking=True,
        help="Members and cashiers read it when a multiplier counts: “Member day: ×2”.",
    )
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
        help="Leave empty to share the rule between all companies. Branches use the "
        "rules of their head office.",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True
    )

    # What
    earn_on = fields.Selection(
        [("sale", "Sales"), ("topup", "Top-ups")],
        required=True,
        default="sale",
        tracking=True,
    )
    product_tmpl_ids = fields.Many2many(
        "product.template",
        "member_point_rule_product_rel",
        string="Products",
        ondelete="restrict",
        help="Products, categories and tags together say what earns. None: everything.",
    )
    categ_ids = fields.Many2many(
        "product.category",
        "member_point_rule_categ_rel",
        string="Categories",
        ondelete="restrict",
        help="With the categories below them.",
    )
    product_tag_ids = fields.Many2many(
        "product.tag",
        "member_point_rule_product_tag_rel",
        string="Product Tags",
        ondelete="restrict",
    )
    excluded_product_tmpl_ids = fields.Many2many(
        "product.template",
        "member_point_rule_not_product_rel",
        string="Not These Products",
        ondelete="restrict",
    )
    excluded_categ_ids = fields.Many2many(
        "product.category",
        "member_point_rule_not_categ_rel",
        string="Not These Categories",
        ondelete="restrict",
    )
    excluded_product_tag_ids = fields.Many2many(
        "product.tag",
        "member_point_rule_not_product_tag_rel",
        string="Not These Product Tags",
        ondelete="restrict",
    )
    minimum_amount = fields.Monetary(
        "From an Amount Of",
        tracking=True,
        help="The rule counts when its goods cost at least this, with taxes and after "
        "discounts. 0: always.",
    )

    # Whom
    class_ids = fields.Many2many(
        "member.class", string="Classes", ondelete="restrict", tracking=True
    )
    store_ids = fields.Many2many(
        "member.store",
        string="Stores",
        ondelete="restrict",
        help="With the stores below them. Of a sale order it is the store that the "
        "order names; the website's orders have none.",
    )
    partner_tag_ids = fields.Many2many(
        "res.partner.category", string="Member Tags", ondelete="restrict"
    )

    # When
    date_from = fields.Date("First Day", tracking=True)
    date_to = fields.Date(
        "Last Day", tracking=True, help="To its end, by the store's clock."
    )
    monday = fields.Boolean("Mon")
    tuesday = fields.Boolean("Tue")
    wednesday = fields.Boolean("Wed")
    thursday = fields.Boolean("Thu")
    friday = fields.Boolean("Fri")
    saturday = fields.Boolean("Sat")
    sunday = fields.Boolean("Sun", help="No day chosen: every day.")
    hour_from = fields.Float(
        "From (Hour)",
        help="By the store's clock. Hours that cross midnight belong to the day on "
        "which they begin: Friday 22:00 to 02:00 includes the first two hours of "
        "Saturday, and not those of Friday. 00:00 to 00:00 is the whole day.",
    )
    hour_to = fields.Float("To (Hour)")
    birthday = fields.Selection(
        [
            ("no", "Any Day"),
            ("day", "On the Birthday"),
            ("week", "In the Week of the Birthday"),
            ("month", "In the Month of the Birthday"),
        ],
        required=True,
        default="no",
        tracking=True,
        help="The week goes from Monday to Sunday. Who was born on 29 February has the "
        "birthday on the 28th in other years, so it stays in its month. Members "
        "without a birthdate have none.",
    )

    # How much
    effect = fields.Selection(
        [("points", "Gives Points"), ("multiplier", "Multiplies Points")],
        required=True,
        default="points",
        tracking=True,
    )
    mode = fields.Selection(
        [
            ("amount", "By Amount"),
            ("unit", "For Each Unit Sold"),
            ("order", "For Each Order"),
        ],
        required=True,
        default="amount",
        tracking=True,
    )
    rate_points = fields.Float("Points", digits=POINTS, default=1, tracking=True)
    rate_amount = fields.Monetary(
        "For Every",
        default=1,
        tracking=True,
        help="Of what was paid, with taxes and after discounts.",
    )
    is_stepwise = fields.Boolean(
        "Full Steps Only",
        help="5 points for every ¥100: ¥190 earn 5 with it, and 9 without.",
    )
    multiplier = fields.Float(
        digits=(6, 2),
        default=2,
        tracking=True,
        help="All points that the goods of this rule earn are multiplied by it, beside "
        "the multiplier of the member's class.",
    )
    is_stacking = fields.Boolean(
        "Multiplies Others",
        help="Of several multipliers the highest counts; one with this sign multiplies "
        "it further.",
    )
    paid_part = fields.Selection(
        [
            ("all", "All That Is Paid"),
            ("without_wallet", "Only What the Wallet Does Not Pay"),
            ("wallet", "Only What the Wallet Pays"),
        ],
        "Of",
        required=True,
        default="all",
        tracking=True,
        help="When top-ups earn points already, what the wallet pays earns a second "
        "time unless it is left out here.",
    )
    rounding = fields.Selection(
        [("down", "Down"), ("half_up", "To the Nearest"), ("up", "Up")],
        required=True,
        default="down",
        tracking=True,
        help="Of all that the rule gives for an order, after multipliers.",
    )
    cap_order = fields.Float(
        "Most per Order", digits=POINTS, tracking=True, help="0 means no limit."
    )
    cap_day = fields.Float(
        "Most per Day",
        digits=POINTS,
        tracking=True,
        help="Of a member, by the store's clock; counted from when it is set here.",
    )
    cap_month = fields.Float(
        "Most per Month",
        digits=POINTS,
        tracking=True,
        help="Of a member in a calendar month; counted from when it is set here.",
    )
    stops_others = fields.Boolean(
        "Goods Earn by No Later Rule",
        help="What this rule names earns by this rule or not at all: also below its "
        "minimum. Drag a rule that gives less for some goods above the general one. To "
        "give more for a large order, use a multiplier.",
    )
    expiry = fields.Selection(
        [
            ("asset", "As All Points"),
            ("months", "After Months"),
            ("year_end", "At the End of a Year"),
            ("date", "On a Date"),
        ],
        "Points Are Good",
        required=True,
        default="asset",
        tracking=True,
    )
    expiry_months = fields.Integer("Months", default=12)
    expiry_years = fields.Integer(
        "Years Later", help="0: the end of the year in which they are earned."
    )
    expiry_date = fields.Date("Good Until")

    _rate = models.Constraint(
        "CHECK (rate_points >= 0 AND rate_amount > 0)",
        "Points cannot be negative, and the amount they are given for is above zero.",
    )
    _multiplier_positive = models.Constraint(
        "CHECK (multiplier > 0)", "A multiplier is above zero."
    )
    _multiplier_minimum = models.Constraint(
        "CHECK (effect <> 'multiplier' OR minimum_amount = 0 OR multiplier >= 1)",
        "A multiplier from a certain amount on cannot be below 1: giving goods back "
        "would earn points.",
    )
    _not_negative = models.Constraint(
        "CHECK (minimum_amount >= 0 AND cap_order >= 0 AND cap_day >= 0"
        " AND cap_month >= 0)",
        "A minimum and the most points cannot be negative.",
    )
    _hours = models.Constraint(
        "CHECK (hour_from >= 0 AND hour_from < 24 AND hour_to >= 0 AND hour_to <= 24)",
        "Hours are between 00:00 and 24:00.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "The last day is not before the first."
    )
    _expiry_complete = models.Constraint(
        "CHECK ((expiry <> 'months' OR expiry_months BETWEEN 1 AND 1200)"
        " AND expiry_years BETWEEN 0 AND 100"
        " AND (expiry <> 'date' OR expiry_date IS NOT NULL))",
        "Say after how many months, years or until what day the points are good.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for rule in self:
            company = rule.company_id or self.env.company
            rule.currency_id = company.root_id.currency_id

    @api.constrains("company_id", "store_ids", "class_ids")
    def _check_company(self):
        for rule in self:
            company = rule.company_id
            if company.parent_id:
                raise ValidationError(
                    self.env._(
                        "Branches use the rules of their head office: choose "
                        "%(company)s.",
                        company=company.root_id.name,
                    )
                )
            others = (rule.store_ids.company_id | rule.class_ids.company_id).root_id
            if company and others - company:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: stores and classes belong to another company than "
                        "the rule.",
                        rule=rule.name,
                    )
                )

    # === RULES OF THE ENGINE === #

    @api.model
    def _active_rules(self, company):
        """Return the company's rules for the engine, in their order; kept in memory."""
        return self._cached_rules(company._member_root().id, self.env.lang)

    @api.model
    @ormcache("company_id", "lang")
    def _cached_rules(self, company_id, lang):
        # sudo: what earns points is no secret; every order asks, nobody need read rules
        rules = self.sudo().with_context(lang=lang, active_test=True)
        found = rules.search([("company_id", "in", (False, company_id))])
        return tuple(rule._to_engine() for rule in found)

    def _to_engine(self):
        """Return this rule as the engine computes with it."""
        self.ensure_one()
        # a rule for others than sales keeps what it said of goods, for when it is one
        sets = GOODS | WHOM if self.earn_on == "sale" else WHOM
        return Rule(
            # one that the simulator tries before it is saved has no id
            id=self._origin.id or 0,
            name=self.name or "",
            weekdays=frozenset(
                number for number, name in enumerate(WEEKDAYS) if self[name]
            ),
            minute_from=round(self.hour_from * 60),
            minute_to=round(self.hour_to * 60),
            **{name: frozenset(self[ours].ids) for name, ours in sets.items()},
            **{name: self[name] for name in SAME},
            **{name: Decimal(str(self[ours])) for name, ours in AMOUNTS.items()},
            **{name: self[name] or None for name in DATES},
        )
