from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

KEEP_MINUTES = 60
"""Far longer than anything sealed stays fresh."""
SHOWN_MINUTES = 10
"""For how long a card that was read counts as shown: from the tap to the payment."""


class MemberHwNonce(models.Model):
    """What an agent sealed and was used: a second time it is refused."""

    _name = "member.hw.nonce"
    _description = "Used Message of a Computer"
    _log_access = False
    _rec_name = "jti"

    jti = fields.Char(required=True, readonly=True)
    agent_id = fields.Many2one(
        "member.hw.agent", required=True, readonly=True, ondelete="cascade"
    )
    at = fields.Datetime(required=True, readonly=True, index=True)
    card_id = fields.Many2one(
        "member.card",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Which card with a chip it was, where the number written on it was read.",
    )

    _jti_unique = models.Constraint("UNIQUE (agent_id, jti)", "This was used before.")

    @api.model
    def _use(self, agent, jti):
        """Take the message for this transaction; tell whether nobody had.

        The same message that comes twice at once waits here for the first, fails to
        serialize and is replayed by Odoo: it then finds that it was used.
        """
        found = self.env.execute_query(
            SQL(
                "INSERT INTO member_hw_nonce (jti, agent_id, at) VALUES (%s, %s, %s)"
                " ON CONFLICT (agent_id, jti) DO NOTHING RETURNING id",
                jti,
                agent.id,
                fields.Datetime.now(),
            )
        )
        return bool(found)

    @api.model
    def _note_card(self, agent, jti, card):
        """Note which card was read by its chip and the number on it."""
        self.search([("agent_id", "=", agent.id), ("jti", "=", jti)]).card_id = card

    @api.model
    def _was_read(self, agent, card):
        """Tell whether the computer read this card in full a moment ago.

        A revoked one is not believed, nor what it said before it was paired anew.
        """
        if agent.state != "paired":
            return False
        since = fields.Datetime.now() - timedelta(minutes=SHOWN_MINUTES)
        since = max(since, agent.paired_at or since)
        domain = [
            ("card_id", "=", card.id),
            ("agent_id", "=", agent.id),
            ("at", ">=", since),
        ]
        return bool(self.search_count(domain, limit=1))

    @api.autovacuum
    def _gc_nonces(self):
        limit = fields.Datetime.now() - timedelta(minutes=KEEP_MINUTES)
        # sudo: nobody has rights on these; the vacuum clears them for all
        self.sudo().search([("at", "<", limit)]).unlink()
