"""What an approval is for, as it was asked and as it is about to be used."""

import json
from dataclasses import dataclass
from typing import Any

QUANTITY_DIGITS = 3


@dataclass(frozen=True)
class Subject:
    """What a supervisor agrees to: good for nothing else, and for no more of it.

    `key` names it by ids and must be the same when the approval is used; `quantity` may
    be less then. `text` are the server's words for it, which are kept; `more` only the
    supervisor reads, `partner` is the customer concerned.
    """

    key: dict
    quantity: float = 0.0
    text: str = ""
    more: str = ""
    partner: Any = None

    @property
    def fingerprint(self) -> str:
        """Return the key as text that is equal for equal keys."""
        return json.dumps(self.key, sort_keys=True)


def of_member(partner) -> Subject:
    """Name one member."""
    return Subject({"member": partner.id}, partner=partner)


def of_line(product, quantity) -> Subject:
    """Name so many units of a product, or fewer."""
    return Subject({"product": product.id}, round(abs(quantity), QUANTITY_DIGITS))


def of_goods(partner, goods) -> Subject:
    """Name a customer and just these lines of an order.

    :param goods: `(product_id, quantity, id of the sold line that it refunds or 0)`
    """
    lines = sorted(
        [product_id, round(float(quantity), QUANTITY_DIGITS), origin_id or 0]
        for product_id, quantity, origin_id in goods
    )
    return Subject({"customer": partner.id or 0, "goods": lines}, partner=partner)
