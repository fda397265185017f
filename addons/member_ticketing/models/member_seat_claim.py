from odoo import fields, models


class MemberSeatClaim(models.Model):
    """Who won the key of a hold: the document that sells it, or giving it up (void).

    The unique key decides. Written only by the verbs in `seats/`.
    """

    _name = "member.seat.claim"
    _description = "Seat Claim"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    is_void = fields.Boolean(required=True, readonly=True)
    created_at = fields.Datetime(required=True, readonly=True)

    _key_unique = models.Constraint("UNIQUE (key)", "These seats are claimed already.")
    _key_prefix = models.Index("(key text_pattern_ops)")

    def init(self):
        """Let the database fill in who claims when: no other code may say so."""
        self.env.cr.execute(
            """
            ALTER TABLE member_seat_claim
                ADD COLUMN IF NOT EXISTS txid bigint NOT NULL DEFAULT txid_current(),
                ALTER COLUMN is_void SET DEFAULT false,
                ALTER COLUMN created_at SET DEFAULT now() AT TIME ZONE 'utc'
            """
        )
