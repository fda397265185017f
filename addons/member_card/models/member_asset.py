from decimal import Decimal
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang, ormcache

MONEY = ("principal", "bonus")
"""The kinds that are in the currency; the others are in units of their own."""


class AssetFacts(NamedTuple):
    """What is fixed of an asset; `unit` is its smallest amount."""

    company_id: int
    kind: str
    code: str
    currency_id: int
    unit: Decimal
    expiry_months: int
    liability_account_id: int


class MemberAsset(models.Model):
    """A kind of value that members of one legal entity can own.

    Amounts of money kinds are in the currency, of the others in units of
    10 ** -decimal_places. Two balances of different assets are never added up.
    """

    _name = "member.asset"
    _description = "Member Asset"
    _inherit = ["member.cached.mixin"]
    _order = "company_id, spending_order, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("principal", "Principal"),
            ("bonus", "Bonus"),
            ("points", "Points"),
            ("growth", "Growth value"),
            ("visits", "Visits"),
        ],
        required=True,
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    is_money = fields.Boolean(compute="_compute_is_money")
    decimal_places = fields.Integer(
        compute="_compute_decimal_places",
        store=True,
        readonly=False,
        precompute=True,
        help="Digits after the point; of a money asset those of its currency.",
    )
    spending_order = fields.Integer(
        default=10, help="The pocket with the lowest number pays first."
    )
    expiry_months = fields.Integer(
        help="Months after which what came in expires; 0 means never. Whether stored "
        "money may expire is a matter of law: in China the value of named "
        "single-purpose cards does not (MOFCOM Order No. 9 of 2012, art. 19)."
    )
    revival_days = fields.Integer(
        default=30,
        help="A refund goes back to what paid. If that has expired meanwhile, it "
        "lives again for this many days.",
    )
    is_cashable = fields.Boolean(
        "Can Be Cashed Out", help="The member can have this value paid out in money."
    )
    liability_account_id = fields.Many2one(
        "account.account",
        string="Account",
        ondelete="restrict",
        help="Account that carries what the members own: debited when they spend.",
    )

    _code_unique = models.Constraint(
        "UNIQUE (company_id, code)", "An asset's code is unique in its company."
    )

    @api.depends("kind")
    def _compute_is_money(self):
        for asset in self:
            asset.is_money = asset.kind in MONEY

    @api.depends("kind", "company_id")
    def _compute_currency_id(self):
        for asset in self:
            asset.currency_id = asset.is_money and asset.company_id.currency_id

    @api.depends("currency_id")
    def _compute_decimal_places(self):
        for asset in self:
            asset.decimal_places = asset.currency_id.decimal_places or 0

    @api.constrains("company_id")
    def _check_root_company(self):
        for asset in self:
            if asset.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "Branches share the members' value of their head office: "
                        "create the asset %(asset)s in %(company)s.",
                        asset=asset.name,
                        company=asset.company_id.root_id.name,
                    )
                )

    # === FACTS === #

    @api.model
    @ormcache()
    def _facts(self) -> dict:
        """Return `AssetFacts` by id of every asset that can move, first spent first.

        Every sale at a till asks for them, and they hardly ever change.
        """
        # sudo: which kinds of value a company has is no secret
        assets = self.sudo().with_context(active_test=True)
        return {
            asset.id: AssetFacts(
                company_id=asset.company_id.id,
                kind=asset.kind,
                code=asset.code,
                currency_id=asset.currency_id.id,
                unit=Decimal(1).scaleb(-asset.decimal_places),
                expiry_months=asset.expiry_months,
                liability_account_id=asset.liability_account_id.id,
            )
            for asset in assets.search([], order="spending_order, id")
        }

    @api.model
    def _ids_by_kind(self, company_id) -> dict:
        """Return {kind: id} of a root company, of several the one spent first."""
        facts = reversed(self._facts().items())
        return {fact.kind: key for key, fact in facts if fact.company_id == company_id}

    def _own_facts(self) -> AssetFacts:
        """Return the facts of this asset, which may move.

        :raise KeyError: it is archived.
        """
        self.ensure_one()
        return self._facts()[self.id]

    def _unit(self) -> Decimal:
        """Smallest amount of this asset, e.g. Decimal('0.01')."""
        return self._own_facts().unit

    def _expiry(self):
        """When value that comes in now expires (UTC), or None."""
        if not (months := self._own_facts().expiry_months):
            return None
        return fields.Datetime.now() + relativedelta(months=months)

    def _format(self, amount) -> str:
        """Return an amount as people read it: ¥12.00, 1,200 Points."""
        self.ensure_one()
        if self.currency_id:
            return self.currency_id.format(float(amount))
        number = formatLang(self.env, float(amount), digits=self.decimal_places)
        return f"{number} {self.name}"
