"""Take the conditions out of the UPDATE that holds money.

What is left is what a wallet without the ledger would do: look at the balance first,
then take from it. The test that finds no double spending must find some here.
"""

from odoo.addons.member_card.ledger import placing

placing._HOLD_OUT = """
    UPDATE member_balance SET held = held + %(amount)s
     WHERE id = %(balance_id)s
 RETURNING amount - held AS available"""
