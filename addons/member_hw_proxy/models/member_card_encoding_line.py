from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.member_card.ledger.cursor import ledger_cursor

from ..card_encoding import LINE_TRANSITIONS

LEASE_MINUTES = 5
"""How long a number stays with a station that says nothing more."""

CLAIM = """
    UPDATE member_card_encoding_line
       SET station = %(station)s, user_id = %(user)s, claimed_until = %(until)s
     WHERE id = (
           SELECT id FROM member_card_encoding_line
            WHERE encoding_id = %(queue)s
              AND state IN ('waiting', 'writing')
              AND (station IS NULL OR station = %(station)s OR claimed_until < %(now)s)
            ORDER BY coalesce(station = %(station)s, FALSE) DESC,
                     state = 'writing' DESC, sequence, id
            LIMIT 1
              FOR UPDATE SKIP LOCKED)
       AND state IN ('waiting', 'writing')
       AND (station IS NULL OR station = %(station)s OR claimed_until < %(now)s)
 RETURNING id"""
"""Gives a station its next number: its own of before, else one that nobody has.

For a READ COMMITTED transaction: a number that another station takes at this moment is
passed over, and the condition is asked again of the row as it is then.
"""


class MemberCardEncodingLine(models.Model):
    """One number of a queue and how far its chip is.

    `station` is the writer at which it is shown and, until `claimed_until`, no other
    writer gets it. An order may be written on one chip only: that of `uid_hash`.
    """

    _name = "member.card.encoding.line"
    _description = "Card to Encode"
    _inherit = ["member.export.mixin"]
    _order = "sequence, id"
    _rec_name = "card_id"

    encoding_id = fields.Many2one(
        "member.card.encoding",
        "Queue",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="encoding_id.company_id", store=True)
    store_id = fields.Many2one(related="encoding_id.store_id", store=True)
    sequence = fields.Integer("No.", required=True, readonly=True)
    card_id = fields.Many2one(
        "member.card", required=True, readonly=True, index=True, ondelete="restrict"
    )
    number = fields.Char(related="card_id.number")
    card_state = fields.Selection(related="card_id.state", string="Card Is")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("writing", "Being Written"),
            ("done", "Written"),
            ("failed", "Failed"),
            ("skipped", "Skipped"),
        ],
        required=True,
        readonly=True,
        default="waiting",
        copy=False,
    )
    error_code = fields.Char(readonly=True, copy=False)
    error = fields.Char("What Went Wrong", readonly=True, copy=False)
    order_count = fields.Integer(
        "Orders", readonly=True, copy=False, help="Sent for the chip of now."
    )
    station = fields.Char("Writer", readonly=True, copy=False)
    claimed_until = fields.Datetime(readonly=True, copy=False)
    user_id = fields.Many2one("res.users", "By", readonly=True, copy=False)
    done_at = fields.Datetime("Written On", readonly=True, copy=False)
    partner_id = fields.Many2one(
        "res.partner",
        "Issue To",
        readonly=True,
        ondelete="restrict",
        help="Who gets the card as soon as it is written.",
    )
    expires_on = fields.Date("Valid Until", readonly=True)
    replaces_id = fields.Many2one("member.card", readonly=True, ondelete="restrict")
    agent_id = fields.Many2one("member.hw.agent", readonly=True, copy=False)
    request_key = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    uid_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    content_sha256 = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)

    _one_open = models.UniqueIndex(
        "(card_id) WHERE state IN ('waiting', 'writing', 'failed')",
        "This card waits in another queue.",
    )
    _claim_order = models.Index(
        "(encoding_id, sequence) WHERE state IN ('waiting', 'writing')"
    )

    # === CRUD METHODS === #

    def write(self, vals):
        """Only moves of the transition table change the state, whoever asks."""
        if "state" in vals:
            for line in self:
                line._check_transition(vals["state"])
        return super().write(vals)

    def _check_transition(self, state):
        if state != self.state and state not in LINE_TRANSITIONS[self.state]:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Number %(card)s is “%(state)s” and cannot become “%(target)s”.",
                    card=self.card_id.masked,
                    state=names[self.state],
                    target=names[state],
                )
            )

    # === ACTIONS === #

    def action_retry(self):
        """Put the number back in the queue, for another chip."""
        self.encoding_id.ensure_one()._encode_retry(self)

    def action_skip(self):
        """Leave the number out; its card stays blank."""
        self.encoding_id.ensure_one()._encode_skip(self)

    # === BUSINESS METHODS === #

    @api.model
    def _claim(self, queue, station):
        """Give the station its next number, empty when there is none.

        The claim is committed at once, so that no other station waits for it.
        """
        now = fields.Datetime.now()
        with ledger_cursor(self.env) as cr:
            cr.execute(
                CLAIM,
                {
                    "queue": queue.id,
                    "station": station,
                    "user": self.env.uid,
                    "now": now,
                    "until": now + timedelta(minutes=LEASE_MINUTES),
                },
            )
            row = cr.fetchone()
        line = self.browse(row and row[0])
        line.invalidate_recordset()
        return line

    def _is_same_chip(self, uid_hash, number):
        """Tell whether this is the chip that the number was being written on."""
        self.ensure_one()
        if uid_hash:
            return self.uid_hash == uid_hash
        return not self.uid_hash and number == self.card_id.number

    def _send_out(self, station, values, *, resumes):
        """Note the order that goes out; False when the number is no longer ours.

        :param resumes: the chip is that of the order before, whoever wrote it.
        """
        self.ensure_one()
        self.flush_recordset()
        vals = {
            **values,
            "state": "writing",
            "station": station,
            "user_id": self.env.uid,
            "claimed_until": fields.Datetime.now() + timedelta(minutes=LEASE_MINUTES),
            "error_code": None,
            "error": None,
        }
        was = SQL(
            "state = 'writing' AND request_key = %s" if resumes
            # an order for one chip never becomes one for another without `retry`
            else "state = 'waiting' AND station = %s",
            values["request_key"] if resumes else station,
        )  # fmt: skip
        return self._update(vals, was)

    def _finish(self, request_key):
        """Mark as written what this order was for; False when the order is void."""
        self.ensure_one()
        self.flush_recordset()
        vals = {
            "state": "done",
            "done_at": fields.Datetime.now(),
            "user_id": self.env.uid,
            "claimed_until": None,
            "error_code": None,
            "error": None,
        }
        open_to_it = SQL(
            "state IN ('writing', 'failed', 'skipped') AND request_key = %s",
            request_key,
        )
        return self._update(vals, open_to_it)

    def _update(self, vals, condition):
        """Write if the row, as it is now, fulfils the condition; tell whether."""
        names = SQL(", ").join(
            SQL("%s = %s", SQL.identifier(name), value) for name, value in vals.items()
        )
        rows = self.env.execute_query(
            SQL(
                """UPDATE member_card_encoding_line SET %s
                    WHERE id = %s AND %s RETURNING id""",
                names,
                self.id,
                condition,
            )
        )
        self.invalidate_recordset()
        return bool(rows)

    def _free(self):
        """Return what forgets the order and the station of a line."""
        return {
            "station": False,
            "claimed_until": False,
            "order_count": 0,
            "request_key": False,
            "uid_hash": False,
            "content_sha256": False,
        }
