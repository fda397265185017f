"""Take the guards away: conditions out of the UPDATE that holds money, and a lock.

What is left is what a wallet without the ledger would do: look at the balance first,
then take from it. The test that finds no double spending must find some here.
"""

from odoo.addons.member_card.ledger import placing
from odoo.addons.member_card.models import member_pinless_use


def _hesitate(look):
    """Look, and let others look as well before anything is done about it."""

    def used(uses, cr, *args):
        found = look(uses, cr, *args)
        cr.execute("SELECT pg_sleep(0.1)")
        return found

    return used


placing._HOLD_OUT = """
    UPDATE member_balance SET held = held + %(amount)s
     WHERE id = %(balance_id)s
 RETURNING amount - held AS available"""

member_pinless_use.LOCK = "SELECT pg_sleep(0), %s"
member_pinless_use.MemberPinlessUse._used = _hesitate(
    member_pinless_use.MemberPinlessUse._used
)
