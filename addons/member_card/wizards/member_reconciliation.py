from odoo import Command, api, fields, models
from odoo.tools import format_date

LINES_SHOWN = 1000
"""Members listed at most; those with a difference come first."""


class MemberReconciliation(models.TransientModel):
    """Shows whether wallets and books agree, and where they do not."""

    _name = "member.reconciliation"
    _description = "Wallet Reconciliation"

    date = fields.Date(
        required=True, default=lambda self: self.env.company._member_today()
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company._member_root(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    only_differences = fields.Boolean("Only Members with a Difference")
    ledger = fields.Monetary("Wallets", readonly=True)
    books = fields.Monetary("Deposits Account", readonly=True)
    open = fields.Monetary("Sessions Not Closed", readonly=True)
    draft = fields.Monetary("Drafts", readonly=True)
    difference = fields.Monetary(readonly=True)
    is_balanced = fields.Boolean(readonly=True)
    member_count = fields.Integer("Members", readonly=True)
    line_ids = fields.One2many(
        "member.reconciliation.line", "reconciliation_id", readonly=True
    )
    exception_ids = fields.One2many(
        "member.reconciliation.exception", "reconciliation_id", readonly=True
    )

    @api.depends("date")
    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._(
                "Reconciliation of %s", format_date(self.env, wizard.date)
            )

    # === ACTIONS === #

    @api.model
    def action_open(self):
        """Compare as of today and show the result."""
        self._check_right()
        wizard = self.create({})
        wizard.action_compare()
        return wizard._action()

    def action_compare(self):
        """Compare again, for the date that is set."""
        self.ensure_one()
        self._check_right()
        # sudo: the ledger and the journal items of all branches, whose sums only show
        result = self.sudo().company_id._member_reconcile(self.date)
        members = result["members"]
        different = [member for member in members if member["difference"]]
        shown = (
            different
            if self.only_differences
            else [
                *different,
                *(member for member in members if not member["difference"]),
            ]
        )
        labels = self.company_id._member_exception_kinds()
        self.write(
            {
                **result["totals"],
                "is_balanced": not different,
                "member_count": len(members),
                "line_ids": [
                    Command.clear(),
                    *(Command.create(member) for member in shown[:LINES_SHOWN]),
                ],
                "exception_ids": [
                    Command.clear(),
                    *(
                        Command.create(
                            {
                                "name": labels[each["kind"]][0],
                                "advice": labels[each["kind"]][1],
                                "count": each["count"],
                                "amount": each["amount"],
                                "res_model": each["records"]._name,
                                "res_ids": each["records"].ids,
                            }
                        )
                        for each in result["exceptions"]
                    ),
                ],
            }
        )

    def action_relink(self):
        """Link entries to journal items that a crash left unlinked, then compare."""
        self.ensure_one()
        self._check_right()
        # sudo: linking is the ledger's own act, it moves no value
        self.sudo().company_id._member_relink()
        self.action_compare()

    def _check_right(self):
        self.env.user._member_require("read_ledger")
        self.env["account.move.line"].check_access("read")

    def _action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reconciliation"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }


class MemberReconciliationLine(models.TransientModel):
    """The figures of one member."""

    _name = "member.reconciliation.line"
    _description = "Wallet Reconciliation of a Member"
    _order = "id"

    reconciliation_id = fields.Many2one(
        "member.reconciliation", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="reconciliation_id.currency_id")
    partner_id = fields.Many2one("res.partner", "Member", readonly=True)
    ledger = fields.Monetary("Wallet", readonly=True)
    books = fields.Monetary("Deposits Account", readonly=True)
    open = fields.Monetary("Sessions Not Closed", readonly=True)
    draft = fields.Monetary("Drafts", readonly=True)
    difference = fields.Monetary(readonly=True)
    unlinked_entry_ids = fields.Many2many(
        "member.entry",
        string="Entries without a Journal Item",
        compute="_compute_unlinked",
    )
    manual_item_ids = fields.Many2many(
        "account.move.line",
        string="Journal Items without an Entry",
        compute="_compute_unlinked",
    )

    @api.depends("partner_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.partner_id.display_name or self.env._("No member")

    @api.depends("partner_id", "reconciliation_id.date")
    def _compute_unlinked(self):
        """Find what one side has and the other has not: the usual reason."""
        for line in self:
            wizard, partner = line.reconciliation_id, line.partner_id
            # sudo: both sides of all branches, as in the comparison itself
            company = wizard.sudo().company_id
            line.unlinked_entry_ids = company._member_unlinked(
                company._member_asset("principal"),
                company._member_day_end(wizard.date),
                partner,
            )
            line.manual_item_ids = company._member_manual_items(wizard.date, partner)

    def action_explain(self):
        """Open both sides of this member's difference, what stands alone first."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why the Figures Differ"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_view_entries(self):
        """Open the member's wallet entries."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_card.member_entry_action"
        )
        action["domain"] = [("balance_id.partner_id", "=", self.partner_id.id)]
        action["context"] = {}
        return action

    def action_view_items(self):
        """Open the member's journal items on the deposits account."""
        self.ensure_one()
        account = self.reconciliation_id.company_id.member_deposit_account_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Items"),
            "res_model": "account.move.line",
            "view_mode": "list,form",
            "domain": [
                ("account_id", "=", account.id),
                ("partner_id", "=", self.partner_id.id),
                ("parent_state", "in", ("draft", "posted")),
            ],
            "context": {"create": False},
        }


class MemberReconciliationException(models.TransientModel):
    """One kind of exception, with a button to its records."""

    _name = "member.reconciliation.exception"
    _description = "Wallet Reconciliation Exception"
    _order = "id"

    reconciliation_id = fields.Many2one(
        "member.reconciliation", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="reconciliation_id.currency_id")
    name = fields.Char("What", readonly=True)
    advice = fields.Char("What to Do", readonly=True)
    count = fields.Integer(readonly=True)
    amount = fields.Monetary(readonly=True)
    res_model = fields.Char(readonly=True)
    res_ids = fields.Json(readonly=True)

    def action_view_records(self):
        """Open the records of this kind."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self.res_model,
            "view_mode": "list,form",
            "domain": [("id", "in", self.res_ids)],
            "context": {"create": False},
        }
