"""Refusals that a person at a till or a desk meets when a card or a PIN is no good.

Each has a stable `code` and a sentence that tells what to do next. Callers that answer
with data (the till) send both; everybody else lets the exception through.
"""

from functools import wraps

from odoo.exceptions import UserError

SHOWN_AS_WARNING = {"exception_class": "odoo.exceptions.UserError"}
"""As `context` of an error: the web client shows its sentence.

It knows the names of Odoo's own errors only; of any other it says "Oops!".
"""


class MemberRefusal(UserError):
    """Something about a member, a card or a PIN stands in the way.

    `member` is whom it is about, for the operator log; None where the caller knows.
    """

    context = SHOWN_AS_WARNING

    def __init__(self, code, message, *, member=None):
        super().__init__(message)
        self.code = code
        self.member = member


class LookupFailure(MemberRefusal):
    """A card was recognised and may not be used.

    Codes: lost, frozen, replaced, cancelled, expired, not_issued, wrong_check_digit,
    other_company.
    """


class PinError(MemberRefusal):
    """A PIN was not accepted.

    Codes: wrong_pin, locked, no_pin, bad_format, trivial, too_many.
    `attempts_left` is None where it makes no sense; `locked_until` is a naive UTC
    datetime, or None.
    """

    def __init__(self, code, message, *, attempts_left=None, locked_until=None):
        super().__init__(code, message)
        self.attempts_left = attempts_left
        self.locked_until = locked_until


def attempts_logged(method):
    """Keep in the operator log who was refused by this rule, and with what words.

    For rules that no screen of ours breaks: what they refuse was tried on purpose.
    """

    @wraps(method)
    def rule(records, *args, **kwargs):
        try:
            return method(records, *args, **kwargs)
        except UserError as error:
            records.env["member.operator.log"]._log_attempt(
                error, **records._member_attempt()
            )
            raise

    return rule
