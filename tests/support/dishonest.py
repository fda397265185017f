"""Calls that no page of ours makes, and what the server says to them."""

import pytest

from tests.support.rpc import RpcError
from tests.support.shop import CASHIER

ACCESS = "odoo.exceptions.AccessError"
USER = "odoo.exceptions.UserError"
INVALID = "odoo.exceptions.ValidationError"
LEDGER = "odoo.addons.member_card.errors."
NO_SESSION = "odoo.http.SessionExpiredException"

MONEY = 100
PRICE = 40
"""What a member of these tests has, and what they buy."""


def refusal(call, *arguments, **options):
    """Return (name of the exception, sentence) with which the server refuses a call."""
    with pytest.raises(RpcError) as caught:
        call(*arguments, **options)
    return caught.value.name, str(caught.value)


def wallet_order(till, partner_id, amount, key, **values):
    """Return an order that a wallet line with this key shall pay."""
    return till.order(partner_id, amount, [(till.ids["wallet"], amount, key)], **values)


def held_key(till, member, amount):
    (line,) = till.hold(member, amount)["lines"]
    return line["key"]


def assert_refused_order(shop, till, order, sentence, member, figures):
    """Send an order that must leave no trace but a line of the log about who tried."""
    name, said = refusal(till.send, order)
    assert name == USER or name.startswith(LEDGER)
    assert sentence in said
    assert not shop.query("SELECT 1 FROM pos_order WHERE uuid = %s", order["uuid"])
    assert shop.figures(member) == figures
    assert any(sentence in words for _who, words in attempts(shop, CASHIER))


def attempts(shop, login, reference=None):
    """Return [(member's id, words)] of what the operator log says this user tried."""
    return shop.query(
        """SELECT log.partner_id, log.detail FROM member_operator_log log
             JOIN res_users u ON u.id = log.user_id
            WHERE log.action = 'attempt' AND log.outcome = 'refused' AND u.login = %s
              AND (%s::varchar IS NULL OR log.reference = %s) ORDER BY log.id""",
        login,
        reference,
        reference,
    )
