"""The database fails, hesitates, or is changed behind Odoo's back."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.command import odoo_command
from tests.support.locks import LIMIT, locked, waiting_backend
from tests.support.rpc import RpcError
from tests.support.shop import ledger_problems, new_key

MONEY = 100
PRICE = 30
OWN = "SELECT 1 FROM member_balance WHERE partner_id = %s FOR UPDATE"


@pytest.fixture
def member(shop):
    member = shop.members[0]["id"]
    shop.give(MONEY, ids=[member])
    return member


def test_connection_lost_during_a_hold(shop, member, server):
    """A12: nothing is held; the till is told, asks again and has it once."""
    server.allow_lines("terminat", "server closed the connection", "connection already")
    till, key = shop.till(server), new_key()
    with locked(shop, OWN, member), ThreadPoolExecutor(1) as pool:
        answer = pool.submit(till.hold, member, PRICE, key)
        shop.query("SELECT pg_terminate_backend(%s)", waiting_backend(shop))
        with pytest.raises(RpcError):
            answer.result(LIMIT)
    assert shop.figures(member) == (MONEY, 0, 0, 0)

    held = till.hold(member, PRICE, key)

    assert held["status"] == "ok"
    assert shop.figures(member) == (MONEY, PRICE, 0, 0)
    assert ledger_problems(shop.database) == []


def test_locked_balance_is_answered_as_busy(shop, member, server):
    """A balance that stays locked is a sentence to the cashier, no replayed request."""
    till, key = shop.till(server), new_key()
    with locked(shop, OWN, member):
        answer = till.hold(member, PRICE, key)
    assert answer["status"] == "busy"
    assert shop.figures(member) == (MONEY, 0, 0, 0)
    assert "tries left" not in server.log.read_text()
    assert till.hold(member, PRICE, key)["status"] == "ok"


def test_every_connection_lost_between_two_requests(shop, member, server):
    """A restart of PostgreSQL between two requests goes unnoticed at the till."""
    till = shop.till(server)
    held = till.hold(member, PRICE)
    shop.query(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    )
    assert till.pay_held(member, PRICE, held)["state"] == "paid"
    assert shop.figures(member) == (MONEY - PRICE, 0, 0, 0)
    assert ledger_problems(shop.database) == []


def test_tampered_entry_is_found(shop, member):
    """Guarantee 8: an entry and its balance changed in SQL are found by the chain."""
    clean = odoo_command(shop.database, "member_ledger", "verify")
    assert clean.returncode == 0, clean.stdout + clean.stderr
    shop.query("ALTER TABLE member_entry DISABLE TRIGGER USER")
    shop.query("UPDATE member_entry SET amount = 900, balance_after = 900")
    shop.query("UPDATE member_lot SET amount = 900, remaining = 900")
    shop.query("UPDATE member_balance SET amount = 900")

    found = odoo_command(shop.database, "member_ledger", "verify")

    balance = shop.value("SELECT id FROM member_balance WHERE partner_id = %s", member)
    assert found.returncode == 1
    assert f"balance {balance} entry 1:" in found.stdout
