"""The job that expires lots meets itself, and tills that pay meanwhile."""

from tests.support.shell import run_in_odoo
from tests.support.shop import ledger_problems

MEMBERS = 24
DUE, GOOD = 10, 5

GIVE = """
    from datetime import timedelta
    from odoo import fields
    from odoo.addons.member_card import ledger

    now = fields.Datetime.now()
    ledger.post(env, [
        ledger.Intent(
            partner_id=member, asset_id=asset, amount=amount, kind="opening",
            request_key=f"{when}:{member}", expires_at=now + timedelta(days=when),
        )
        for member in members
        for when, amount in ((1, due), (9, good))
    ])
    env.cr.commit()
    ledger.recover(env)
    with env.registry.cursor() as cr:
        for table, column in (
            ("member_lot", "expires_at"), ("member_balance", "next_expiry_at")
        ):
            cr.execute(f"UPDATE {table} SET {column} = {column} - interval '2 days'")
"""

RACE = """
    from odoo import api
    from odoo.addons.member_card import ledger
    from odoo.addons.member_card.errors import LedgerError
    from odoo.addons.member_card.ledger import expiry
    from tests.support.parallel import at_once

    expiry.BATCH = 1  # as many transactions as there are members

    def job():
        with env.registry.cursor() as cr:
            return ledger.expire_lots(api.Environment(cr, env.uid, {}))

    def pay():
        held = 0
        with env.registry.cursor() as cr:
            own = api.Environment(cr, env.uid, {})
            for member in reversed(members):
                for amount in (due, good):
                    key = f"pay:{member}:{amount}"
                    try:
                        ledger.hold(own, [(member, asset, amount, key)], key)
                        held += amount
                    except LedgerError as error:
                        assert error.code == "insufficient", error
        return held

    answers = at_once(job, job, pay)
    for answer in answers:
        if isinstance(answer, Exception):
            raise answer
    *expired, held = answers
    # what was in use is the next run's
    result = [sum(expired) + ledger.expire_lots(env), held]
"""


def test_each_due_lot_expires_once(shop):
    """Two jobs and a till: each due lot goes once, and nobody pays with one."""
    asset = shop.ids["assets"]["bonus"]
    members = shop.newcomers(MEMBERS)
    figures = {"members": members, "asset": asset, "due": DUE, "good": GOOD}
    run_in_odoo(shop.database, GIVE, **figures)

    expired, held = run_in_odoo(shop.database, RACE, **figures)

    # a till that finds too little expires what is due by itself
    assert 0 < expired <= MEMBERS
    assert held == MEMBERS * GOOD
    rows = shop.query(
        """SELECT b.amount, b.held, sum(e.amount) FILTER (WHERE e.kind = 'expire')
             FROM member_balance b JOIN member_entry e ON e.balance_id = b.id
            WHERE b.asset_id = %s AND b.partner_id = ANY(%s) GROUP BY b.id""",
        asset,
        members,
    )
    assert rows == [(GOOD, GOOD, -DUE)] * MEMBERS
    assert ledger_problems(shop.database) == []
