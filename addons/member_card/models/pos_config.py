from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, ormcache

from .. import ledger
from ..till import TillRefusal

OPEN_STATES = ("opening_control", "opened")

TILL_FIELDS = (
    "company_id",
    "currency_id",
    "member_store_id",
    "name",
)
MEMBER_FIELDS = ("is_member", "member_company_id", "member_state", "name")
"""What a verb reads first. Whole records would cost it several times as much."""


class PosConfig(models.Model):
    """The till: what it loads about members, and who may ask its verbs.

    Balances and PINs are never loaded nor cached: a till asks for the figures when it
    needs them, and the server decides. The verbs are in `pos_config_lookup`,
    `pos_config_members`, `pos_config_cards`, `pos_config_pins` and `pos_config_wallet`.
    """

    _inherit = "pos.config"

    member_store_id = fields.Many2one(
        "member.store", "Store", index="btree_not_null", check_company=True
    )

    @api.constrains("fast_payment_method_ids")
    def _check_no_fast_wallet(self):
        """A payment in one tap would bypass the PIN."""
        for config in self:
            if "member_wallet" in config.fast_payment_method_ids.mapped("type"):
                raise ValidationError(
                    self.env._(
                        "The member wallet asks for a PIN and cannot be a fast payment "
                        "method. Remove it from the fast payments of %(till)s.",
                        till=config.name,
                    )
                )

    @api.model
    def _default_payment_methods(self):
        """Give a first till cash and bank too: core sees the wallets and stops."""
        methods = super()._default_payment_methods()
        if methods and all(method.type == "member_wallet" for method in methods):
            _journal, method_ids = self._create_journal_and_payment_methods()
            methods |= methods.browse(method_ids)
        return methods

    def _create_journal_and_payment_methods(self, *args, **kwargs):
        """Create the customer account too: core takes a wallet for it."""
        journal, method_ids = super()._create_journal_and_payment_methods(
            *args, **kwargs
        )
        methods = self.env["pos.payment.method"].browse(method_ids)
        if "pay_later" not in methods.mapped("type"):
            methods |= methods.create(
                {
                    "name": self.env._("Customer Account"),
                    "company_id": self.env.company.id,
                    "split_transactions": True,
                    "sequence": 2,
                }
            )
        return journal, methods.ids

    # === CRUD METHODS === #

    def write(self, vals):
        result = super().write(vals)
        if {"journal_id", "company_id", "payment_method_ids"} & vals.keys():
            self.env.registry.clear_cache()
        return result

    # === LOADING === #

    @api.model
    def _load_pos_data_read(self, records, config):
        read_records = super()._load_pos_data_read(records, config)
        if read_records:
            wallets = set(config._member_wallet_methods().ids)
            record = read_records[0]
            record["fast_payment_method_ids"] = [
                method_id
                for method_id in record.get("fast_payment_method_ids", [])
                if method_id not in wallets
            ]
            record["_member_topup_product_id"] = config._member_topup_product().id
            # sudo: settings of the head office, which the cashier may not read
            root = config.company_id._member_root().sudo()
            principal = config.company_id._member_asset("principal")
            record["_member_principal_method_id"] = (
                config._member_wallet_methods()
                .filtered(lambda method: method.member_asset_id == principal)[:1]
                .id
            )
            record["_member_refund_limit"] = root.member_refund_limit
            record["_member_refund_needs_right"] = root.member_refund_needs_right
            record["_member_offers"] = config._member_offers()
        return read_records

    def _get_available_pricelists(self):
        # also feeds the products that a till loads later
        # sudo: the members' prices belong to the head office
        classes = (
            self.env["member.class"]
            .sudo()
            .search([("company_id", "in", [False, self.company_id._member_root().id])])
        )
        member_pricelists = classes.mapped(
            lambda member_class: member_class._pricelist_for(self.company_id)
        ).filtered(lambda pricelist: pricelist.currency_id == self.currency_id)
        pricelists = super()._get_available_pricelists()
        return pricelists | member_pricelists.with_env(self.env)

    def _get_special_products(self):
        # called on an empty recordset too
        company = self.company_id[:1] or self.env.company
        product = company._member_root().sudo().member_topup_product_id
        return super()._get_special_products() | product

    def _member_topup_product(self):
        # sudo: a setting of the head office, which the cashier may not read
        return self.company_id._member_root().sudo().member_topup_product_id

    def _member_wallet_methods(self):
        """Payment methods of this till that take money out of members' wallets."""
        return self.payment_method_ids.filtered("member_asset_id")

    # === CHECKS === #

    def _member_check_till(self):
        """Refuse who is not selling at this till right now."""
        self.ensure_one()
        is_open = self._member_fetch_open()
        allowed = (
            self.env.user.has_group("point_of_sale.group_pos_user")
            and self.has_access("read")
            and self.company_id.id in self.env.user._get_company_ids()
        )
        if not allowed:
            raise TillRefusal(
                "forbidden", self.env._("You are not a cashier of this till.")
            )
        if not is_open:
            raise TillRefusal(
                "no_session",
                self.env._("Open the register of %(till)s first.", till=self.name),
            )

    def _member_fetch_open(self):
        """Tell whether this till has an open session, and read what every verb asks.

        One statement for both: each payment waits for it.
        """
        self.env["pos.session"].flush_model(["config_id", "state"])
        # sudo: into the cache, for the checks that follow as well
        till = self.sudo()
        query = till._as_query(ordered=False)
        query.add_where(
            SQL(
                "EXISTS (SELECT FROM pos_session WHERE config_id = %s AND state IN %s)",
                SQL.identifier(query.table, "id"),
                OPEN_STATES,
            )
        )
        return bool(
            till._fetch_query(query, till._determine_fields_to_fetch(TILL_FIELDS))
        )

    def _member_may(self, right):
        """Tell whether the caller has a right, named as in `res.users._member_may`."""
        return self.env.user._member_may(right)

    def _member_require(self, right):
        """Refuse a caller without the right; the sentence names it."""
        if not self._member_may(right):
            raise TillRefusal("forbidden", self.env.user._member_missing(right))

    def _member_asked(self, partner_id):
        """Return the contact with this id, in sudo mode and not looked at yet."""
        if not isinstance(partner_id, int) or isinstance(partner_id, bool):
            raise self._member_no_member()
        # sudo: a cashier sees of a member what the verbs below choose to tell
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        return partners.browse(partner_id)

    def _member_no_member(self) -> TillRefusal:
        return TillRefusal(
            "not_member",
            self.env._(
                "This customer is not a member. Scan the card, or register the "
                "customer first."
            ),
        )

    def _member_of_till(self, partner_id):
        """Return the member of this till's legal entity with this id."""
        asked = self._member_asked(partner_id)
        # not searched for: each payment waits, and an id needs no search
        partner = asked._fetch_query(
            asked._as_query(ordered=False),
            asked._determine_fields_to_fetch(MEMBER_FIELDS),
        )
        if not partner.is_member:
            raise self._member_no_member()
        if partner.member_company_id != self.company_id._member_root():
            raise TillRefusal(
                "other_company",
                self.env._(
                    "This member belongs to another company; the card is not valid "
                    "here."
                ),
            )
        return partner

    def _member_active(self, partner_id):
        """Return the member, who must be neither frozen nor cancelled."""
        partner = self._member_of_till(partner_id)
        if partner.member_state == "frozen":
            raise TillRefusal(
                "frozen",
                self.env._(
                    "%(member)s is frozen and can neither pay nor be topped up. A "
                    "supervisor can unfreeze the member.",
                    member=partner.name,
                ),
            )
        if partner.member_state != "active":
            raise TillRefusal(
                "cancelled",
                self.env._(
                    "The membership of %(member)s has ended.", member=partner.name
                ),
            )
        return partner

    # === POCKETS === #

    def _member_pockets(self):
        """Return payment methods by pocket, the first to be spent first.

        Of the pockets in this till's currency.
        """
        pockets = self._member_pocket_ids()
        # sudo: which pockets exist is no secret, and a cashier cannot read the ledger
        assets = self.env["member.asset"].sudo().browse(pockets)
        methods = self.env["pos.payment.method"].browse(pockets.values())
        return dict(zip(assets, methods, strict=True))

    @ormcache("self.id")
    def _member_pocket_ids(self):
        """Return ids of payment methods by asset, the first to be spent first.

        Every payment asks; whoever changes a till or its methods clears the cache.
        """
        # sudo: which pockets exist is no secret
        methods = self.sudo().payment_method_ids.filtered("active")
        by_asset = {method.member_asset_id.id: method.id for method in methods}
        return {
            asset_id: by_asset[asset_id]
            for asset_id, facts in self.env["member.asset"]._facts().items()
            if asset_id in by_asset and facts.currency_id == self.sudo().currency_id.id
        }

    def _member_figures(self, partner, pockets):
        """Return what is available in each of the pockets, by asset id."""
        found = ledger.figures(self.env, partner.id, [asset.id for asset in pockets])
        return {asset_id: figures.available for asset_id, figures in found.items()}
