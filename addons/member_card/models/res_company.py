from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache


class ResCompany(models.Model):
    """Where the members' money of a legal entity is booked, and its limits.

    Only a root company has these settings: its branches share the members, the assets
    and the accounts. Payment methods of the till are per company, as Odoo requires.
    """

    _inherit = "res.company"

    member_deposit_account_id = fields.Many2one(
        "account.account",
        string="Deposits Account",
        help="What the company owes its members: credited by top-ups, debited when a "
        "wallet pays. Every line names the member.",
    )
    member_bonus_account_id = fields.Many2one(
        "account.account",
        string="Bonus Liability Account",
        help="Only used by a company that books bonus money when it is granted. By "
        "default a bonus costs nothing until it is spent.",
    )
    member_discount_account_id = fields.Many2one(
        "account.account",
        string="Member Discounts Account",
        help="Reduces the sales: debited when bonus money pays.",
    )
    member_journal_id = fields.Many2one(
        "account.journal",
        help="Journal of the entries that move members' value without a sale.",
    )
    member_topup_product_id = fields.Many2one(
        "product.product",
        string="Top-up Product",
        help="The product of a top-up order. It carries no tax: tax is due when the "
        "money is spent.",
    )
    member_card_prefix = fields.Char(
        "Card Number Prefix",
        default="8800",
        help="First digits of every new card number. Choose digits that no product "
        "barcode of yours begins with.",
    )
    member_cap_named = fields.Monetary(
        "Cap of a Named Member",
        help="Most that a registered member's principal may come to; 0 means no cap. A "
        "top-up that would pass it is refused. China: ¥5,000 for a named "
        "single-purpose card (MOFCOM Order No. 9 of 2012, art. 18).",
    )
    member_cap_bearer = fields.Monetary(
        "Cap of a Bearer Card",
        help="The same for a card without a name; 0 means no cap. China: ¥1,000 for a "
        "bearer single-purpose card (MOFCOM Order No. 9 of 2012, art. 18).",
    )
    member_class_id = fields.Many2one(
        "member.class",
        string="Class of New Members",
        domain="[('company_id', 'in', (False, id))]",
        help="Proposed when somebody joins. Empty means Ordinary, which holds no "
        "money: choose a class that does if a first top-up is usual.",
    )
    member_pinless_amount = fields.Monetary(
        "No PIN up to",
        help="A payment of at most this amount needs no PIN when the member's card is "
        "shown. 0 means always a PIN. Whoever finds a card can spend this much with "
        "it, and no more in a day than the limit beside it. A card with a chip must "
        "lie on a reader that reads the number written on it.",
    )
    member_pinless_daily = fields.Monetary(
        "No PIN, per Day",
        help="The most that one member's card pays in a day without a PIN; then it is "
        "asked for. This is what a stolen card can cost until it is reported lost.",
    )
    member_pin_attempts = fields.Integer(
        "Wrong PINs Before Lock-out",
        default=5,
        help="A PIN is locked after this many wrong tries in a row.",
    )
    member_pin_lock_minutes = fields.Integer(
        "Lock-out (minutes)", default=15, help="How long a locked PIN stays locked."
    )
    member_refuse_own_card = fields.Boolean(
        "Operators May Not Serve Themselves",
        help="Nobody tops up, debits or refunds into the own wallet, takes the own "
        "top-up or reward back, or changes the own class: a colleague does. Otherwise "
        "it is allowed and listed in the operator log.",
    )

    _member_pinless_limits = models.Constraint(
        "CHECK (member_pinless_amount >= 0"
        " AND member_pinless_daily >= coalesce(member_pinless_amount, 0))",
        "Without a PIN, a day's limit cannot be less than one payment's.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if "member_deposit_account_id" in vals:
            self._check_deposit_account_is_free(vals["member_deposit_account_id"])
        result = super().write(vals)
        if "member_refuse_own_card" in vals:
            self.env.registry.clear_cache()
        if vals.get("currency_id"):
            self._member_follow_currency()
        if vals.get("member_deposit_account_id"):
            for company in self.filtered(lambda company: not company.parent_id):
                # the pocket is booked where the settings say
                company._member_asset("principal").liability_account_id = vals[
                    "member_deposit_account_id"
                ]
        return result

    def _check_deposit_account_is_free(self, account_id):
        """Refuse another account while the present one still carries members' money."""
        for company in self:
            account = company.member_deposit_account_id
            if not account or account.id == account_id:
                continue
            lines = self.env["account.move.line"].sudo()
            [(balance,)] = lines._read_group(
                [
                    ("account_id", "=", account.id),
                    ("company_id", "child_of", company.id),
                    ("parent_state", "=", "posted"),
                ],
                aggregates=["balance:sum"],
            )
            if not company.currency_id.is_zero(balance):
                raise UserError(
                    self.env._(
                        "%(account)s still carries %(amount)s of members' money. Move "
                        "it to the new account by a journal entry first.",
                        account=account.display_name,
                        amount=company.currency_id.format(-balance),
                    )
                )

    # === BUSINESS METHODS === #

    def _member_root(self):
        """Return the legal entity that owns members, assets and accounts."""
        self.ensure_one()
        root = self.browse(self._member_root_id(self.id))
        return root.sudo()  # a branch's user may not see the head office

    @api.model
    @ormcache("company_id")
    def _member_root_id(self, company_id):
        """Return the id of a company's root, which never changes."""
        return self.browse(company_id).sudo().root_id.id

    @ormcache("self.id")
    def _member_refuses_own_card(self):
        """Tell whether operators may not serve themselves; every payment asks."""
        return self.member_refuse_own_card

    def _member_asset(self, kind):
        """Return the root company's asset of that kind, empty before the set-up."""
        self.ensure_one()
        asset_ids = self.env["member.asset"]._ids_by_kind(self._member_root().id)
        # sudo: which pockets a company has is no secret
        return self.env["member.asset"].sudo().browse(asset_ids.get(kind))

    def _member_pockets(self):
        """Return the assets that are money: principal and bonus, once set up."""
        return self._member_asset("principal") | self._member_asset("bonus")

    def _member_spend_account(self, asset):
        """Return the account that spending from this asset debits."""
        own = asset.liability_account_id
        return own.browse(self._member_spend_account_id(asset.kind, own.id))

    def _member_spend_account_id(self, kind, own_account_id):
        """Return the id of the account that spending debits from a pocket of that kind.

        :param own_account_id: of the account that the pocket names, if it does.
        """
        root = self._member_root()
        if kind == "bonus":
            return root.member_discount_account_id.id
        return own_account_id or root.member_deposit_account_id.id

    def _member_default_class(self):
        """Return the class of somebody who joins without anyone choosing one."""
        root = self._member_root()
        chosen = root.member_class_id.filtered("active")
        return chosen or self.env["member.class"]._default_class()

    def _member_today(self):
        """Return the day that it is at the company's own midnight."""
        zone = self._member_root().partner_id.tz or "UTC"
        return fields.Date.context_today(self.with_context(tz=zone))

    def _member_cap(self, partner):
        """Most that the partner's principal may come to; None means no cap."""
        root = self._member_root()
        cap = partner.sudo().member_class_id.topup_cap or (
            root.member_cap_named if partner.is_member else root.member_cap_bearer
        )
        return Decimal(str(root.currency_id.round(cap))) if cap else None
