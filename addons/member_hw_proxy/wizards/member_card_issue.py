from odoo import api, fields, models
from odoo.exceptions import UserError

from ..card_encoding import CHIPS, RIGHT


class MemberCardIssue(models.TransientModel):
    """With a card writer the number is read from the card, or written on it."""

    _inherit = "member.card.issue"

    can_encode = fields.Boolean(compute="_compute_can_encode")

    @api.depends_context("uid")
    def _compute_can_encode(self):
        self.can_encode = self.env.user._member_may(RIGHT)

    def action_issue_and_encode(self):
        """Open the writer's screen; the card is issued as soon as it is written.

        Until then nothing changes for the member: a card that is given up stays blank.
        """
        self.ensure_one()
        self.env.user._member_require(RIGHT)
        self.env.user._member_require(
            "card_replace" if self.replaces_id else "card_issue"
        )
        partner = self.partner_id.sudo()
        # sudo: cards are written by their verbs only
        cards = self.env["member.card"].sudo()
        cards._check_holder(partner)
        company = partner.member_company_id
        card, number = cards, False
        if self.number_source == "type":
            number = cards._clean_number(self.number)
            cards._check_number(number)
            card = cards._find_issuable(number, company, partner)
        if card.has_chip:
            raise UserError(
                self.env._(
                    "Card %(card)s is written already: choose “Issue”.",
                    card=card.masked,
                )
            )
        medium = self.medium if self.medium in CHIPS else CHIPS[0]
        if not card:
            card = cards.create(
                {
                    "number": number or cards._generate_number(company),
                    "company_id": company.id,
                    "medium": medium,
                }
            )
        values = {
            "partner_id": partner.id,
            "expires_on": self.expires_on,
            "replaces_id": self.replaces_id.id,
        }
        queue = self.env["member.card.encoding"]._make(
            card.with_env(self.env),
            medium,
            name=f"{card.masked} · {partner.name}",
            issue_to={card.id: values},
        )
        return queue.action_encode()
