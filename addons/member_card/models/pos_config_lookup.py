from odoo import fields, models

from ..till import TillRefusal, till_verb, to_json


class PosConfig(models.Model):
    """The till's verbs that find and show members. Public figures only."""

    _inherit = "pos.config"

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
        cards = {partner.id: card for partner, _how, card in found if card}
        return {
            "status": "ok" if len(members) == 1 else "several",
            "matches": [
                self._member_match(member, cards.get(member.id)) for member in members
            ],
            "records": self._member_records(partners),
        }

    @till_verb
    def member_info(self, partner_id):
        """What the cashier may see of a member at this moment."""
        return self._member_figured(self._member_of_till(partner_id))

    @till_verb
    def member_history(self, partner_id):
        """Return the member's last entries, the newest first, as a slip prints them.

        :return: `entries` with date (UTC), store, kind (a word), asset_kind, pocket,
            amount and `balance_after` of that pocket, beside the member's figures.
        """
        partner = self._member_of_till(partner_id)
        kinds = dict(
            self.env["member.entry"]._fields["kind"]._description_selection(self.env)
        )
        # sudo: the member asks for them at the till; a cashier cannot read the ledger
        entries = self._member_history_entries(partner).sudo()
        pockets = self._member_pockets()
        return {
            **self._member_figured(partner),
            "entries": [
                {
                    "id": entry.id,
                    "date": to_json(entry.date),
                    "store": entry.store_id.name or entry.pos_config_id.name or "",
                    "kind": kinds[entry.kind],
                    "asset_kind": entry.asset_id.kind,
                    "pocket": entry.asset_id.name
                    if len(pockets) > 1 and entry.asset_id in pockets
                    else "",
                    "amount": entry.amount,
                    "balance_after": entry.balance_after,
                }
                for entry in entries.sorted(
                    lambda entry: (entry.date, entry.id), reverse=True
                )
            ],
        }

    # === WHAT THE CASHIER SEES === #

    def _member_history_entries(self, partner):
        """Return the entries that the member is shown; `partner` in sudo mode."""
        pockets = self._member_pockets()
        return partner.member_last_entry_ids.filtered(
            lambda entry: entry.asset_id in pockets
        )

    def _member_figured(self, partner):
        """Answer with a member's figures at this moment; `partner` in sudo mode."""
        pockets = self._member_pockets()
        available = self._member_figures(partner, pockets)
        return {
            "status": "ok",
            **self._member_match(partner),
            "card_masked": self._member_card_masked(partner),
            "cards": self._member_cards(partner),
            "has_pin": partner.member_has_pin,
            "pin_locked_until": to_json(partner.member_pin_locked_until),
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
            "pinless": to_json(
                self.env["member.pinless.use"].sudo()._room(partner, self.company_id)
            ),
            "currency_id": self.currency_id.id,
            "warnings": self._member_warnings(partner),
        }

    def _member_match(self, partner, card=None):
        """Return the public line of a member, enough to tell namesakes apart.

        :param card: the card that was read, if one was.
        """
        phone = partner.member_phone or partner.phone or ""
        member_class = partner.member_class_id
        return {
            "partner_id": partner.id,
            "name": partner.name,
            "number": partner.member_number,
            "class": {
                "id": member_class.id,
                "name": member_class.name or "",
                "color": member_class.color,
            },
            "phone_masked": f"•••• {phone[-4:]}" if phone else "",
            "card_id": card.id if card else False,
            "card_masked": card.masked if card else "",
        }

    def _member_card_masked(self, partner):
        cards = partner.member_card_ids.filtered(lambda card: card.state == "issued")
        return cards[:1].masked or ""

    def _member_cards(self, partner):
        """Return the cards that something can still be done with, the newest first."""
        states = dict(
            self.env["member.card"]._fields["state"]._description_selection(self.env)
        )
        return [
            {
                "id": card.id,
                "masked": card.masked,
                "state": card.state,
                "state_name": states[card.state],
                "may_skip_pin": self._member_may_skip_pin(card),
            }
            for card in partner.member_card_ids
            if card._can_become("replaced")
        ]

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
        if locked_until := partner.member_pin_locked_until:
            local = fields.Datetime.context_timestamp(self, locked_until)
            warnings.append(
                self.env._(
                    "PIN locked until %(time)s after wrong tries. A supervisor can "
                    "unlock it.",
                    time=local.strftime("%H:%M"),
                )
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
