from odoo import api, fields, models

from .member_asset import MONEY

LEDGER_READERS = "member_card.group_member_read_ledger"
LINES_SHOWN = 40
"""Of the timeline and of the lots; a button opens the rest."""


class ResPartner(models.Model):
    """What a member's form tells: warnings, counts, what happened and what is left."""

    _inherit = "res.partner"

    member_warning = fields.Text(
        "Warnings",
        compute="_compute_member_warning",
        groups="base.group_user",
        help="What stands in the way of serving this member, one reason a line.",
    )
    member_hold_count = fields.Integer(
        "Holds", compute="_compute_member_counts", groups=LEDGER_READERS
    )
    member_topup_count = fields.Integer(
        "Top-ups", compute="_compute_member_counts", groups=LEDGER_READERS
    )
    member_exception_count = fields.Integer(
        "Wallet Exceptions", compute="_compute_member_counts", groups=LEDGER_READERS
    )
    member_price_exception_count = fields.Integer(
        "Price Exceptions",
        compute="_compute_member_price_exception_count",
        groups="member_card.group_member_reports",
    )
    member_hold_ids = fields.Many2many(
        "member.hold",
        string="Pending Holds",
        compute="_compute_member_hold_ids",
        groups=LEDGER_READERS,
    )
    member_lot_ids = fields.Many2many(
        "member.lot",
        string="Open Lots",
        compute="_compute_member_lot_ids",
        groups=LEDGER_READERS,
    )
    member_timeline_ids = fields.Many2many(
        "member.timeline",
        string="Timeline",
        compute="_compute_member_timeline_ids",
        groups=LEDGER_READERS,
    )

    # === COMPUTE === #

    @api.depends("member_state", "member_card_ids.state", "member_balance_ids.owed")
    def _compute_member_warning(self):
        for partner in self:
            partner.member_warning = "\n".join(partner._member_form_warnings())

    def _member_form_warnings(self):
        """Say what a colleague should know before serving this member."""
        self.ensure_one()
        if not self.is_member or self.member_state == "cancelled":
            return []
        # sudo: that something is in the way is told to all who may open the form
        member = self.sudo()
        warnings = []
        if self.member_state == "frozen":
            warnings.append(
                self.env._("Frozen: cannot pay with the card. Refunds still arrive.")
            )
        cards = member.member_card_ids
        if cards and not cards.filtered(lambda card: card.state == "issued"):
            warnings.append(
                self.env._("No usable card: it is lost, frozen or expired.")
            )
        pin = member.env["member.pin"].search([("partner_id", "=", self.id)])
        if pin.locked_until and pin.locked_until > fields.Datetime.now():
            warnings.append(
                self.env._(
                    "PIN locked after too many wrong tries. It opens by itself, or "
                    "with a new PIN."
                )
            )
        for balance in member.member_balance_ids.filtered("owed"):
            warnings.append(
                self.env._(
                    "Owes %(amount)s: more was taken back than was left. The next "
                    "credits settle it.",
                    amount=balance.asset_id._format(balance.owed),
                )
            )
        return warnings

    def _compute_member_counts(self):
        counts = {}
        for field, model, domain in (
            ("member_hold_count", "member.hold", [("state", "=", "pending")]),
            ("member_topup_count", "member.entry", [("kind", "=", "topup")]),
            ("member_exception_count", "member.exception", [("state", "=", "open")]),
        ):
            path = "partner_id"
            if model == "member.entry":
                path = "balance_id.partner_id"
            for partner in self:
                counts[partner, field] = self.env[model].search_count(
                    [(path, "=", partner._origin.id), *domain]
                )
        for (partner, field), count in counts.items():
            partner[field] = count

    def _compute_member_price_exception_count(self):
        counts = dict(
            self.env["member.price.exception"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.member_price_exception_count = counts.get(partner._origin, 0)

    def _compute_member_hold_ids(self):
        for partner in self:
            partner.member_hold_ids = self.env["member.hold"].search(
                [
                    ("balance_id.partner_id", "=", partner._origin.id),
                    ("state", "=", "pending"),
                ]
            )

    def _compute_member_lot_ids(self):
        for partner in self:
            partner.member_lot_ids = partner._member_open_lots(MONEY)

    def _member_open_lots(self, kinds):
        """Return what is left of each credit of these kinds, what is spent first."""
        self.ensure_one()
        return self.env["member.lot"].search(
            [
                ("balance_id.partner_id", "=", self._origin.id),
                ("balance_id.asset_id.kind", "in", kinds),
                ("remaining", ">", 0),
            ],
            limit=LINES_SHOWN,
        )

    def _compute_member_timeline_ids(self):
        for partner in self:
            partner.member_timeline_ids = self.env["member.timeline"]._last(
                partner._origin, LINES_SHOWN
            )

    # === ACTIONS === #

    def action_view_member_timeline(self):
        """Open everything that happened with this member."""
        return self._member_list("member_timeline_action", "partner_id")

    def action_view_member_topups(self):
        """Open the top-ups of this member."""
        return self._member_list("member_entry_topup_action", "balance_id.partner_id")

    def action_view_member_holds(self):
        """Open what is reserved of this member's money."""
        action = self._member_list("member_hold_action", "balance_id.partner_id")
        action["context"] = {"search_default_pending": 1}
        return action

    def action_view_member_exceptions(self):
        """Open what is to be settled with this member."""
        action = self._member_list("member_exception_action", "partner_id")
        action["context"] = {"search_default_open": 1}
        return action

    def action_view_member_price_exceptions(self):
        """Open what this member was sold at other prices than the class has."""
        return self._member_list("member_price_exception_action", "partner_id")

    def _member_list(self, action, path):
        """Return a list of ours, narrowed to this member."""
        self.ensure_one()
        values = self.env["ir.actions.act_window"]._for_xml_id(f"member_card.{action}")
        values["domain"] = [(path, "=", self.id)]
        if action == "member_entry_topup_action":
            values["domain"].append(("kind", "in", ("topup", "bonus")))
        values["context"] = {}
        return values
