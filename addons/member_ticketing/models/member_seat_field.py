from odoo import fields


class SeatReference(fields.Many2one):
    """A reference without a foreign key.

    Counters and holds are written in transactions of their own, which cannot see a
    performance that the caller has just made; and a lock on its row would make sellers
    wait for who edits it.
    """

    def update_db_foreign_key(self, model, column):
        """Make none."""
