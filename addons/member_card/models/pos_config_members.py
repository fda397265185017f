from odoo import models
from odoo.exceptions import UserError

from ..till import TillRefusal, refusing, till_verb

NAME_LENGTH = 128
TILL_RIGHTS = (
    "register",
    "edit",
    "card_issue",
    "card_freeze",
    "card_replace",
    "topup",
)
"""Rights whose buttons a till shows or hides; its verbs ask for them again."""


class PosConfig(models.Model):
    """The till's verbs with which somebody becomes a member."""

    _inherit = "pos.config"

    @till_verb
    def member_known(self, phone):
        """Who has this phone already: members first, then other contacts.

        :return: `matches`, each with `is_member`, and their `records` by model.
        """
        self._member_require("register")
        phone = str(phone or "").strip()
        if not phone:
            return {"status": "ok", "matches": [], "records": {}}
        partners = self.env["res.partner"]
        partners._member_read_phone(phone, self.company_id._member_root().country_id)
        # sudo: as in the look-up, a cashier sees the public line of a member
        known = partners.sudo()._member_known_by_phone(phone, self.company_id)
        return {
            "status": "ok",
            "matches": [
                {**self._member_match(partner), "is_member": partner.is_member}
                for partner in known
            ],
            "records": self._member_records(partners.browse(known.ids)),
        }

    @till_verb
    def member_join(self, values, request_key):
        """Make a member of a new or an existing contact, with card and PIN if given.

        `values`: name, phone, class_id, card_number, pin, topup (an amount of the
        till's currency that is topped up next) and partner_id of a contact who is
        known already; all may be missing but the name. All is done or nothing; a wrong
        field is refused as "invalid" with a sentence per field in `fields`.

        Asked again with the same `request_key`, it answers with the same member.

        :return: as the look-up does, with one match.
        """
        self._member_require("register")
        key = str(self._member_request_key(request_key))
        requests = self.env["member.till.request"]
        if done := requests._done(key):
            return self._member_joined(done.partner_id, done.card_id)
        given = self._member_join_given(values if isinstance(values, dict) else {})
        # what passed the checks above and is refused now is undone whole
        with refusing("invalid"), self.env.cr.savepoint():
            done = requests._claim(key)
            done.partner_id = self._member_join(given)
            partner = self.env["res.partner"].browse(done.partner_id.id)
            if given["card_number"]:
                done.card_id = self.env["member.card"]._issue(
                    partner, given["card_number"], till=self
                )
            if given["pin"]:
                self.env["member.pin"]._set(partner, given["pin"], till=self)
        return self._member_joined(done.partner_id, done.card_id)

    # === READING WHAT WAS TYPED === #

    def _member_join_given(self, values):
        """Check every field and return them as they are stored.

        :raise TillRefusal: invalid, with a sentence for each field that is wrong.
        """
        readers = {
            "name": self._member_join_name,
            "phone": self._member_join_phone,
            "class_id": self._member_join_class,
            "card_number": self._member_join_card,
            "pin": self._member_join_pin,
            "topup": self._member_join_topup,
        }
        given, wrong = {"partner": self._member_join_contact(values)}, {}
        for name, reader in readers.items():
            try:
                given[name] = reader(values.get(name), given)
            except UserError as error:
                wrong[name] = str(error)
        if wrong:
            raise TillRefusal("invalid", next(iter(wrong.values())), wrong)
        return given

    def _member_join_contact(self, values):
        """Return the contact who is known already, or an empty record."""
        partner = self.env["res.partner"]
        if not (partner_id := values.get("partner_id")):
            return partner
        if isinstance(partner_id, int):
            partner = partner.search([("id", "=", partner_id)])
        with refusing("invalid"):
            if not partner:
                raise UserError(
                    self.env._(
                        "This contact cannot be found. Type the name and the phone."
                    )
                )
            partner.sudo()._check_can_join(self.company_id._member_root())
        return partner

    def _member_join_name(self, name, given):
        name = " ".join(str(name or given["partner"].name or "").split())
        if not name:
            raise UserError(self.env._("Type the member's name."))
        return name[:NAME_LENGTH]

    def _member_join_phone(self, phone, given):
        phone = str(phone or "").strip()
        root = self.company_id._member_root()
        country = given["partner"].country_id or root.country_id
        return phone and self.env["res.partner"]._member_read_phone(phone, country)

    def _member_join_class(self, class_id, _given):
        classes = self._member_classes()
        if not class_id:
            return classes & self.company_id._member_default_class()
        chosen = classes.filtered(lambda member_class: member_class.id == class_id)
        if not chosen:
            raise UserError(
                self.env._("This class is not used here any more. Choose another one.")
            )
        return chosen

    def _member_join_card(self, number, _given):
        cards = self.env["member.card"]
        if not (number := cards._clean_number(str(number or ""))):
            return ""
        self.env.user._member_require("card_issue")
        # sudo: numbers are unique over all companies and members
        cards.sudo()._find_issuable(number, self.company_id._member_root())
        return number

    def _member_join_pin(self, pin, _given):
        if pin:
            self.env["member.pin"]._check_new(pin)
        return pin or ""

    def _member_join_topup(self, amount, given):
        if not amount:
            return None
        self.env.user._member_require("topup")
        amount = self._member_amount(amount)
        if member_class := given.get("class_id"):
            self._member_check_holds_money(member_class)
            root = self.company_id._member_root()
            cap = member_class.topup_cap or root.member_cap_named
            if cap and amount > cap:
                raise UserError(
                    self.env._(
                        "The cap is %(cap)s: top up at most that much.",
                        cap=self.currency_id.format(cap),
                    )
                )
        return amount

    # === JOINING === #

    def _member_join(self, given):
        """Create the contact or complete the one there is; make it a member."""
        # sudo: cashiers register people and cannot edit contacts otherwise
        partner = given["partner"].sudo()
        contact = {"name": given["name"], "phone": given["phone"]}
        if partner:
            partner.write({k: v for k, v in contact.items() if v and not partner[k]})
        else:
            partner = partner.create(contact)
        partner.sudo(False)._member_register(
            {
                "member_class_id": given["class_id"].id,
                "member_store_id": self.member_store_id.id,
                "member_company_id": self.company_id.id,
            }
        )
        return partner

    def _member_joined(self, partner, card):
        return {
            "status": "ok",
            "matches": [self._member_match(partner, card)],
            "records": self._member_records(
                self.env["res.partner"].browse(partner.ids)
            ),
        }

    # === WHAT THE TILL OFFERS === #

    def _member_classes(self):
        """Return the classes that somebody may join here, the usual ones first."""
        # sudo: the classes belong to the head office
        return (
            self.env["member.class"]
            .sudo()
            .search([("company_id", "in", (False, self.company_id._member_root().id))])
        )

    def _member_offers(self):
        """What the till's screens offer to this user; its verbs check again."""
        default = self.company_id._member_default_class()
        return {
            "rights": [right for right in TILL_RIGHTS if self._member_may(right)],
            "classes": [
                {
                    "id": member_class.id,
                    "name": member_class.name,
                    "color": member_class.color,
                    "holds_money": member_class.can_hold_money,
                    "is_default": member_class == default,
                }
                for member_class in self._member_classes()
            ],
        }
