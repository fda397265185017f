"""What every verb of the till shares: who may call it, and refusals as data.

A till that is told "no" must go on selling, so a verb never raises for a reason a
cashier can meet. It answers `{"status": code, "message": sentence, …}`; `status` is
"ok" when it was done. The sentence is in the caller's language and says what next.
"""

import inspect
from contextlib import contextmanager, nullcontext
from datetime import datetime
from decimal import Decimal
from functools import partial, wraps

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.modules import Manifest

from .refusals import MemberRefusal
from .storable import storable

VERSION = Manifest.for_addon("member_card").version
"""Of the code that this process runs; a page says which it was opened with."""

ATTEMPTS = frozenset(
    {
        "bad_request",
        "forbidden",
        "invalid_amount",
        "key_reused",
        "other_company",
        "own_card",
        "too_many",
    }
)
"""Refusals that no page of ours brings about by itself: the operator log keeps them."""

DETAILS = (
    "available",
    "room",
    "attempts_left",
    "locked_until",
    "expires_at",
    "fields",
)
"""What a refusal may carry beside its sentence: figures, or a sentence per field."""


class TillRefusal(MemberRefusal):
    """A verb of the till is refused for the reason `code`; nothing was done.

    Codes: forbidden, no_session, outdated, bad_request, not_found, not_member,
    other_company, own_card, frozen, cancelled, invalid_amount, no_money, no_wallet,
    claimed, nothing_left, unsettled, no_method,
    invalid (with `fields`), bad_card, approval_needed, pin_needed.
    """

    def __init__(self, code, message, fields=None):
        super().__init__(code, message)
        self.fields = fields


@contextmanager
def refusing(code):
    """Turn what the backend's verbs raise into a refusal that a till understands."""
    try:
        yield
    except AccessError as error:
        raise TillRefusal("forbidden", str(error)) from error
    except UserError as error:
        if hasattr(error, "code"):
            raise
        raise TillRefusal(code, str(error)) from error


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


def till_verb(method=None, *, around=nullcontext):
    """Let `pos.config` answer a till: check the caller, then run, refusing as data.

    Both happen inside `around`, a context manager that is given the environment.

    Texts are freed of what the database cannot keep.

    Only errors with a `code` are refusals; everything else is a fault and stays one. A
    page that was opened before an update may call with other arguments than the verb
    has now: that is a refusal, too.
    """
    if method is None:
        return partial(till_verb, around=around)
    signature = inspect.signature(method)

    @wraps(method)
    def verb(config, *args, **kwargs):
        try:
            with around(config.env):
                if len(config) != 1:
                    raise TillRefusal("bad_request", config.env._("This is no till."))
                config._member_check_till()
                _check_version(config)
                try:
                    signature.bind(config, *args, **kwargs)
                except TypeError as error:
                    raise _outdated(config) from error
                return method(config, *storable(args), **storable(kwargs))
        except UserError as error:
            if not hasattr(error, "code"):
                raise
            if error.code in ATTEMPTS:
                config.env["member.operator.log"]._log_attempt(
                    error, till=config[:1], reference=method.__name__
                )
            return refusal(error)

    return verb


def _check_version(config) -> None:
    """Refuse a page of another version; a call that names none is let through."""
    if config.env.context.get("member_version", VERSION) != VERSION:
        raise _outdated(config)


def _outdated(config) -> TillRefusal:
    return TillRefusal(
        "outdated",
        config.env._(
            "The till was updated while this page was open. Reload the page: the order "
            "is kept."
        ),
    )
