from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_DAYS = 30


class MemberTillRequest(models.Model):
    """What a till asked for under a key of its own, so that it is done once.

    A till that lost the answer asks again with the same key and hears what was done.
    """

    _name = "member.till.request"
    _description = "Request of a Till"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade")
    card_id = fields.Many2one("member.card", readonly=True, ondelete="cascade")
    at = fields.Datetime(required=True, readonly=True, index=True)

    _key_unique = models.Constraint("UNIQUE (key)", "This was asked for before.")

    @api.model
    def _done(self, key):
        """Return what was done under this key, or an empty record."""
        # sudo: nobody reads these rows; the key is known to the till that made it
        return self.sudo().search([("key", "=", key)])

    @api.model
    def _claim(self, key):
        """Take the key for this transaction.

        The same request that comes twice at once waits here for the first, fails to
        serialize and is replayed by Odoo: it then finds what was done.
        """
        [[claimed]] = self.env.execute_query(
            SQL(
                "INSERT INTO member_till_request (key, at) VALUES (%s, %s)"
                " ON CONFLICT (key) DO NOTHING RETURNING id",
                key,
                fields.Datetime.now(),
            )
        )
        return self.sudo().browse(claimed)

    @api.autovacuum
    def _gc_requests(self):
        limit = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        self.sudo().search([("at", "<", limit)]).unlink()
