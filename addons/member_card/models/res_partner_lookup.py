import re
import unicodedata

from stdnum import luhn

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.phone_validation.tools import phone_validation

from ..refusals import LookupFailure, MemberRefusal

UID = re.compile(r"[0-9A-F]{8}(?:[0-9A-F]{2}){0,12}")
"""A chip's UID as readers type it: 4 to 16 bytes in hexadecimal, 7 as a rule."""
MIN_PHONE_DIGITS = 5
MAX_DUPLICATES = 10


class ResPartner(models.Model):
    """The one look-up of members, used by till, backend, box office and website."""

    _inherit = "res.partner"

    @api.model
    def _member_lookup(self, query, company, limit=10):
        """Find members by whatever somebody scans or types.

        Exact kinds first, each one index look-up, the first that finds anybody wins:
        card number, chip UID, member number, identity document, phone; then a part of
        the name. Members who cancelled are not found.

        :param company: any company; its root is the one searched.
        :return: list of (partner, how, card) with `how` one of card, uid, number,
            identity, phone, name; the card is empty unless it was what was read. The
            caller shows public fields only.
        :raise LookupFailure: a card was recognised and may not be used.
        """
        text = " ".join(unicodedata.normalize("NFKC", query or "").split())
        if not text:
            return []
        root = company._member_root()
        # sudo: the look-up decides what it reveals, not the rights of who asks
        lookup = self.sudo().with_context(active_test=True)
        if card_match := lookup._lookup_card(text, root):
            how, card = card_match
            return [(self.browse(card.partner_id.id), how, card)]
        for how, find in (
            ("number", lookup._lookup_number),
            ("identity", lookup._lookup_identity),
            ("phone", lookup._lookup_phone),
            ("name", lookup._lookup_name),
        ):
            if members := find(text, root, limit):
                no_card = self.env["member.card"].sudo()
                return [(self.browse(m.id), how, no_card) for m in members]
        return []

    def _lookup_card(self, text, root):
        """(how, card) of a number or UID that is usable, None when it is neither."""
        cards = self.env["member.card"]
        number = cards._clean_number(text)
        how = "card"
        card = number.isdigit() and cards.search([("number", "=", number)])
        uid = re.sub(r"[\s:-]", "", text).upper()
        if not card and UID.fullmatch(uid):
            how = "uid"
            card = cards.search([("uid_hash", "=", cards._hash_uid(uid))])
        if not card:
            self._refuse_mistyped(number, root)
            return None
        if card.company_id != root:
            raise LookupFailure(
                "other_company",
                self.env._(
                    "This card belongs to another company and is not valid here."
                ),
            )
        card._assert_usable()
        return how, card

    def _refuse_mistyped(self, number, root):
        """Refuse a number that begins like our cards and fails its check digit."""
        prefix = root.member_card_prefix
        usual = self.env["member.card"]._usual_length()
        if (
            prefix
            and len(number) == usual
            and number.isdigit()
            and number.startswith(prefix)
            and not luhn.is_valid(number)
        ):
            raise LookupFailure(
                "wrong_check_digit",
                self.env._("This card number is mistyped. Scan or type it again."),
            )

    def _lookup_domain(self, root):
        return [
            ("is_member", "=", True),
            ("member_company_id", "=", root.id),
            ("member_state", "!=", "cancelled"),
        ]

    def _lookup_number(self, text, root, limit):
        return self.search(
            [("member_number", "=", text.upper()), *self._lookup_domain(root)],
            limit=limit,
        )

    def _lookup_identity(self, text, root, limit):
        holder = self.env["member.identity"]._find(text, root).partner_id
        return holder.filtered("active").filtered_domain(self._lookup_domain(root))

    def _lookup_phone(self, text, root, limit):
        if sum(character.isdigit() for character in text) < MIN_PHONE_DIGITS:
            return self.browse()
        phone = self._member_normalise_phone(text, root.country_id)
        return self.search(
            [("member_phone", "=", phone), *self._lookup_domain(root)],
            limit=limit,
            order="name, id",
        )

    def _lookup_name(self, text, root, limit):
        return self.search(
            [("name", "ilike", text), *self._lookup_domain(root)],
            limit=limit,
            order="name, id",
        )

    @api.model
    def _member_known_by_phone(self, phone, company):
        """Members and other contacts of the company who have this phone already."""
        root = company._member_root()
        phone = self._member_normalise_phone(phone, root.country_id)
        return self.search(
            [
                "|",
                *("&", ("member_phone", "=", phone)),
                ("member_company_id", "=", root.id),
                *("&", ("phone_sanitized", "=", phone)),
                ("company_id", "in", (False, root.id, company.id)),
            ],
            order="is_member desc, name, id",
            limit=MAX_DUPLICATES,
        )

    @api.model
    def _member_read_phone(self, text, country):
        """Write a phone number the way the whole world does.

        :raise MemberRefusal: bad_phone, when no such number can exist in `country`.
        """
        text = " ".join(unicodedata.normalize("NFKC", text).split())
        try:
            return phone_validation.phone_format(
                text,
                country.code or None,
                country.phone_code or None,
                force_format="INTERNATIONAL",
            )
        except UserError as error:
            raise MemberRefusal(
                "bad_phone",
                self.env._(
                    "“%(phone)s” cannot be a phone number. Check the digits, begin "
                    "with + and the country code, or leave it empty.",
                    phone=text,
                ),
            ) from error

    @api.model
    def _member_normalise_phone(self, phone, country):
        """E.164 where the number makes sense in `country`, else its bare digits."""
        formatted = phone_validation.phone_format(
            phone,
            country.code or None,
            country.phone_code or None,
            force_format="E164",
            raise_exception=False,
        )
        return "".join(c for c in formatted if c.isdigit() or c == "+")
