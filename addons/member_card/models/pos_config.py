from decimal import Decimal
from math import isfinite
from uuid import UUID, uuid5

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL, float_compare

from .. import ledger
from ..errors import Insufficient, KeyReused, OverCap
from ..till import TillRefusal, till_verb, to_json

OPEN_STATES = ("opening_control", "opened")

TILL_FIELDS = (
    "company_id",
    "currency_id",
    "member_store_id",
    "name",
    "payment_method_ids",
)
MEMBER_FIELDS = ("is_member", "member_company_id", "member_state", "name")
"""What a verb reads first. Whole records would cost it several times as much."""


class PosConfig(models.Model):
    """The till: what it loads about members, and the verbs its browser may call.

    Balances and PINs are never loaded nor cached: a till asks for the figures when it
    needs them, and the server decides.
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
        methods = self.with_context(active_test=False).payment_method_ids
        methods.fetch(["active", "member_asset_id"])
        return methods.filtered(lambda method: method.active and method.member_asset_id)

    # === VERBS OF THE TILL === #

    @till_verb
    def member_lookup(self, query):
        """Find members by card, member number, phone or name.

        :return: status "ok" (one) or "several", `matches` to choose from, and
            `records`, what the till needs to sell to them, by model.
        """
        query = str(query or "").strip()
        found = self.env["res.partner"]._member_lookup(query, self.company_id)
        if not found:
            raise TillRefusal(
                "not_found",
                self.env._(
                    "No member found for “%(query)s”. Try the member number, the phone "
                    "number or a part of the name.",
                    query=query,
                ),
            )
        partners = self.env["res.partner"].union(*(partner for partner, *_ in found))
        # sudo: a cashier sees of a member what `_member_match` chooses to tell
        members = partners.sudo()
        cards = {partner.id: card.id for partner, _how, card in found if card}
        return {
            "status": "ok" if len(members) == 1 else "several",
            "matches": [
                {**self._member_match(member), "card_id": cards.get(member.id, False)}
                for member in members
            ],
            "records": self._member_records(partners),
        }

    @till_verb
    def member_info(self, partner_id):
        """What the cashier may see of a member at this moment."""
        partner = self._member_of_till(partner_id)
        pockets = self._member_pockets()
        available = self._member_figures(partner, pockets)
        return {
            "status": "ok",
            **self._member_match(partner),
            "card_masked": self._member_card_masked(partner),
            "has_pin": partner.member_has_pin,
            "state": partner.member_state,
            "available": to_json(sum(available.values())),
            "pockets": [
                {
                    "kind": asset.kind,
                    "name": asset.name,
                    "available": to_json(available[asset.id]),
                }
                for asset in pockets
            ],
            "currency_id": self.currency_id.id,
            "warnings": self._member_warnings(partner),
        }

    @till_verb
    def member_hold(self, partner_id, amount, pin, request_key, card_id=False):
        """Set `amount` of the member's money aside for payment lines of this till.

        `card_id` is the card that was read, if one was; it must still be good.

        Calling it again with the same `request_key`, member and amount gives the first
        answer again, so a till that lost the answer asks once more. Each line's key is
        derived from the request and the pocket: it becomes the uuid of the payment
        line, which is how the order claims the money.
        """
        partner = self._member_active(partner_id)
        namespace = self._member_request_key(request_key)
        amount = self._member_amount(amount)
        card = self._member_card(partner, card_id)
        self._member_check_pin(partner, pin)
        pockets = self._member_pockets()
        lines = self._member_earlier_lines(partner, amount, request_key)
        if not lines:
            lines = [
                (partner.id, asset.id, part, str(uuid5(namespace, asset.code)))
                for asset, part in self._member_split(partner, amount, pockets)
            ]
        held = ledger.hold(
            self.env, lines, request_key, context=self._member_context(card)
        )
        # this transaction may be older than the hold and not see it: its figures count
        left = self._member_figures(partner, pockets)
        left.update({line.asset_id: line.available for line in held})
        held_by_asset = {line.asset_id: line for line in held}
        return {
            "status": "ok",
            "lines": [
                {
                    "key": held_by_asset[asset.id].key,
                    "payment_method_id": method.id,
                    "amount": to_json(held_by_asset[asset.id].amount),
                }
                for asset, method in pockets.items()
                if asset.id in held_by_asset
            ],
            "available": to_json(sum(left.values())),
            "expires_at": to_json(min(line.expires_at for line in held)),
        }

    @till_verb
    def member_release(self, request_key):
        """Give back what an attempt holds, named by its request or by one of its lines.

        :return: "ok" with the released `keys`, or "claimed" when a document was faster.
        """
        # sudo: holds are the ledger's own; only those of this till are looked at
        holds = (
            self.env["member.hold"]
            .sudo()
            .search(
                [
                    "|",
                    ("request_key", "=", str(request_key)),
                    ("key", "=", str(request_key)),
                    ("pos_config_id", "in", (self | self.trusted_config_ids).ids),
                ]
            )
        )
        holds = holds.search([("request_key", "in", holds.mapped("request_key"))])
        keys = holds.mapped("key")
        released = ledger.release(self.env, keys) if keys else []
        if ledger.claimed(self.env, set(keys).difference(released)):
            raise TillRefusal(
                "claimed",
                self.env._(
                    "An order has been paid with this money already. Refund that order "
                    "instead."
                ),
            )
        return {"status": "ok", "keys": keys}

    @till_verb
    def member_topup_reserve(self, partner_id, amount, line_uuid):
        """Check that the member may be topped up by `amount`, and keep the room for it.

        `line_uuid` is the uuid of the order line that the till is about to make.
        """
        if not self.env.user.has_group("member_card.group_member_topup"):
            raise TillRefusal(
                "forbidden",
                self.env._(
                    "You may not top up wallets. Ask a supervisor for this right."
                ),
            )
        partner = self._member_active(partner_id)
        self._member_request_key(line_uuid)
        amount = self._member_amount(amount)
        member_class = partner.member_class_id
        if not member_class.can_hold_money:
            raise TillRefusal(
                "no_money",
                self.env._(
                    "Members of the class %(class)s cannot be topped up. Change the "
                    "class first.",
                    **{"class": member_class.name},
                ),
            )
        cap = self.company_id._member_cap(partner)
        if cap:
            self._member_reserve_room(partner, amount, line_uuid, cap)
        return {"status": "ok", "amount": to_json(amount)}

    # === CHECKS === #

    def _member_check_till(self):
        """Refuse who is not selling at this till right now."""
        self.ensure_one()
        # sudo: into the cache, for the check below as well
        self.sudo().fetch(TILL_FIELDS)
        self.company_id.sudo().fetch(["currency_id", "parent_path"])
        allowed = (
            self.env.user.has_group("point_of_sale.group_pos_user")
            and self.has_access("read")
            and self.company_id.id in self.env.user._get_company_ids()
        )
        if not allowed:
            raise TillRefusal(
                "forbidden", self.env._("You are not a cashier of this till.")
            )
        self.env["pos.session"].flush_model(["config_id", "state"])
        is_open = self.env.execute_query(
            SQL(
                "SELECT 1 FROM pos_session WHERE config_id = %s AND state IN %s"
                " LIMIT 1",
                self.id,
                OPEN_STATES,
            )
        )
        if not is_open:
            raise TillRefusal(
                "no_session",
                self.env._("Open the register of %(till)s first.", till=self.name),
            )

    def _member_of_till(self, partner_id):
        """Return the member of this till's legal entity with this id."""
        partner = self.env["res.partner"]
        if isinstance(partner_id, int):
            # sudo: a cashier sees of a member what the verbs below choose to tell
            partner = (
                partner.sudo()
                .with_context(active_test=False)
                .search_fetch([("id", "=", partner_id)], MEMBER_FIELDS)
            )
        if not partner.is_member:
            raise TillRefusal(
                "not_member",
                self.env._(
                    "This customer is not a member. Scan the card, or register the "
                    "customer first."
                ),
            )
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

    def _member_card(self, partner, card_id):
        """Return the member's card with this id, empty for none; it must be usable."""
        if not card_id:
            return partner.member_card_ids.browse()
        card = partner.member_card_ids.filtered(lambda card: card.id == card_id)
        if card:
            card._assert_usable()
        return card

    def _member_request_key(self, request_key) -> UUID:
        """Read a key made by the till; it must be a UUID that nobody can guess."""
        try:
            return UUID(request_key)
        except (AttributeError, TypeError, ValueError) as error:
            raise TillRefusal(
                "bad_request", self.env._("The till sent a malformed key. Reload it.")
            ) from error

    def _member_amount(self, amount):
        """Read an amount of the till's currency; it must be positive and not finer."""
        number = (
            isinstance(amount, (int, float))
            and not isinstance(amount, bool)
            and isfinite(amount)
        )
        self.currency_id.sudo().fetch(["rounding"])
        rounded = self.currency_id.round(amount) if number else 0
        # finer than the currency's unit is a slip; the dust of binary fractions is not
        dust = self.currency_id.rounding / 100
        if rounded <= 0 or float_compare(rounded, amount, precision_rounding=dust):
            raise TillRefusal(
                "invalid_amount",
                self.env._("Enter an amount greater than zero, in whole cents."),
            )
        return Decimal(str(rounded))

    def _member_check_pin(self, partner, pin):
        """Verify the PIN; a refusal is counted against the member and logged."""
        try:
            # sudo: no one may read PINs; verifying one tells nothing but yes or no
            self.env["member.pin"].sudo()._verify(partner, pin, till=self)
        except Exception as error:
            if getattr(error, "code", None) in ("wrong_pin", "locked"):
                self.env["member.operator.log"]._log(
                    error.code, partner=partner, store=self.member_store_id
                )
            raise

    # === WALLET === #

    def _member_context(self, card=None):
        return ledger.Context(
            card_id=card.id if card else None,
            store_id=self.member_store_id.id or None,
            operator_id=self.env.uid,
            pos_config_id=self.id,
        )

    def _member_pockets(self):
        """Return payment methods by pocket, the first to be spent first.

        Of the pockets in this till's currency.
        """
        # sudo: which pockets exist is no secret, and a cashier cannot read the ledger
        methods = {
            method.member_asset_id: method
            for method in self._member_wallet_methods().sudo()
            if method.member_asset_id.currency_id == self.currency_id
        }
        return {
            asset: methods[asset]
            for asset in sorted(methods, key=lambda asset: asset.spending_order)
        }

    def _member_figures(self, partner, pockets):
        """Return what is available in each of the pockets, by asset id."""
        found = ledger.figures(self.env, partner.id, [asset.id for asset in pockets])
        return {asset_id: figures.available for asset_id, figures in found.items()}

    def _member_split(self, partner, amount, pockets):
        """Spread `amount` over the pockets; all of it or a refusal."""
        parts = ledger.split(
            self.env,
            partner.id,
            self.company_id,
            amount,
            kinds=tuple(asset.kind for asset in pockets),
        )
        total = sum(part for _asset, part in parts)
        if total < amount:
            raise Insufficient(
                self.env._(
                    "The balance is only %(available)s.",
                    available=self.currency_id.format(float(total)),
                ),
                total,
            )
        return parts

    def _member_earlier_lines(self, partner, amount, request_key):
        """Return what this very request holds already, when its answer was lost."""
        holds = self.env.execute_query(
            SQL(
                """SELECT partner_id, asset_id, amount, key FROM member_hold
                    WHERE request_key = %s ORDER BY id""",
                request_key,
            )
        )
        partners, held = {line[0] for line in holds}, sum(line[2] for line in holds)
        if holds and (
            partners != {partner.id}
            or self.currency_id.compare_amounts(held, float(amount))
        ):
            raise KeyReused(
                self.env._("This payment was already asked for with another amount.")
            )
        return holds

    def _member_reserve_room(self, partner, amount, line_uuid, cap):
        """Keep room under the cap for a top-up, or say how much room there is."""
        principal = self.company_id._member_asset("principal")
        try:
            ledger.hold(
                self.env,
                [(partner.id, principal.id, amount, line_uuid)],
                line_uuid,
                direction="in",
                cap=cap,
                context=self._member_context(),
            )
        except OverCap as error:
            room = float(error.room)
            message = self.env._(
                "The cap is %(cap)s: at most %(room)s can be topped up now.",
                cap=self.currency_id.format(float(cap)),
                room=self.currency_id.format(room),
            )
            raise OverCap(message, error.room) from error

    # === WHAT THE CASHIER SEES === #

    def _member_match(self, partner):
        """Return the public line of a member, enough to tell namesakes apart."""
        phone = partner.member_phone or partner.phone or ""
        member_class = partner.member_class_id
        return {
            "partner_id": partner.id,
            "name": partner.name,
            "number": partner.member_number,
            "class": {"name": member_class.name or "", "color": member_class.color},
            "phone_masked": f"•••• {phone[-4:]}" if phone else "",
        }

    def _member_card_masked(self, partner):
        cards = partner.member_card_ids.filtered(lambda card: card.state == "issued")
        return cards[:1].masked or ""

    def _member_warnings(self, partner):
        warnings = []
        if partner.member_state == "frozen":
            warnings.append(self.env._("This member is frozen: no payment, no top-up."))
        if partner.member_state == "cancelled":
            warnings.append(self.env._("This membership has ended."))
        cards = partner.member_card_ids
        if cards and not cards.filtered(lambda card: card.state == "issued"):
            warnings.append(
                self.env._("No usable card: it is lost, frozen or expired.")
            )
        if not partner.member_has_pin:
            warnings.append(
                self.env._("No PIN yet: one is needed to pay with the wallet.")
            )
        return warnings

    def _member_records(self, partners):
        """What a till needs to sell to these partners, in the form it loads records."""
        fiscal_positions = partners.fiscal_position_id
        pricelists = partners.property_product_pricelist.filtered("is_member_pricelist")
        return {
            model: self.env[model]._load_pos_data_read(records, self)
            for model, records in (
                ("res.partner", partners),
                ("account.fiscal.position", fiscal_positions),
                ("product.pricelist.item", pricelists.item_ids),
                ("product.pricelist", pricelists),
            )
        }
