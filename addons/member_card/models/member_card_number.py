import re
import secrets

from stdnum import luhn

from odoo import api, models
from odoo.exceptions import UserError, ValidationError

NUMBER_LENGTH = 16
MIN_LENGTH = 10
MAX_LENGTH = 19
PRODUCT_CODE_LENGTHS = (8, 12, 13, 14)
"""Digits of EAN-8, UPC-A, EAN-13 and GTIN-14: a till would look for a product."""
MAX_DRAWS = 20


class MemberCard(models.Model):
    """The number on a card: what may be one, and how a new one is drawn."""

    _inherit = "member.card"

    @api.constrains("number")
    def _check_numbers(self):
        for card in self:
            self._check_number(card.number)

    @api.model
    def _clean_number(self, text):
        """Digits of a number as people type it, with blanks or hyphens."""
        return re.sub(r"[\s-]", "", text or "")

    @api.model
    def _check_number(self, number):
        """Refuse what cannot be a card number, saying why.

        :raise ValidationError: not digits, wrong length, wrong check digit.
        """
        if not number.isascii() or not number.isdigit():
            raise ValidationError(
                self.env._(
                    "A card number has digits only. Check %(text)s.", text=number
                )
            )
        if (
            not MIN_LENGTH <= len(number) <= MAX_LENGTH
            or len(number) in PRODUCT_CODE_LENGTHS
        ):
            raise ValidationError(
                self.env._(
                    "A card number of %(length)s digits cannot be told from a "
                    "product's barcode or is too short or too long. Use %(usual)s "
                    "digits.",
                    length=len(number),
                    usual=NUMBER_LENGTH,
                )
            )
        if not luhn.is_valid(number):
            raise ValidationError(
                self.env._(
                    "The check digit of %(number)s is wrong. Type or scan it again.",
                    number=number,
                )
            )

    @api.model
    def _generate_number(self, company):
        """Draw a free number: the company's prefix, random digits, a check digit.

        Random, because a serial number would let anybody guess the next card.
        """
        prefix = company._member_root().member_card_prefix or ""
        body = NUMBER_LENGTH - len(prefix) - 1
        for _draw in range(MAX_DRAWS):
            digits = f"{prefix}{secrets.randbelow(10**body):0{body}d}"
            number = digits + luhn.calc_check_digit(digits)
            # sudo: numbers are unique over all companies
            if not self.sudo().search_count([("number", "=", number)], limit=1):
                return number
        raise UserError(
            self.env._(
                "No free card number was found with the prefix %(prefix)s. Choose a "
                "shorter prefix in the settings.",
                prefix=prefix,
            )
        )

    @api.model
    def _usual_length(self):
        return NUMBER_LENGTH
