"""What the books of a shop say: the journal items of a closing, and reconciliation."""

from tests.support.shell import run_in_odoo

ITEMS = """
    SELECT item.account_id, item.partner_id, item.debit, item.credit
      FROM account_move_line item
     WHERE item.move_id IN (
        SELECT move_id FROM pos_session WHERE id = %s
         UNION SELECT move_id FROM account_bank_statement_line
                WHERE pos_session_id = %s)
       AND item.parent_state = 'posted'
"""

RECONCILE = """
    found = env.company._member_reconcile()
    result = {
        "exceptions": [
            (group["kind"], group["count"]) for group in found["exceptions"]
        ],
        "members": {
            str(member["partner_id"]): member["difference"]
            for member in found["members"]
        },
        "totals": found["totals"],
    }
"""


def journal_items(till, session):
    """Return {(account, partner, debit, credit)} of all that a closing has booked."""
    shop = till.shop
    names = {number: name for name, number in shop.ids["accounts"].items()}
    names[
        shop.value(
            """SELECT journal.default_account_id FROM account_journal journal
                 JOIN pos_payment_method method ON method.journal_id = journal.id
                WHERE method.id = %s""",
            till.ids["cash"],
        )
    ] = "cash"
    items = [
        (names.get(account, account), partner, float(debit), float(credit))
        for account, partner, debit, credit in shop.query(ITEMS, session, session)
    ]
    assert len(items) == len(set(items)), items
    return set(items)


def assert_reconciled(shop, members):
    """Assert that ledger and books agree: nothing to explain, no difference."""
    reconciled = run_in_odoo(shop.database, RECONCILE)
    assert reconciled["exceptions"] == []
    assert [reconciled["members"][str(member)] for member in members] == [
        0 for _member in members
    ]
    assert reconciled["totals"]["difference"] == 0
