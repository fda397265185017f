import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import clean_context

from .. import secret
from ..refusals import LookupFailure

STATES = [
    ("blank", "Blank"),
    ("encoded", "Encoded"),
    ("issued", "Issued"),
    ("frozen", "Frozen"),
    ("lost", "Lost"),
    ("replaced", "Replaced"),
    ("cancelled", "Cancelled"),
    ("expired", "Expired"),
]
TRANSITIONS = {
    "blank": {"encoded", "issued", "cancelled"},
    "encoded": {"issued", "cancelled"},
    "issued": {"frozen", "lost", "replaced", "cancelled", "expired"},
    "frozen": {"issued", "lost", "replaced", "cancelled", "expired"},
    "lost": {"issued", "replaced", "cancelled", "expired"},
    "expired": {"replaced", "cancelled"},
    "replaced": set(),
    "cancelled": set(),
}
"""What may follow each state. A lost card that turns up again is issued again."""

ACTS = {
    "lost": ("lost", "card_issue", "card_lost"),
    "freeze": ("frozen", "card_freeze", "card_freeze"),
    "unfreeze": ("issued", "card_freeze", "card_unfreeze"),
    "cancel": ("cancelled", "card_manage", "card_cancel"),
}
"""What people do with a card: its state then, the right, the line in the log.

A loss is urgent, so that whoever may issue cards may report it.
"""


class MemberCard(models.Model):
    """A key to a member: losing, replacing or cancelling it never touches a balance.

    The number is printed and readable by everybody who holds the card, so that it
    identifies and never proves anything: spending asks for the PIN.
    """

    _name = "member.card"
    _description = "Member Card"
    _inherit = ["member.export.mixin"]
    _order = "issued_at desc, id desc"
    _rec_name = "masked"
    _rec_names_search = ["number", "partner_id"]

    number = fields.Char(required=True, readonly=True, copy=False)
    masked = fields.Char("Card", compute="_compute_masked")
    partner_id = fields.Many2one(
        "res.partner", "Member", readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company.root_id,
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="blank", index=True, copy=False
    )
    medium = fields.Selection(
        [
            ("barcode", "Barcode"),
            ("magnetic", "Magnetic Stripe"),
            ("contact_ic", "Contact Chip"),
            ("contactless", "Contactless Chip"),
            ("virtual", "On the Phone"),
        ],
        required=True,
        readonly=True,
        default="barcode",
    )
    uid_hash = fields.Char(readonly=True, copy=False, groups=fields.NO_ACCESS)
    issued_at = fields.Datetime("Issued On", readonly=True, copy=False)
    expires_on = fields.Date("Valid Until", readonly=True)
    state_changed_at = fields.Datetime("Last Change", readonly=True, copy=False)
    replaced_by_id = fields.Many2one(
        "member.card", readonly=True, copy=False, ondelete="restrict"
    )
    replaces_id = fields.One2many("member.card", "replaced_by_id")
    log_ids = fields.One2many("member.operator.log", "card_id", "History")

    _number_unique = models.Constraint(
        "UNIQUE (number)", "Another card has this number."
    )
    _uid_unique = models.UniqueIndex(
        "(uid_hash) WHERE uid_hash IS NOT NULL",
        "Another card has this chip.",
    )
    _holder_known = models.Constraint(
        "CHECK (state IN ('blank', 'encoded', 'cancelled') OR partner_id IS NOT NULL)",
        "Choose who holds the card.",
    )

    # === COMPUTE, CONSTRAINTS === #

    @api.depends("number")
    def _compute_masked(self):
        for card in self:
            card.masked = card.number and f"•••• {card.number[-4:]}"

    @api.constrains("company_id", "partner_id")
    def _check_company(self):
        for card in self:
            # sudo: the member's company is compared, not shown
            home = card.partner_id.sudo().member_company_id
            if card.company_id.parent_id or (home and home != card.company_id):
                raise ValidationError(
                    self.env._(
                        "A card belongs to the company of its member; branches share "
                        "the cards of their head office."
                    )
                )

    # === CRUD === #

    def write(self, vals):
        """Only moves of the transition table change the state, whoever asks."""
        if "state" in vals:
            for card in self:
                if vals["state"] != card.state and not card._can_become(vals["state"]):
                    raise UserError(card._refused_transition(vals["state"]))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(card.state not in ("blank", "encoded") for card in self):
            raise UserError(
                self.env._("A card that was issued is kept. Cancel it instead.")
            )

    # === ACTIONS === #

    def action_issue(self):
        """Open the wizard that gives a blank card to a member."""
        self.ensure_one()
        return self.env["member.card.issue"]._action(card=self)

    def action_report_lost(self):
        """Block the card; what is on it stays with the member."""
        self._act("lost")

    def action_freeze(self):
        """Block the card until it is unfrozen."""
        self._act("freeze")

    def action_unfreeze(self):
        """Let a frozen card, or a lost one that turned up again, be used."""
        self._act("unfreeze")

    def action_cancel(self):
        """Take the card back for good."""
        self._act("cancel")

    def action_replace(self):
        """Open the wizard that issues a new card instead of this one."""
        self.ensure_one()
        self.env.user._member_require("card_replace")
        if not self._can_become("replaced"):
            raise UserError(self._refused_transition("replaced"))
        return self.env["member.card.issue"]._action(
            partner=self.partner_id, replaces=self
        )

    # === BUSINESS === #

    def _can_become(self, state):
        self.ensure_one()
        return state in TRANSITIONS[self.state]

    def _refused_transition(self, state):
        names = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "Card %(card)s is “%(state)s” and cannot become “%(target)s”.",
            card=self.masked,
            state=names[self.state],
            target=names[state],
        )

    def _act(self, act, *, till=None):
        """One of ACTS that a person asked for; the tills hear of it.

        A card that is there already stays as it is: an answer that was lost is asked
        for again.
        """
        state, right, action = ACTS[act]
        self.env.user._member_require(right)
        # sudo: cards are written by these moves only, so nobody has the right by hand
        for card in self.sudo():
            if card.state == state:
                continue
            card._transition(state)
            self.env["member.operator.log"]._log(
                action, partner=card.partner_id, card=card, till=till
            )
            card.partner_id._member_tell_tills()

    def _transition(self, state, **values):
        """Move to `state`, refused when the table does not allow it."""
        for card in self:
            if not card._can_become(state):
                raise UserError(card._refused_transition(state))
        self.write(
            {"state": state, "state_changed_at": fields.Datetime.now(), **values}
        )

    @api.model
    def _issue(
        self, partner, number=None, *, medium="barcode", expires_on=False, till=None
    ):
        """Give `partner` a card: a new one, or the blank one that carries `number`.

        :param number: as printed or scanned; None draws a new one.
        :raise UserError: not a member, frozen or cancelled, number wrong or taken.
        :return: the issued card.
        """
        self.env.user._member_require("card_issue")
        return self._hand_out(
            partner, number, medium=medium, expires_on=expires_on, till=till
        )

    @api.model
    def _hand_out(self, partner, number, *, medium, expires_on, till):
        """Do what `_issue` says; the caller has checked the right."""
        # sudo: cards are written by their verbs only, so nobody has the right by hand
        # without the wizard's defaults, which would fall on what is created here
        cards = self.browse().with_context(clean_context(self.env.context)).sudo()
        partner = partner.sudo()
        self._check_holder(partner)
        company = partner.member_company_id
        number = self._clean_number(number) if number else None
        card = cards._find_issuable(number, company, partner) if number else cards
        if not card:
            card = cards.create(
                {
                    "number": number or self._generate_number(company),
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "medium": medium,
                }
            )
        card._transition(
            "issued",
            partner_id=partner.id,
            issued_at=fields.Datetime.now(),
            expires_on=expires_on,
        )
        self.env["member.operator.log"]._log(
            "card_issue", partner=partner, card=card, till=till
        )
        return card.with_env(self.env)

    def _check_holder(self, partner):
        """Refuse to give a card to whom none is given.

        :param partner: readable by the caller, or in sudo mode.
        """
        if not partner.is_member or partner.member_state != "active":
            raise UserError(
                self.env._(
                    "Cards are issued to active members. Register or unfreeze "
                    "%(contact)s first.",
                    contact=partner.display_name,
                )
            )

    def _replace(self, number=None, *, medium="barcode", expires_on=False, till=None):
        """Issue a new card instead of this one, which can never be used again."""
        self.ensure_one()
        self.env.user._member_require("card_replace")
        if not self._can_become("replaced"):
            raise UserError(self._refused_transition("replaced"))
        new = self._hand_out(
            self.partner_id, number, medium=medium, expires_on=expires_on, till=till
        )
        # sudo: as above
        old = self.sudo()
        old._transition("replaced", replaced_by_id=new.id)
        self.env["member.operator.log"]._log(
            "card_replace",
            partner=old.partner_id,
            card=old,
            till=till,
            detail=new.sudo().masked,
        )
        old.partner_id._member_tell_tills()
        return new

    def _find_issuable(self, number, company, partner=None):
        """Return the stock's card with this number, empty for a number not seen before.

        :raise UserError: the number is wrong, or the card cannot be given to `partner`
            (or to somebody new).
        """
        card = self.search([("number", "=", number)])
        if card and card.company_id != company:
            raise UserError(self.env._("This card belongs to another company."))
        if card.partner_id and card.partner_id != partner:
            raise UserError(
                self.env._("Card %(card)s belongs to somebody else.", card=card.masked)
            )
        if card and card.state not in ("blank", "encoded"):
            raise UserError(card._refused_transition("issued"))
        if not card:
            self._check_number(number)
        return card

    def _assert_usable(self):
        """Refuse a card that may not be used now, in words for the person who holds it.

        :raise LookupFailure: see its codes.
        """
        self.ensure_one()
        env = self.env
        sentences = {
            "blank": env._("This card has not been issued yet. Issue it first."),
            "lost": env._(
                "This card was reported lost. Keep it and call a supervisor."
            ),
            "frozen": env._("This card is frozen. A supervisor can unfreeze it."),
            "replaced": self._replaced_sentence(),
            "cancelled": env._("This card was cancelled. Issue a new one."),
            "expired": env._("This card has expired. Replace it with a new one."),
        }
        sentences["encoded"] = sentences["blank"]
        code = self.state
        # the day ends at the company's midnight
        zone = self.company_id.sudo().partner_id.tz or "UTC"
        today = fields.Date.context_today(self.with_context(tz=zone))
        if code == "issued" and self.expires_on and self.expires_on < today:
            code = "expired"
        if code in sentences:
            failure = "not_issued" if code in ("blank", "encoded") else code
            raise LookupFailure(failure, sentences[code])

    def _replaced_sentence(self):
        """Name the card that is good now, however often it was replaced; masked."""
        new = self.replaced_by_id
        while new.replaced_by_id:
            new = new.replaced_by_id
        if not new:
            return self.env._("This card was replaced. Ask for the new one.")
        return self.env._(
            "This card was replaced by %(card)s. Ask for the new one.", card=new.masked
        )

    @api.model
    def _hash_uid(self, uid):
        """Keyed hash of a chip's UID, the same however the reader writes it."""
        return secret.keyed_hash(
            self.env, "card-uid", re.sub(r"[^0-9A-Fa-f]", "", uid).upper()
        )

    @api.model
    def _cron_expire(self):
        """Mark cards whose last day is over; `_assert_usable` does not wait for it."""
        yesterday = fields.Date.subtract(fields.Date.today(), days=1)
        self.search(
            [
                ("state", "in", ("issued", "frozen", "lost")),
                ("expires_on", "<", yesterday),
            ]
        )._transition("expired")
