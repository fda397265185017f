from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_HOURS = 24
MAX_KEY = 64


class MemberTicketForm(models.Model):
    """A form of attendees that was sent: the same one orders nothing twice.

    Each form that the website makes has a key. The unique key decides between two that
    arrive at the same moment: the later one waits for the first, then goes where that
    one went.
    """

    _name = "member.ticket.form"
    _description = "Ticket Form"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    location = fields.Char(readonly=True, help="Where the shopper was sent next.")
    sent_at = fields.Datetime(required=True, readonly=True, index=True)

    _key_unique = models.Constraint("UNIQUE (key)", "This form was sent already.")

    @api.model
    def _send(self, key):
        """Return an empty form when `key` is sent for the first time, else the first.

        One of another transaction that is not over is waited for.
        """
        key = key[:MAX_KEY]
        self.env.cr.execute(
            SQL(
                "INSERT INTO member_ticket_form (key, sent_at) VALUES (%s, %s)"
                " ON CONFLICT (key) DO NOTHING RETURNING id",
                key,
                fields.Datetime.now(),
            ),
            # not an error: the request is tried again, and finds the first one
            log_exceptions=False,
        )
        if self.env.cr.fetchone():
            return self.browse()
        return self.search([("key", "=", key)])

    @api.model
    def _lead_to(self, key, location):
        """Note where the form led; it may be sent again where it led to nothing."""
        form = self.search([("key", "=", key[:MAX_KEY])])
        if location:
            form.location = location
        else:
            form.unlink()

    @api.autovacuum
    def _gc_forms(self):
        old = fields.Datetime.now() - timedelta(hours=KEEP_HOURS)
        self.search([("sent_at", "<", old)]).unlink()
