from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rewards import number

KINDS = [
    ("gift", "Gift"),
    ("discount", "Money Off"),
    ("bonus", "Bonus Money"),
    ("coupon", "Coupon"),
]


class MemberReward(models.Model):
    """What points buy: a gift, money off an order, bonus money or a coupon.

    `taken` and `held` are counters that only `redemptions.py` moves.
    """

    _name = "member.reward"
    _description = "Gift for Points"
    _inherit = ["image.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
        help="Branches give the gifts of their head office.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        KINDS,
        required=True,
        default="gift",
        help="Gift: a product that leaves the stock. Money off: the member chooses how "
        "many points to spend on an order at a till. Bonus money: credited to the "
        "wallet. Coupon: made for the member in one of the coupon programs.",
    )
    points_cost = fields.Float("Points", digits=(16, 2))
    product_id = fields.Many2one("product.product", ondelete="restrict")
    product_qty = fields.Float(
        "Quantity", default=1, digits="Product Unit", help="What one gift consists of."
    )
    only_in_stock = fields.Boolean(
        "Only if in Stock",
        default=True,
        help="Offered only while the store's warehouse has more of it than is reserved "
        "and promised. Without it, a gift may be promised that comes later.",
    )
    is_storable = fields.Boolean(related="product_id.is_storable")
    points_per_unit = fields.Float(
        "Points for 1 of Money",
        digits=(16, 2),
        default=100,
        help="So many points take one unit of the company's currency off the order.",
    )
    min_points = fields.Float("At Least", digits=(16, 2), default=0)
    max_points = fields.Float(
        "At Most",
        digits=(16, 2),
        default=0,
        help="On one order; 0 means no limit.",
    )
    bonus_amount = fields.Monetary("Bonus")
    program_id = fields.Many2one(
        "loyalty.program",
        "Coupon Program",
        ondelete="restrict",
        domain="[('applies_on', '!=', 'current'),"
        " ('program_type', 'not in', ('loyalty', 'ewallet', 'gift_card')),"
        " ('company_id', 'in', (False, company_id))]",
    )
    coupon_days = fields.Integer(
        "Coupon Valid (Days)", default=30, help="From its day on; 0 means for ever."
    )
    date_from = fields.Date("From", help="First day of the campaign.")
    date_to = fields.Date("To", help="Last day of the campaign.")
    class_ids = fields.Many2many(
        "member.class", string="Classes", help="Empty means members of every class."
    )
    store_ids = fields.Many2many(
        "member.store",
        string="Stores",
        help="And the stores below them. Empty means everywhere.",
    )
    limit_per_member = fields.Integer(
        "Each Member", default=0, help="How many a member can have; 0 means no limit."
    )
    total_quantity = fields.Integer(
        "In All",
        default=0,
        help="How many there are to be given away; 0 means no limit.",
    )
    expiring_within_days = fields.Integer(
        "Only Points Expiring Within (Days)",
        default=0,
        help="Above zero: only for members of whom enough points expire within so many "
        "days. They are spent first in any case.",
    )
    picture = fields.Image(
        compute="_compute_picture",
        compute_sudo=True,
        help="Its own picture, else that of the product.",
    )
    taken = fields.Integer(readonly=True, copy=False, default=0)
    held = fields.Integer("Reserved", readonly=True, copy=False, default=0)
    left = fields.Integer(compute="_compute_left")
    stage = fields.Selection(
        [
            ("planned", "Planned"),
            ("running", "On Offer"),
            ("sold_out", "None Left"),
            ("over", "Over"),
        ],
        compute="_compute_stage",
    )
    summary = fields.Char(compute="_compute_summary")

    _taken_not_negative = models.Constraint(
        "CHECK (taken >= 0)", "More would come back than was taken."
    )
    _held_not_negative = models.Constraint(
        "CHECK (held >= 0)", "More would be given up than was reserved."
    )
    _within_total = models.Constraint(
        "CHECK (total_quantity = 0 OR taken + held <= total_quantity)",
        "Of this gift more were taken or reserved already than there would be in all.",
    )
    _limits_not_negative = models.Constraint(
        "CHECK (total_quantity >= 0 AND limit_per_member >= 0"
        " AND expiring_within_days >= 0 AND coupon_days >= 0"
        " AND min_points >= 0 AND max_points >= 0)",
        "Limits of a gift cannot be negative.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "The campaign ends before it begins.",
    )
    _offered = models.Index("(company_id) WHERE active")

    # === COMPUTE === #

    @api.depends("image_128", "product_id.image_128")
    def _compute_picture(self):
        for reward in self:
            reward.picture = reward.image_128 or reward.product_id.image_128

    @api.depends("total_quantity", "taken", "held")
    def _compute_left(self):
        for reward in self:
            reward.left = max(reward.total_quantity - reward.taken - reward.held, 0)

    @api.depends("date_from", "date_to", "left", "total_quantity")
    def _compute_stage(self):
        for reward in self:
            today = (reward.company_id or self.env.company)._member_today()
            if reward.date_to and reward.date_to < today:
                reward.stage = "over"
            elif reward.date_from and reward.date_from > today:
                reward.stage = "planned"
            elif reward.total_quantity and not reward.left:
                reward.stage = "sold_out"
            else:
                reward.stage = "running"

    @api.depends(
        "kind",
        "points_cost",
        "points_per_unit",
        "product_id",
        "product_qty",
        "bonus_amount",
        "program_id",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for reward in self:
            points = f"{reward.points_cost:g}"
            unit = reward.currency_id.format(1) if reward.currency_id else "1"
            if reward.kind == "discount":
                reward.summary = self.env._(
                    "%(points)s points take %(money)s off the order.",
                    points=f"{reward.points_per_unit:g}",
                    money=unit,
                )
            elif reward.kind == "bonus":
                reward.summary = self.env._(
                    "%(points)s points become %(money)s of bonus money.",
                    points=points,
                    money=reward.currency_id.format(reward.bonus_amount),
                )
            elif reward.kind == "coupon":
                reward.summary = self.env._(
                    "%(points)s points for a coupon of %(program)s.",
                    points=points,
                    program=reward.program_id.name or "…",
                )
            else:
                reward.summary = self.env._(
                    "%(points)s points for %(quantity)s × %(product)s.",
                    points=points,
                    quantity=f"{reward.product_qty:g}",
                    product=reward.product_id.display_name or "…",
                )

    # === CONSTRAINTS === #

    @api.constrains(
        "kind",
        "points_cost",
        "points_per_unit",
        "product_id",
        "product_qty",
        "bonus_amount",
        "program_id",
        "company_id",
    )
    def _check_complete(self):
        for reward in self:
            if problem := reward._incomplete():
                raise ValidationError(
                    self.env._(
                        "%(reward)s: %(problem)s", reward=reward.name, problem=problem
                    )
                )

    def _incomplete(self):
        """Say what is missing for its kind, or return None."""
        if self.company_id.parent_id:
            return self.env._("Choose the head office: its branches share the gifts.")
        if self.kind == "discount":
            if self.points_per_unit <= 0:
                return self.env._("Say how many points take 1 of money off.")
        elif self.points_cost <= 0:
            return self.env._("Say how many points it costs.")
        if self.kind == "gift" and (not self.product_id or self.product_qty <= 0):
            return self.env._("Choose the product that is given, and how many.")
        if self.kind == "bonus" and self.bonus_amount <= 0:
            return self.env._("Say how much bonus money is credited.")
        if self.kind == "coupon" and not self.program_id:
            return self.env._("Choose the program whose coupon is made.")
        return None

    @api.constrains("points_cost", "min_points", "max_points", "company_id")
    def _check_whole_points(self):
        for reward in self:
            asset = reward.company_id._member_asset("points")
            if not asset:
                continue
            unit = asset._unit()
            for value in (reward.points_cost, reward.min_points, reward.max_points):
                if number(value) % unit:
                    raise ValidationError(
                        self.env._(
                            "%(points)s is finer than %(unit)s, the smallest number of "
                            "points.",
                            points=f"{value:g}",
                            unit=unit,
                        )
                    )

    # === ACTIONS === #

    def action_view_redemptions(self):
        """Open who took this."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_loyalty.member_redemption_action"
        )
        action["domain"] = [("reward_id", "=", self.id)]
        action["context"] = {}
        return action
