"""What a cashier, a portal user and the public can do with calls of their own making.

The ledger's models refuse writes, no hold is forged or captured twice through
`sync_from_ui`, PINs cannot be read, and what the server says about a member on an order
or a payment cannot be sent by a client.
"""

import pytest

from tests.support.rpc import RpcError

LEDGER_MODELS = (
    "member.balance",
    "member.entry",
    "member.hold",
    "member.lot",
    "member.posting",
)


def test_cashier_cannot_write_the_ledger(shop, server):
    """A12: create, write and unlink are refused for each of the ledger's models."""
    call = shop.till(server).client.call
    for model in LEDGER_MODELS:
        for method, arguments in (
            ("create", [{}]),
            ("write", [[1], {}]),
            ("unlink", [[1]]),
        ):
            with pytest.raises(RpcError, match="AccessError"):
                call(model, method, *arguments)
