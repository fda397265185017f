from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date

from ..points import compute


class MemberPointSimulation(models.TransientModel):
    """A basket and a member in; the rules that count, and why the others do not, out.

    Nothing is written: it computes with the same engine as a paid order.
    """

    _name = "member.point.simulation"
    _description = "Points Simulator"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company._member_root(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Member",
        domain="[('is_member', '=', True), ('member_company_id', '=', company_id)]",
        help="Empty: somebody of the class, without birthdate and tags.",
    )
    class_id = fields.Many2one(
        "member.class",
        compute="_compute_class_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    store_id = fields.Many2one("member.store")
    date = fields.Datetime(
        "Date and Time",
        required=True,
        default=fields.Datetime.now,
        help="In your time zone; the rules look at the store's clock.",
    )
    earn_on = fields.Selection(
        [("sale", "Sale"), ("topup", "Top-up")], required=True, default="sale"
    )
    topup_amount = fields.Monetary("Topped Up", default=100)
    line_ids = fields.One2many(
        "member.point.simulation.line", "simulation_id", "Basket"
    )
    total = fields.Monetary(compute="_compute_total")
    paid_wallet = fields.Monetary("Of It by Wallet")
    has_inactive = fields.Boolean(
        "Also Rules Switched Off", help="To try a rule before it is switched on."
    )
    points = fields.Float(compute="_compute_result", digits=(16, 2))
    multiplier = fields.Float(compute="_compute_result", digits=(6, 2))
    earns = fields.Char(compute="_compute_result")
    warning = fields.Char(compute="_compute_result")
    local_time = fields.Char("By the Store's Clock", compute="_compute_result")
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends("partner_id")
    def _compute_class_id(self):
        for simulation in self:
            simulation.class_id = (
                simulation.partner_id.member_class_id
                or simulation.class_id
                or simulation._default_class()
            )

    @api.depends("line_ids.amount", "earn_on", "topup_amount")
    def _compute_total(self):
        for simulation in self:
            if simulation.earn_on == "topup":
                simulation.total = simulation.topup_amount
            else:
                simulation.total = sum(simulation.line_ids.mapped("amount"))

    @api.depends(
        "class_id",
        "company_id",
        "date",
        "earn_on",
        "has_inactive",
        "line_ids.amount",
        "line_ids.product_id",
        "line_ids.quantity",
        "paid_wallet",
        "partner_id",
        "store_id",
        "topup_amount",
        "total",
    )
    @api.depends_context("lang")
    def _compute_result(self):
        for simulation in self:
            simulation.update(simulation._simulated())

    # === BUSINESS METHODS === #

    def _default_class(self):
        """Return the lowest class that earns points."""
        return self.env["member.class"].search(
            [
                ("can_earn_points", "=", True),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            limit=1,
        )

    def _pricelist(self, company):
        """Return what this member or class buys at, may be empty."""
        if self.partner_id and self.class_id == self.partner_id.member_class_id:
            return self.partner_id._member_pricelist()
        return self.class_id._pricelist_for(company)

    def _rules(self):
        rules = self.env["member.point.rule"]
        if not self.has_inactive:
            return rules._active_rules(self.company_id)
        every = rules.with_context(active_test=False)
        found = every.search([("company_id", "in", (False, self.company_id.id))])
        return tuple(rule._to_engine() for rule in found)

    def _goods(self):
        if self.earn_on == "topup":
            product = self.company_id.sudo().member_topup_product_id
            return [("topup", product, self.topup_amount, 1.0, True)]
        return [
            (number, line.product_id, line.amount, line.quantity, True)
            for number, line in enumerate(self.line_ids)
            if line.product_id
        ]

    def _simulated(self):
        """Return the values of the result's fields."""
        point_rules = self.env["member.point.rule"]
        rules = self._rules()
        basket = point_rules._basket(
            rules,
            self.company_id,
            self.store_id,
            self._goods(),
            when=self.date,
            kind=self.earn_on,
            total=self.total,
            paid_wallet=self.paid_wallet,
        )
        member = point_rules._for_class(self.class_id.id)
        if self.partner_id:
            # the class may be another one, to see what a change would bring
            member = replace(
                point_rules._for_member(self.partner_id, rules, basket.when_local),
                class_id=member.class_id,
                class_multiplier=member.class_multiplier,
            )
        earned = compute(rules, basket, member)
        when = basket.when_local
        may_earn = point_rules._may_earn(self.class_id.id)
        points = earned.points if may_earn else 0
        return {
            "points": float(points),
            "multiplier": float(earned.multiplier),
            "earns": point_rules._say_points(points),
            "warning": not may_earn and self._no_points_warning(),
            "local_time": f"{format_date(self.env, when.date())} {when:%H:%M}",
            "result": self._explained(earned),
        }

    def _no_points_warning(self):
        if not self.class_id:
            return self.env._("Choose a member or a class.")
        return self.env._(
            "Members of the class %(class)s earn no points, whatever the rules say. "
            "Switch “Earns Points” on in the class to change that.",
            **{"class": self.class_id.name},
        )

    def _explained(self, earned):
        """Return the tables of what counts and what does not."""
        shown = {
            rule.id: rule
            for rule in self.env["member.point.rule"].browse(
                [each.rule_id for each in (*earned.fired, *earned.skipped)]
            )
        }
        return self.env["ir.qweb"]._render(
            "member_loyalty.member_point_simulation_result",
            {
                "fired": [
                    {
                        "rule": shown[each.rule_id],
                        "points": shown[each.rule_id]._say_number(each.points)
                        if each.effect == "points"
                        else "",
                        "why": shown[each.rule_id]._say_fired(each),
                    }
                    for each in earned.fired
                ],
                "skipped": [
                    {
                        "rule": shown[each.rule_id],
                        "why": shown[each.rule_id]._say_skipped(each.why),
                    }
                    for each in earned.skipped
                ],
                "class_note": self._class_note(),
            },
        )

    def _class_note(self):
        multiplier = self.class_id.point_multiplier
        if not self.class_id or multiplier == 1:
            return ""
        return self.env._(
            "Class %(class)s: all points ×%(multiplier)s",
            **{"class": self.class_id.name},
            multiplier=f"{Decimal(str(multiplier)).normalize():f}",
        )


class MemberPointSimulationLine(models.TransientModel):
    """What is in the basket."""

    _name = "member.point.simulation.line"
    _description = "Line of the Points Simulator"

    simulation_id = fields.Many2one(
        "member.point.simulation", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="simulation_id.currency_id")
    product_id = fields.Many2one(
        "product.product", required=True, domain=[("sale_ok", "=", True)]
    )
    quantity = fields.Float(default=1, digits="Product Unit")
    price = fields.Monetary(
        compute="_compute_price",
        store=True,
        readonly=False,
        precompute=True,
        help="Of a unit, with taxes and after discounts.",
    )
    amount = fields.Monetary(compute="_compute_amount")

    @api.depends("product_id")
    def _compute_price(self):
        for line in self:
            line.price = line._member_price() if line.product_id else 0

    @api.depends("price", "quantity")
    def _compute_amount(self):
        for line in self:
            line.amount = line.price * line.quantity

    def _member_price(self):
        """Return what the member pays for a unit, with taxes."""
        company = self.simulation_id.company_id or self.env.company
        product = self.product_id.with_company(company)
        pricelist = self.simulation_id._pricelist(company)
        price = pricelist._get_product_price(product, self.quantity or 1.0)
        taxes = product.taxes_id._filter_taxes_by_company(company)
        found = taxes.compute_all(price, currency=company.currency_id, product=product)
        return found["total_included"]
