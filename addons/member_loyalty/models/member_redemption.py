from odoo import api, fields, models

from .. import redemption_outcome
from .member_reward import KINDS


class MemberRedemption(models.Model):
    """A reward that a member takes: reserved, then done by a document, or given up.

    Written by the verbs in `redemptions.py` alone, in transactions of their own; what
    became of one is read from the hold and the posting that carry its key.
    """

    _name = "member.redemption"
    _description = "Redemption"
    _inherit = ["member.export.mixin", "member.origin.mixin"]
    _log_access = False
    _order = "id desc"
    _rec_name = "reward_id"

    key = fields.Char(
        required=True,
        readonly=True,
        help="Named by the till, once for each redemption.",
    )
    hold_key = fields.Char(
        required=True,
        readonly=True,
        help="Of the hold of the points: the key, or another one when the order came "
        "after the first hold had run out.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Member",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, ondelete="restrict"
    )
    reward_id = fields.Many2one(
        "member.reward",
        "Gift",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    quantity = fields.Integer(
        "Times", required=True, readonly=True, help="How often the gift was taken."
    )
    returned_quantity = fields.Integer("Times Returned", required=True, readonly=True)
    points = fields.Float(digits=(16, 2), required=True, readonly=True)
    returned_points = fields.Float(digits=(16, 2), required=True, readonly=True)
    value = fields.Monetary(
        required=True,
        readonly=True,
        help="Money off, bonus money, or the sales price of the gift.",
    )
    product_id = fields.Many2one(
        "product.product", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    product_qty = fields.Float("Product Quantity", readonly=True, digits=(16, 4))
    warehouse_id = fields.Many2one(
        "stock.warehouse", readonly=True, ondelete="restrict"
    )
    order_uuid = fields.Char(readonly=True, help="Of the order it was reserved for.")
    state = fields.Selection(
        [
            ("held", "Reserved"),
            ("done", "Done"),
            ("released", "Given Up"),
            ("expired", "Run Out"),
            ("returned", "Returned"),
        ],
        required=True,
        readonly=True,
    )
    placed_at = fields.Datetime("Reserved On", required=True, readonly=True)
    expires_at = fields.Datetime(
        "Reserved Until", required=True, readonly=True, help="Then it is free again."
    )
    done_at = fields.Datetime("Done On", readonly=True, index=True)
    posting_id = fields.Many2one("member.posting", readonly=True, ondelete="restrict")
    store_id = fields.Many2one(index="btree_not_null")

    _key_unique = models.Constraint("UNIQUE (key)", "This redemption was made before.")
    _hold_key_unique = models.Constraint(
        "UNIQUE (hold_key)", "These points are held for another redemption."
    )
    _quantities_positive = models.Constraint(
        "CHECK (quantity > 0 AND points > 0)", "A redemption takes points."
    )
    _returned_in_range = models.Constraint(
        "CHECK (returned_quantity BETWEEN 0 AND quantity"
        " AND returned_points BETWEEN 0 AND points)",
        "More would be returned than was taken.",
    )
    _held = models.Index("(reward_id, expires_at) WHERE state = 'held'")
    _promised = models.Index(
        "(warehouse_id, product_id)"
        " WHERE state IN ('held', 'done') AND product_id IS NOT NULL"
    )

    # === ACTIONS === #

    def action_take_back(self):
        """Ask why, then give the points back."""
        self.ensure_one()
        self.env.user._member_require("award")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give the Points Back"),
            "res_model": "member.redemption.return",
            "view_mode": "form",
            "target": "new",
            "context": {"default_redemption_id": self.id},
        }

    def action_view_entries(self):
        """Open the entries of the points that this took and gave back."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_card.member_entry_action"
        )
        action["domain"] = [
            "|",
            ("posting_id", "=", self.posting_id.id),
            ("reverses_id.posting_id", "=", self.posting_id.id),
        ]
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _cron_follow(self):
        """Free what ran out, and record what a crash kept from being recorded."""
        redemption_outcome.free_overdue(self.env)

    @api.model
    def _cron_follow_returned(self):
        """Record what a crash kept from being recorded of refunds; looks at all."""
        redemption_outcome.follow(self.env)

    def _posting(self):
        """Return what took the points, or wants to; empty before a document did."""
        # sudo: who takes a gift back need not read the ledger
        return (
            self.env["member.posting"]
            .sudo()
            .search(
                [("hold_key", "in", self.mapped("hold_key")), ("state", "!=", "void")]
            )
        )
