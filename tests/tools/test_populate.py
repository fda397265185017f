"""`make populate` writes what the ledger itself would have written."""

from tests.support import database
from tests.support.shell import run_in_odoo

MEMBERS, ENTRIES = 30, 4

POPULATE = """
    from tools.populate_data import populate
    populate(env, members, entries)
    env.cr.commit()
    of_points = [("balance_id.asset_id.kind", "=", "points")]
    result = env["member.entry"].search_count(of_points)
"""

VERIFY = """
    from odoo.addons.member_card import ledger
    result = [str(problem) for problem in ledger.verify(env)]
"""


def test_populated_points_pass_the_ledgers_check():
    """Balances, lots and the chain of what COPY has written hold together."""
    with database.throwaway() as name:
        written = run_in_odoo(name, POPULATE, members=MEMBERS, entries=ENTRIES)

        assert written == MEMBERS * ENTRIES
        assert run_in_odoo(name, VERIFY) == []
