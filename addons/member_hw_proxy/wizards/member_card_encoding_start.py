from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..card_encoding import RIGHT
from ..models.member_card_encoding import ENCODABLE, MAX_CARDS


class MemberCardEncodingStart(models.TransientModel):
    """Makes a queue of cards to write, and opens the writer's screen."""

    _name = "member.card.encoding.start"
    _description = "Encode Cards"

    source = fields.Selection(
        [
            ("new", "New cards with new numbers"),
            ("blank", "Blank cards that have their numbers"),
            ("member", "The card of a member"),
        ],
        "What to Write",
        required=True,
        default="new",
    )
    count = fields.Integer("How Many", default=50)
    card_ids = fields.Many2many(
        "member.card",
        string="Blank Cards",
        domain="[('company_id', '=', company_id), ('has_chip', '=', False),"
        " ('state', '=', 'blank')]",
    )
    partner_id = fields.Many2one(
        "res.partner", "Member", domain=[("is_member", "=", True)]
    )
    card_id = fields.Many2one(
        "member.card",
        "Card of the Member",
        domain="[('partner_id', '=', partner_id), ('has_chip', '=', False),"
        " ('state', '=', 'issued')]",
        compute="_compute_card_id",
        store=True,
        readonly=False,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    store_id = fields.Many2one(
        "member.store",
        default=lambda self: self._default_store(),
        help="Only operators of this store see the queue. Leave it empty for all.",
    )
    medium = fields.Selection(
        selection=lambda self: (
            self.env["member.card.encoding"]
            ._fields["medium"]
            ._description_selection(self.env)
        ),
        required=True,
        default="contactless",
    )

    @api.model
    def _default_store(self):
        stores = self.env.user.member_store_ids
        return stores if len(stores) == 1 else stores.browse()

    @api.depends("partner_id")
    def _compute_card_id(self):
        """Take the member's card without a chip, if there is just one."""
        for wizard in self:
            if wizard.card_id.partner_id == wizard.partner_id:
                continue
            cards = wizard.partner_id and self.env["member.card"].search(
                [
                    ("partner_id", "=", wizard.partner_id.id),
                    ("state", "=", "issued"),
                    ("has_chip", "=", False),
                ]
            )
            wizard.card_id = cards if cards and len(cards) == 1 else False

    def action_start(self):
        """Make the queue and go to the writer.

        :raise UserError: nothing chosen, too many, a card that cannot be written.
        """
        self.ensure_one()
        self.env.user._member_require(RIGHT)
        cards = {
            "new": self._new_cards,
            "blank": lambda: self.card_ids,
            "member": lambda: self.card_id,
        }[self.source]()
        if not cards:
            raise UserError(
                self.env._(
                    "Choose a card without a chip. A member whose card has one gets a "
                    "new card: replace it."
                )
            )
        queue = self.env["member.card.encoding"]._make(
            cards, self.medium, name=self._queue_name(cards), store=self.store_id
        )
        return queue.action_encode()

    def _queue_name(self, cards):
        if len(cards) == 1:
            holder = cards.partner_id.name
            return " · ".join(filter(None, [cards.masked, holder]))
        return self.env._(
            "%(count)s cards, %(date)s",
            count=len(cards),
            date=format_date(self.env, fields.Date.context_today(self)),
        )

    def _new_cards(self):
        """Draw numbers that nobody has and nobody can guess.

        :raise UserError: see MAX_CARDS.
        """
        if not 1 <= self.count <= MAX_CARDS:
            raise UserError(
                self.env._(
                    "Choose between 1 and %(most)s cards for one queue.", most=MAX_CARDS
                )
            )
        # sudo: cards are written by their verbs only
        cards = self.env["member.card"].sudo()
        company = self.company_id.root_id
        numbers = set()
        while len(numbers) < self.count:
            numbers.add(cards._generate_number(company))
        return cards.create(
            [
                {"number": number, "company_id": company.id, "medium": self.medium}
                for number in sorted(numbers)
            ]
        ).with_env(self.env)  # fmt: skip

    @api.model
    def _action(self, cards=None):
        """Window action that opens the wizard, with the cards that were marked.

        :raise UserError: see `_check_encodable`.
        """
        self.env.user._member_require(RIGHT)
        context = {}
        if cards:
            cards._check_encodable()
            context = {"default_source": "blank", "default_card_ids": cards.ids}
            if any(card.state not in ENCODABLE[:1] for card in cards):
                raise UserError(
                    self.env._(
                        "Mark blank cards only. The card of a member is written from "
                        "its own form."
                    )
                )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Encode Cards"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }
