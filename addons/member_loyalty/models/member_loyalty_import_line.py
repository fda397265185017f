from decimal import Decimal

from odoo import fields, models
from odoo.tools import float_compare

from odoo.addons.member_card import ledger


def card_key(card_id):
    """Return the request key of a card's opening entry: a card is imported once."""
    return f"loyalty.card:{card_id}"


class MemberLoyaltyImportLine(models.Model):
    """One card of an import: what became of it, or why nothing did."""

    _name = "member.loyalty.import.line"
    _description = "Imported Loyalty Card"
    _inherit = ["member.export.mixin"]
    _log_access = False
    _order = "id"
    _rec_name = "card_id"

    import_id = fields.Many2one(
        "member.loyalty.import",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    card_id = fields.Many2one(
        "loyalty.card", required=True, readonly=True, index=True, ondelete="cascade"
    )
    program_id = fields.Many2one("loyalty.program", readonly=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index=True, ondelete="set null"
    )
    points = fields.Float("On the Card", readonly=True, digits=(16, 2))
    amount = fields.Float("Imported Points", readonly=True, digits=(16, 2))
    member_points = fields.Float("Member Had", readonly=True, digits=(16, 2))
    state = fields.Selection(
        [("ready", "To import"), ("done", "Imported"), ("skipped", "Left as it is")],
        required=True,
        readonly=True,
    )
    reason = fields.Selection(
        [
            ("no_customer", "The card is nobody's"),
            ("no_member", "The customer is no member"),
            ("other_company", "The customer is another company's, or archived"),
            ("cancelled", "The membership has ended"),
            ("too_few", "Less than the smallest amount of points"),
            ("too_many", "More points than there can be"),
            ("before", "Imported before"),
        ],
        "Why Not",
        readonly=True,
    )
    posting_id = fields.Many2one("member.posting", readonly=True, ondelete="set null")

    def _is_outdated(self):
        """Tell whether its card was used since it was listed.

        Cards keep floats, lines what these show.
        """
        return float_compare(self.points, self.card_id.points, precision_digits=6) != 0

    def _import(self):
        """Move the points of these cards, or of none of them."""
        for job in self.import_id:
            self._register_customers(job)
        asset = self.import_id.company_id._member_asset("points")
        postings = ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=line.partner_id.id,
                    asset_id=asset.id,
                    amount=Decimal(str(line.amount)),
                    kind="opening",
                    request_key=card_key(line.card_id.id),
                    context=ledger.Context(
                        res_model="loyalty.card",
                        res_id=line.card_id.id,
                        reference=line.card_id.code,
                        note=line.program_id.name,
                    ),
                )
                for line in self
            ],
        )
        self._empty_cards(postings)
        # sudo: lines are written by this verb only
        for line, posting in zip(self.sudo(), postings, strict=True):
            line.write({"state": "done", "posting_id": posting.id})

    def _register_customers(self, job):
        """Make members of the customers who are none."""
        # sudo: who may import may make members of these customers
        customers = self.partner_id.sudo().filtered(lambda each: not each.is_member)
        for customer in customers:
            customer._member_register(
                {
                    "member_class_id": job.class_id.id,
                    "member_company_id": job.company_id.id,
                }
            )

    def _empty_cards(self, postings):
        """Take the points off the cards, and say in their history where they went."""
        # sudo: who sets points up need not be able to edit coupons; no mails go out
        cards = self.card_id.sudo().with_context(
            loyalty_no_mail=True, tracking_disable=True
        )
        self.env["loyalty.history"].sudo().create(
            [
                {
                    "card_id": line.card_id.id,
                    "description": self.env._("Moved to the member's points"),
                    "used": line.points,
                }
                for line in self
            ]
        )
        cards.write({"points": 0})
        for card, posting in zip(cards, postings, strict=True):
            card.member_posting_id = posting
