"""Refusals that a person with a card reader or a printer meets."""

from functools import wraps

from odoo.exceptions import AccessError, UserError

from odoo.addons.member_card.refusals import MemberRefusal
from odoo.addons.member_card.storable import storable
from odoo.addons.member_card.till import refusal

FORGED = frozenset({"forged", "replayed", "stale", "tampered", "card_copied"})
"""Refusals of what no agent made, or made for another moment: they are logged."""


class HardwareRefusal(MemberRefusal):
    """Something about a paired computer, its devices or a reading stands in the way.

    Codes: forbidden, bad_request, no_agent, revoked, other_company, wrong_origin,
    bad_code, expired, tampered, forged, stale, replayed, unknown_chip, card_copied,
    busy.
    """


def hw_verb(method):
    """Answer the backend as a till is answered: refusals are data.

    So what a refusal leaves behind stays, such as that a reading was used. Texts are
    freed of what the database cannot keep.
    """

    @wraps(method)
    def verb(records, *args, **kwargs):
        try:
            return method(records, *storable(args), **storable(kwargs))
        except AccessError as error:
            return {"status": "forbidden", "message": str(error)}
        except UserError as error:
            if not hasattr(error, "code"):
                raise
            return refusal(error)

    return verb
