from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..external_file import COLUMNS, FileRefused, read_rows
from ..models.member_external_purchase import RIGHT
from .member_external_import_line import BAD, GOOD

EXAMPLE = "/member_ticketing/static/files/purchases_made_elsewhere.csv"


class MemberExternalImport(models.TransientModel):
    """Imports purchases made elsewhere from a table: first a look, then all or none.

    The look says of each row what is wrong with it. Importing records all good rows
    together or, when one fails after all, none; bad rows are left out and stay listed.
    """

    _name = "member.external.import"
    _description = "Import Purchases Made Elsewhere"

    file = fields.Binary("Table", attachment=False, help="Excel (.xlsx) or CSV.")
    filename = fields.Char()
    company_id = fields.Many2one(
        "res.company",
        required=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
    )
    store_id = fields.Many2one(
        "member.store",
        domain="[('company_id', 'child_of', company_id)]",
        help="For rows that name none.",
    )
    state = fields.Selection(
        [("draft", "Choose"), ("checked", "Look"), ("done", "Imported")],
        readonly=True,
        required=True,
        default="draft",
    )
    line_ids = fields.One2many("member.external.import.line", "import_id")
    bad_line_ids = fields.One2many(
        "member.external.import.line",
        "import_id",
        "Rows Left Out",
        domain=[("state", "=", BAD)],
    )
    good_count = fields.Integer("Good Rows", compute="_compute_figures")
    bad_count = fields.Integer("Bad Rows", compute="_compute_figures")
    total = fields.Monetary(compute="_compute_figures")
    points = fields.Float(digits=(16, 2), readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.depends("line_ids.state", "line_ids.amount")
    def _compute_figures(self):
        for wizard in self:
            good = wizard.line_ids.filtered(lambda line: line.state == GOOD)
            wizard.good_count = len(good)
            wizard.bad_count = len(wizard.line_ids) - len(good)
            wizard.total = sum(good.mapped("amount"))

    # === ACTIONS === #

    def action_example(self):
        """Download a table to fill in."""
        return {"type": "ir.actions.act_url", "url": EXAMPLE, "target": "download"}

    def action_check(self):
        """Read the table and say what is wrong with which row; nothing is recorded."""
        self.ensure_one()
        self.env.user._member_require(RIGHT)
        if not self.file:
            raise UserError(self.env._("Choose a table first."))
        labels = {
            name: {name, label, self.env["member.external.import.line"]._label(name)}
            for name, label in COLUMNS.items()
        }
        try:
            rows = read_rows(self.with_context(bin_size=False).file, labels)
        except FileRefused as error:
            raise UserError(self._say_refused(error)) from error
        lines = self.env["member.external.import.line"]
        self.line_ids.unlink()
        self.line_ids = [Command.create(vals) for vals in lines._check_rows(rows, self)]
        self.state = "checked"
        return self._reopen()

    def action_import(self):
        """Record all good rows, or none of them."""
        self.ensure_one()
        self.env.user._member_require(RIGHT)
        if self.state != "checked":
            raise UserError(self.env._("Look at the table first."))
        good = self.line_ids.filtered(lambda line: line.state == GOOD)
        if not good:
            raise UserError(self.env._("No row can be imported. Correct the table."))
        key = f"{self.filename or ''} {fields.Datetime.now()}".strip()
        purchases = self.env["member.external.purchase"].create(
            [{**line._purchase_vals(), "import_key": key} for line in good]
        )
        purchases._record(log=False)
        self.env["member.operator.log"]._log(
            "external_import",
            store=self.store_id or None,
            reference=key,
            detail=self.env._("%(count)s purchases", count=len(purchases)),
        )
        self.points = sum(purchases.mapped("points"))
        self.state = "done"
        return self._reopen()

    def action_view(self):
        """Open the purchases that this import recorded."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_ticketing.member_external_purchase_action"
        )
        good = self.line_ids.filtered(lambda line: line.state == GOOD)
        references = good.mapped("reference")
        action["domain"] = [
            ("reference", "in", references),
            ("company_id", "=", self.company_id.id),
            ("state", "=", "done"),
        ]
        return action

    # === WORDS === #

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Purchases"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _say_refused(self, error):
        words = {
            "unreadable": self.env._(
                "This file cannot be read. Save the table as Excel (.xlsx) or as CSV."
            ),
            "empty": self.env._("The table has no rows below its titles."),
            "too_long": self.env._(
                "The table has more than %(count)s rows. Divide it.", count=error.detail
            ),
            "columns": self.env._(
                "Columns are missing: %(names)s. Download the example to see them.",
                names=", ".join(
                    self.env["member.external.import.line"]._label(name)
                    for name in error.detail or ()
                ),
            ),
        }
        return words[error.code]
