from datetime import datetime, time
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.member_card import ledger
from odoo.addons.member_loyalty.models.member_point_rule_facts import exact
from odoo.addons.member_loyalty.points import Basket, Line, compute

RIGHT = "member_ticketing.group_member_external_purchase"
LINE = "external"
"""Key of the one line that a purchase has for the rules."""
NOON = time(12)
MAX_SEATS = 1000


class MemberExternalPurchase(models.Model):
    """A9: what a member bought elsewhere, entered by hand or imported.

    Recording it earns points by the rules for purchases made elsewhere; cancelling it
    takes them back. A recorded purchase is never changed: cancel it and enter it again.
    Nothing of it sells a seat here.
    """

    _name = "member.external.purchase"
    _description = "Purchase Made Elsewhere"
    _inherit = ["mail.thread", "member.export.mixin"]
    _order = "date desc, id desc"
    _rec_name = "reference"

    partner_id = fields.Many2one(
        "res.partner",
        "Member",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_member', '=', True), ('member_company_id', '=', company_id)]",
    )
    member_number = fields.Char(related="partner_id.member_number")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
        help="The legal entity whose member it is.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    store_id = fields.Many2one(
        "member.store",
        ondelete="restrict",
        domain="[('company_id', 'child_of', company_id)]",
        default=lambda self: self._default_store_id(),
        help="Where the member brought it in. Rules for one store look at it.",
    )
    seller_id = fields.Many2one(
        "member.external.seller",
        required=True,
        ondelete="restrict",
        domain="[('company_id', 'in', (False, company_id))]",
    )
    reference = fields.Char(
        "Seller's Number",
        required=True,
        help="Order or ticket number at the seller: each counts once.",
    )
    date = fields.Date("Bought On", required=True, default=fields.Date.context_today)
    event_id = fields.Many2one(
        "event.event",
        "Our Performance",
        ondelete="set null",
        domain="[('company_id', 'in', (False, company_id))]",
        help="When another seller sold seats of a performance of ours.",
    )
    performance = fields.Char(
        compute="_compute_performance", store=True, readonly=False, required=True
    )
    seats = fields.Integer(required=True, default=1)
    amount = fields.Monetary("Paid", required=True, help="With taxes.")
    note = fields.Char()
    import_key = fields.Char(
        "Import", readonly=True, copy=False, index="btree_not_null"
    )
    state = fields.Selection(
        [("draft", "Not Recorded"), ("done", "Recorded"), ("cancelled", "Cancelled")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)
    points = fields.Float(
        digits=(16, 2),
        compute="_compute_points",
        compute_sudo=True,
        help="Earned, less what was taken back; before it is recorded: what it will "
        "earn by the rules of today.",
    )

    _reference_unique = models.UniqueIndex(
        "(company_id, seller_id, lower(reference)) WHERE state <> 'cancelled'",
        "This purchase was entered before: the seller's number counts once.",
    )
    _figures = models.Constraint(
        f"CHECK (seats BETWEEN 1 AND {MAX_SEATS} AND amount >= 0)",
        f"A purchase has 1 to {MAX_SEATS} seats, and its amount is not below zero.",
    )

    @api.model
    def _default_store_id(self):
        stores = self.env.user.member_store_ids
        return stores if len(stores) == 1 else False

    # === COMPUTE === #

    @api.depends("event_id")
    def _compute_performance(self):
        for purchase in self:
            purchase.performance = purchase.event_id.name or purchase.performance

    @api.depends("state", "partner_id", "amount", "seats", "date", "store_id")
    def _compute_points(self):
        earned = self._earnings()
        for purchase in self:
            if purchase.state == "draft":
                purchase.points = float(purchase._expected_points())
            else:
                mine = earned.filtered(
                    lambda each, own=purchase: each.res_id == own._origin.id
                )
                purchase.points = sum(mine.mapped("points")) - sum(
                    mine.mapped("clawed_back")
                )

    def _compute_display_name(self):
        for purchase in self:
            names = (purchase.seller_id.name, purchase.reference)
            purchase.display_name = " ".join(filter(None, names))

    # === CONSTRAINTS === #

    @api.constrains(
        "partner_id", "company_id", "store_id", "date", "amount", "reference"
    )
    def _check_purchase(self):
        for purchase in self:
            # sudo: whose member somebody is, is told to who enters the purchase
            member = purchase.partner_id.sudo()
            root = purchase.company_id._member_root()
            if not member.is_member or member.member_company_id != root:
                raise ValidationError(
                    self.env._(
                        "%(name)s is no member of %(company)s.",
                        name=member.name,
                        company=root.name,
                    )
                )
            if purchase.store_id and purchase.store_id.company_id.root_id != root:
                raise ValidationError(
                    self.env._("The store belongs to another company.")
                )
            if self._is_to_come(purchase.date, root):
                raise ValidationError(
                    self.env._("The day of the purchase lies in the future.")
                )
            if purchase.amount >= ledger.MAX_AMOUNT:
                raise ValidationError(self.env._("This amount is too large."))
            if not purchase.reference.strip():
                raise ValidationError(self.env._("Type the seller's number."))

    @api.model
    def _is_to_come(self, day, company):
        """Tell whether a day has begun neither for the company nor for the user."""
        return day > max(company._member_today(), fields.Date.context_today(self))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("reference"):
                vals["reference"] = vals["reference"].strip()
            if not self.env.su and vals.get("state", "draft") != "draft":
                raise UserError(self.env._("Press Record to record a purchase."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            changed = vals.keys() & self._kept_fields()
            if "state" in vals or "cancel_reason" in vals:
                raise UserError(
                    self.env._("Press Record or Cancel to change a purchase's state.")
                )
            if changed and any(each.state != "draft" for each in self):
                raise UserError(
                    self.env._(
                        "A recorded purchase is not changed, since it has earned "
                        "points. Cancel it and enter it again."
                    )
                )
        if vals.get("reference"):
            vals = {**vals, "reference": vals["reference"].strip()}
        return super().write(vals)

    @api.model
    def _kept_fields(self):
        """Return what stays as it is once the purchase is recorded."""
        return {
            "partner_id", "company_id", "store_id", "seller_id", "reference", "date",
            "event_id", "performance", "seats", "amount", "import_key",
        }  # fmt: skip

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        if any(purchase.state != "draft" for purchase in self):
            raise UserError(
                self.env._("A recorded purchase stays in the books. Cancel it instead.")
            )

    # === ACTIONS === #

    def action_record(self):
        """Record these purchases: their members earn points by rule."""
        self._record()

    def action_cancel(self):
        """Open the wizard that asks why, and says how many points go back."""
        self.ensure_one()
        self.env.user._member_require(RIGHT)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel Purchase"),
            "res_model": "member.external.cancel",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_purchase_id": self.id},
        }

    # === BUSINESS === #

    def _record(self, log=True):
        """Record drafts, each with its points, all of them or none; again does nothing.

        :raise UserError: one is cancelled, or somebody enters what they bought.
        """
        self.env.user._member_require(RIGHT)
        self.check_access("write")
        for purchase in self.filtered(lambda each: each.state != "done"):
            if purchase.state == "cancelled":
                raise UserError(
                    self.env._("This purchase was cancelled. Enter it again instead.")
                )
            self.env.user._member_check_own(purchase.partner_id)
            # sudo: verbs alone change the state
            purchase.sudo().state = "done"
            points = purchase._earn()
            if log:
                purchase._log("external_purchase", points)

    def _cancel(self, reason):
        """Cancel a recorded purchase: the points it earned are taken back.

        What the member has spent of them is owed. Again does nothing.
        """
        self.ensure_one()
        self.env.user._member_require(RIGHT)
        self.check_access("write")
        if self.state == "cancelled":
            return
        earning = self._earnings()
        points = Decimal(0)
        if earning:
            earning._lock()
            points = earning._follow(
                {LINE: Decimal(0)},
                request_key=f"external:{self.id}:back",
                context=self._context(),
            )
        # sudo: verbs alone change the state
        self.sudo().write({"state": "cancelled", "cancel_reason": reason})
        self._log("external_cancel", points, reason)

    def _log(self, action, points, reason=""):
        asset = self.company_id._member_asset("points")
        parts = (
            f"{self.performance}, {self.currency_id.format(self.amount)}",
            asset and points and asset._format(points),
            reason,
        )
        self.env["member.operator.log"]._log(
            action,
            partner=self.partner_id,
            store=self.store_id,
            reference=self.display_name,
            detail=" · ".join(filter(None, parts)),
        )

    # === POINTS === #

    def _earnings(self):
        """Return what these purchases earned (in sudo mode)."""
        # sudo: who enters purchases need not read the ledger
        return (
            self.env["member.point.earning"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )

    def _earn(self):
        """Insert what this purchase earns in its transaction; return the points."""
        self.ensure_one()
        earnings = self.env["member.point.earning"]
        rules = earnings._rules(self.company_id, "external")
        if not rules or not earnings._may_earn(self.partner_id, self.company_id):
            return Decimal(0)
        return earnings._earn(
            # sudo: who enters purchases sees of a member what the desk shows
            self.partner_id.sudo(),
            self,
            self._basket(),
            rules,
            request_key=f"external:{self.id}",
            context=self._context(),
        )

    def _expected_points(self):
        """Return what a draft would earn if it were recorded now."""
        self.ensure_one()
        earnings = self.env["member.point.earning"]
        rules = earnings._rules(self.company_id, "external")
        if not (rules and self.partner_id and self.date and self.amount > 0):
            return Decimal(0)
        if not earnings._may_earn(self.partner_id, self.company_id):
            return Decimal(0)
        basket = self._basket()
        # sudo: the rules read the birthday, which who enters purchases cannot
        member = self.env["member.point.rule"]._for_member(
            self.partner_id._origin.sudo(), rules, basket.when_local
        )
        return compute(rules, basket, member).points

    def _basket(self):
        """Return the purchase for the rules: its day at noon; a unit is a seat."""
        amount = exact(self.amount)
        points = self.company_id._member_asset("points")
        store = self.store_id
        return Basket(
            when_local=datetime.combine(self.date, NOON),
            lines=(
                Line(
                    key=LINE,
                    product_id=0,
                    template_id=0,
                    amount=amount,
                    quantity=Decimal(self.seats),
                ),
            ),
            store_ids=store._point_facts()[1] if store else frozenset(),
            kind="external",
            total=amount,
            unit=points._unit() if points else Decimal(1),
        )

    def _context(self):
        return ledger.Context(
            res_model=self._name,
            res_id=self.id,
            reference=self.display_name,
            store_id=self.store_id.id or None,
        )
