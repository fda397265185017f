from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..card_encoding import CHIPS, QUEUE_TRANSITIONS, RIGHT

MAX_CARDS = 1000
"""Cards of one queue: more than anybody writes in a day."""
OPEN_STATES = ("waiting", "writing", "failed")
ENCODABLE = ("blank", "encoded", "issued")
"""States of a card that may still get its chip."""


class MemberCardEncoding(models.Model):
    """A queue of numbers that become chips, one after the other, at one writer or more.

    All that matters is decided here: the browser carries sealed messages between the
    writer and us, and shows what to do. See `encode_begin` and what follows it.
    """

    _name = "member.card.encoding"
    _description = "Card Encoding"
    _inherit = ["member.export.mixin"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, translate=False)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company.root_id,
    )
    store_id = fields.Many2one(
        "member.store", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    medium = fields.Selection(
        selection=lambda self: [
            each
            for each in self.env["member.card"]
            ._fields["medium"]
            ._description_selection(self.env)
            if each[0] in CHIPS
        ],
        required=True,
        readonly=True,
        default="contactless",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("paused", "Paused"),
            ("stopped", "Stopped"),
            ("done", "Done"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
        copy=False,
    )
    line_ids = fields.One2many(
        "member.card.encoding.line", "encoding_id", "Cards", readonly=True
    )
    total_count = fields.Integer("All", compute="_compute_counts")
    done_count = fields.Integer("Written", compute="_compute_counts")
    open_count = fields.Integer("To Write", compute="_compute_counts")
    failed_count = fields.Integer("Failed", compute="_compute_counts")
    skipped_count = fields.Integer("Skipped", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", help="Written or skipped, in %.")

    # === COMPUTE === #

    @api.depends("line_ids.state")
    def _compute_counts(self):
        counts = {queue.id: {} for queue in self}
        for queue, state, count in self.env["member.card.encoding.line"]._read_group(
            [("encoding_id", "in", self.ids)], ["encoding_id", "state"], ["__count"]
        ):
            counts[queue.id][state] = count
        for queue in self:
            found = counts.get(queue.id, {})
            queue.total_count = sum(found.values())
            queue.done_count = found.get("done", 0)
            queue.skipped_count = found.get("skipped", 0)
            queue.failed_count = found.get("failed", 0)
            queue.open_count = found.get("waiting", 0) + found.get("writing", 0)
            ended = queue.done_count + queue.skipped_count
            queue.progress = 100.0 * ended / max(queue.total_count, 1)

    # === CRUD METHODS === #

    def write(self, vals):
        """Only moves of the transition table change the state, whoever asks."""
        if "state" in vals:
            for queue in self:
                queue._check_transition(vals["state"])
        return super().write(vals)

    def _check_transition(self, state):
        if state != self.state and state not in QUEUE_TRANSITIONS[self.state]:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "This queue is “%(state)s” and cannot become “%(target)s”.",
                    state=names[self.state],
                    target=names[state],
                )
            )

    # === ACTIONS === #

    def action_encode(self):
        """Open the screen at which cards are put on the writer."""
        self.ensure_one()
        self._encode_require()
        action = self.env["ir.actions.client"]._for_xml_id(
            "member_hw_proxy.member_card_encoding_station_action"
        )
        action["context"] = {"active_id": self.id}
        return action

    def action_pause(self):
        """Give no writer another card until somebody goes on."""
        self._encode_move("paused")

    def action_resume(self):
        """Go on, also with what was left when it was stopped."""
        self._encode_move("open")

    def action_stop(self):
        """Give up what is not written: those cards are blank and free again."""
        self._encode_stop()

    def action_retry_failed(self):
        """Put all failed numbers back in the queue."""
        self.ensure_one()
        self._encode_retry(self.line_ids.filtered(lambda line: line.state == "failed"))

    # === BUSINESS METHODS === #

    def _encode_require(self):
        self.env.user._member_require(RIGHT)
        self.check_access("read")

    @api.model
    def _make(self, cards, medium, *, name, store=None, issue_to=None):
        """Queue cards of one company for a chip each.

        :param issue_to: `{card id: values}` of lines whose card is issued once written.
        :raise UserError: too many, not to be encoded, waiting in another queue.
        """
        self.env.user._member_require(RIGHT)
        if not cards or len(cards) > MAX_CARDS:
            raise UserError(
                self.env._(
                    "Choose between 1 and %(most)s cards for one queue.", most=MAX_CARDS
                )
            )
        cards._check_encodable()
        self._check_not_queued(cards)
        # sudo: queues are written by their verbs only
        return self.sudo().create(
            {
                "name": name,
                "company_id": cards.company_id.ensure_one().id,
                "store_id": store.id if store else False,
                "medium": medium,
                "line_ids": [
                    Command.create(
                        {
                            "card_id": card.id,
                            "sequence": number,
                            **(issue_to or {}).get(card.id, {}),
                        }
                    )
                    for number, card in enumerate(cards, start=1)
                ],
            }
        ).with_env(self.env)  # fmt: skip

    @api.model
    def _check_not_queued(self, cards):
        """Refuse cards that wait in another queue, naming the first."""
        # sudo: it may be a queue of another store
        line = self.env["member.card.encoding.line"].sudo()
        line = line.search(
            [("card_id", "in", cards.ids), ("state", "in", OPEN_STATES)], limit=1
        )
        if line:
            raise UserError(
                self.env._(
                    "Card %(card)s waits in the queue “%(queue)s” already. Write it "
                    "there, or skip it there first.",
                    card=line.card_id.masked,
                    queue=line.encoding_id.name,
                )
            )

    def _encode_move(self, state):
        self.ensure_one()
        self._encode_require()
        # sudo: queues are written by their verbs only
        self.sudo().state = state

    def _encode_stop(self):
        """Skip what no chip carries; a chip being written may still report."""
        self.ensure_one()
        self._encode_move("stopped")
        # sudo: as above
        for line in self.sudo().line_ids:
            if line.state in OPEN_STATES:
                line.write(
                    {"state": "skipped", "station": False, "claimed_until": False}
                )

    def _encode_retry(self, lines):
        """Put numbers back in the queue, for another chip than before."""
        self.ensure_one()
        self._encode_require()
        # sudo: as above
        lines = lines.sudo()
        lines.card_id._check_encodable()
        self._check_not_queued(
            lines.filtered(lambda line: line.state == "skipped").card_id
        )
        for line in lines:
            line.write({**line._free(), "state": "waiting"})
        if self.state in ("done", "stopped"):
            self._encode_move("open")

    def _encode_skip(self, line):
        """Leave a number out; a receipt that comes late still counts."""
        self.ensure_one()
        self._encode_require()
        # sudo: as above
        line.sudo().write(
            {"state": "skipped", "station": False, "claimed_until": False}
        )
        self._encode_settle()

    def _encode_settle(self):
        """Close the queue when nothing is left to do.

        Two writers that end at once may both miss it; who asks for the next card sees
        it then.
        """
        self.ensure_one()
        left = self.env["member.card.encoding.line"].search_count(
            [("encoding_id", "=", self.id), ("state", "in", OPEN_STATES)], limit=1
        )
        if not left and self.state in ("open", "paused"):
            # sudo: as above
            self.sudo().state = "done"
