"""Let two refunds of one order be paid at the same moment.

What is left is core's own way: look at what was refunded, then refund. The test that
finds no refund paid twice must find some here.
"""

from odoo.addons.member_card.models import pos_order_refund


def _hesitate(orders):
    """Lock nothing, and let the other till begin before this one is done."""
    orders.env.cr.execute("SELECT pg_sleep(0.1)")


pos_order_refund.PosOrder._member_lock_refunds = _hesitate
