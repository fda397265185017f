import re
import unicodedata

from stdnum.cn import ric
from stdnum.exceptions import InvalidComponent

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context

from .. import secret

MIN_LENGTH = 6
MAX_LENGTH = 24
SHOWN = 4
"""How many characters of a document's number are kept readable, the last ones."""


class MemberIdentity(models.Model):
    """The identity document by which a member can be found.

    Kept are a keyed hash of the number, which only finds, and its last four characters,
    which tell people which document it was. The number itself is not stored.
    """

    _name = "member.identity"
    _description = "Identity Document"
    _order = "partner_id, id"
    _rec_name = "masked"

    partner_id = fields.Many2one(
        "res.partner",
        "Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("resident", "Resident Identity Card"),
            ("passport", "Passport"),
            ("permit", "Travel Permit"),
            ("other", "Other Document"),
        ],
        required=True,
        readonly=True,
        default="resident",
    )
    number_hash = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    last_digits = fields.Char("Ends With", required=True, readonly=True)
    masked = fields.Char("Document Number", compute="_compute_masked")

    _number_unique = models.Constraint(
        "UNIQUE (company_id, number_hash)",
        "Another member has this identity document.",
    )

    # === COMPUTE === #

    @api.depends("last_digits")
    def _compute_masked(self):
        for identity in self:
            identity.masked = identity.last_digits and f"•••• {identity.last_digits}"

    # === ACTIONS === #

    def action_remove(self):
        """Forget these documents: their members are not found by them any more."""
        self.env.user._member_require("edit")
        # sudo: documents are written by these verbs only
        for identity in self.sudo():
            self.env["member.operator.log"]._log(
                "identity_remove",
                partner=identity.partner_id,
                detail=identity.masked,
            )
        self.sudo().unlink()

    # === BUSINESS === #

    @api.model
    def _set(self, partner, kind, number):
        """Let `partner` be found by this document.

        The first one takes the right to register members, another the right to edit.

        :raise UserError: no member, a number that cannot be one, or another member's.
        :return: the document; the same again when the member has it already.
        """
        # sudo: documents are written by these verbs only
        identities = self.browse().with_context(clean_context(self.env.context)).sudo()
        partner = partner.sudo()
        has_any = identities.search_count([("partner_id", "=", partner.id)], limit=1)
        self.env.user._member_require("edit" if has_any else "register")
        if not partner.is_member:
            raise UserError(self.env._("Only members have an identity document here."))
        number = self._check_number(kind, number)
        root = partner.member_company_id
        known = identities._find(number, root)
        if known.partner_id == partner:
            return known.sudo(False)
        if known:
            raise UserError(
                self.env._(
                    "This document belongs to member %(number)s already. Look that "
                    "member up instead.",
                    number=known.partner_id.member_number,
                )
            )
        identity = identities.create(
            {
                "partner_id": partner.id,
                "company_id": root.id,
                "kind": kind,
                "number_hash": self._hash_number(number),
                "last_digits": number[-SHOWN:],
            }
        )
        self.env["member.operator.log"]._log(
            "identity_set", partner=partner, detail=identity.masked
        )
        return identity.sudo(False)

    @api.model
    def _find(self, text, root):
        """Return the document with this number, of whatever kind, empty if none.

        :param root: the legal entity whose members are searched.
        """
        number = self._clean_number(text)
        if not self._is_possible(number):
            return self.browse()
        return self.search(
            [
                ("number_hash", "=", self._hash_number(number)),
                ("company_id", "=", root.id),
            ]
        )

    @api.model
    def _check_number(self, kind, number):
        """Return the number as it is hashed.

        The check digit of a resident identity card is that of GB 11643-1999.

        :raise UserError: no document of this kind can have it.
        """
        number = self._clean_number(number)
        if not self._is_possible(number) or (
            kind == "resident" and not self._is_resident_number(number)
        ):
            raise UserError(
                self.env._(
                    "This cannot be the number of such a document. Check every digit, "
                    "or choose the right kind of document."
                )
            )
        return number

    @api.model
    def _is_resident_number(self, number):
        """Tell whether this has the date of birth and the check digit of such a card.

        Not whether the place of birth exists: its list grows with every county.
        """
        if not re.fullmatch(r"\d{17}[\dX]", number):
            return False
        try:
            ric.get_birth_date(number)
        except InvalidComponent:
            return False
        return ric.calc_check_digit(number) == number[-1]

    @api.model
    def _clean_number(self, text):
        """Write a number as it is hashed: capitals and digits, nothing between."""
        text = unicodedata.normalize("NFKC", text or "")
        return re.sub(r"[\s().·-]", "", text).upper()

    @api.model
    def _is_possible(self, number):
        """Tell whether a document can have this number: enough letters and digits."""
        return (
            MIN_LENGTH <= len(number) <= MAX_LENGTH
            and number.isascii()
            and number.isalnum()
            and any(character.isdigit() for character in number)
        )

    @api.model
    def _hash_number(self, number):
        return secret.keyed_hash(self.env, "identity", number)
