"""What every verb of the till shares: who may call it, and refusals as data.

A till that is told "no" must go on selling, so a verb never raises for a reason a
cashier can meet. It answers `{"status": code, "message": sentence, …}`; `status` is
"ok" when it was done. The sentence is in the caller's language and says what next.
"""

from datetime import datetime
from decimal import Decimal
from functools import wraps

from odoo import fields
from odoo.exceptions import UserError

from .refusals import MemberRefusal

DETAILS = ("available", "room", "attempts_left", "locked_until", "expires_at")
"""Figures that a refusal may carry beside its sentence."""


class TillRefusal(MemberRefusal):
    """A verb of the till is refused for the reason `code`; nothing was done.

    Codes: forbidden, no_session, bad_request, not_found, not_member, other_company,
    frozen, cancelled, invalid_amount, no_money, claimed.
    """


def to_json(value):
    """Turn a figure of the ledger into what JSON can carry."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return fields.Datetime.to_string(value)
    return value


def refusal(error) -> dict:
    """Answer with the code, the sentence and the figures of `error`."""
    figures = {name: getattr(error, name, None) for name in DETAILS}
    return {
        "status": error.code,
        "message": str(error),
        **{
            name: to_json(value) for name, value in figures.items() if value is not None
        },
    }


def till_verb(method):
    """Let `pos.config` answer a till: check the caller, then run, refusing as data.

    Only errors with a `code` are refusals; everything else is a fault and stays one.
    """

    @wraps(method)
    def verb(config, *args, **kwargs):
        try:
            config._member_check_till()
            return method(config, *args, **kwargs)
        except UserError as error:
            if not hasattr(error, "code"):
                raise
            return refusal(error)

    return verb
