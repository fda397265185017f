from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.sql import column_exists, create_column

from ..card_encoding import CHIPS, RIGHT, EncodingRefusal
from .member_card_encoding import ENCODABLE, OPEN_STATES


class MemberCard(models.Model):
    """The chip of a card: which one it is, and that no other card has it.

    Of a chip we keep a keyed hash of its UID, if it has one, and that it was written;
    nothing else writes them but `_encoded` and `_erased`.
    """

    _inherit = "member.card"

    has_chip = fields.Boolean(
        "Chip Written",
        compute="_compute_has_chip",
        store=True,
        copy=False,
    )

    def _auto_init(self):
        self._init_has_chip()
        return super()._auto_init()

    @api.model
    def _init_has_chip(self):
        """Tell which cards of a database from before have a chip.

        Contact chips without a UID are known by the log of what was written. A card
        whose chip was erased ended with it, or had ended before.
        """
        cr = self.env.cr
        if column_exists(cr, "member_card", "has_chip"):
            return
        create_column(cr, "member_card", "has_chip", "boolean")
        cr.execute(
            """UPDATE member_card SET has_chip = TRUE
                WHERE uid_hash IS NOT NULL
                   OR (medium = ANY(%s) AND state = 'encoded')""",
            [list(CHIPS)],
        )
        cr.execute(
            """UPDATE member_card SET has_chip = TRUE
                 FROM member_operator_log log
                WHERE log.card_id = member_card.id AND log.action = 'card_encode'
                  AND member_card.state IN ('issued', 'frozen', 'lost')"""
        )

    # === COMPUTE === #

    @api.depends("uid_hash")
    def _compute_has_chip(self):
        for card in self:
            # a contact chip has no UID: that it was written is kept as it is
            card.has_chip = bool(card.uid_hash) or card.has_chip

    # === ACTIONS === #

    def action_encode(self):
        """Open the writer's screen for this one card."""
        self.ensure_one()
        self.env.user._member_require(RIGHT)
        self.check_access("read")
        queues = self.env["member.card.encoding"]
        line = self.env["member.card.encoding.line"].search(
            [
                ("card_id", "=", self.id),
                ("state", "in", OPEN_STATES),
            ]
        )
        medium = self.medium if self.medium in CHIPS else CHIPS[0]
        queue = line.encoding_id or queues._make(self, medium, name=self.masked)
        return queue.action_encode()

    def action_encode_marked(self):
        """Open the wizard that queues the marked cards."""
        return self.env["member.card.encoding.start"]._action(self)

    # === BUSINESS METHODS === #

    def _check_encodable(self):
        """Refuse cards that cannot get a chip any more, naming the first.

        :raise UserError: of several companies, lost or gone, has a chip already.
        """
        if len(self.company_id) > 1:
            raise UserError(self.env._("Choose cards of one company."))
        for card in self:
            if card.state not in ENCODABLE:
                names = card._fields["state"]._description_selection(self.env)
                raise UserError(
                    self.env._(
                        "Card %(card)s is “%(state)s”: only blank cards and cards in "
                        "use are written.",
                        card=card.masked,
                        state=dict(names)[card.state],
                    )
                )
            if card.has_chip:
                raise UserError(
                    self.env._(
                        "Card %(card)s has its chip already. Replace the card, or "
                        "erase its chip first.",
                        card=card.masked,
                    )
                )

    @api.model
    def _of_chip(self, uid_hash):
        """Return the card, of whatever company, that has this chip; in sudo mode."""
        # sudo: a chip is told apart over all companies; the caller says what is shown
        cards = self.sudo()
        return (
            cards.search([("uid_hash", "=", uid_hash)]) if uid_hash else cards.browse()
        )

    def _encoded(self, uid_hash, medium):
        """Note that a chip carries this card's number: a blank card is encoded then.

        Done twice with the same UID, it changes nothing.

        :raise EncodingRefusal: chip_used, card_used.
        """
        self.ensure_one()
        # sudo: cards are written by their verbs only
        card = self.sudo()
        card._check_chip_free(uid_hash)
        # chips without a UID cannot be told apart: the second one is another
        if card.has_chip and not (uid_hash and card.uid_hash == uid_hash):
            raise EncodingRefusal(
                "card_used",
                self.env._(
                    "Card %(card)s got another chip meanwhile. Put this one aside and "
                    "take the next number.",
                    card=card.masked,
                ),
            )
        values = {
            "uid_hash": uid_hash or False,
            "has_chip": True,
            "medium": medium,
        }
        if card.state == "blank":
            card._transition("encoded", **values)
        else:
            card.write(values)
        # two writers at once: the index lets one of them through, and here is where
        card.flush_recordset(["uid_hash"])

    def _check_chip_free(self, uid_hash):
        """Refuse a chip that another card has.

        :raise EncodingRefusal: chip_used.
        """
        owner = self._of_chip(uid_hash)
        if not owner or owner == self.sudo():
            return
        if owner.company_id != self.company_id.root_id:
            raise EncodingRefusal(
                "chip_used",
                self.env._(
                    "This chip belongs to a card of another company. Put another "
                    "card on the writer."
                ),
                can_erase=False,
            )
        names = dict(owner._fields["state"]._description_selection(self.env))
        raise EncodingRefusal(
            "chip_used",
            self.env._(
                "This chip is card %(card)s already (%(state)s). Put another card on "
                "the writer.",
                card=owner.masked,
                state=names[owner.state],
            ),
            can_erase=owner._is_erasable(),
        )

    def _is_erasable(self):
        """Tell whether nobody holds this card, so that its chip may be used again.

        A chip without a UID may carry the number of a blank card, whose writing was
        given up; the card stays blank.
        """
        return self.state in ("blank", "encoded", "replaced", "cancelled", "expired")

    def _erased(self):
        """Note that the card's chip is empty: a card never issued ends with it."""
        self.ensure_one()
        # sudo: cards are written by their verbs only
        card = self.sudo()
        if card.state == "encoded":
            card._transition("cancelled", uid_hash=False, has_chip=False)
        else:
            card.write({"uid_hash": False, "has_chip": False})
        self.env["member.operator.log"]._log(
            "card_format", partner=card.partner_id, card=card
        )
