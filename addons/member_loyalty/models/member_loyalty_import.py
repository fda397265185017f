from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.member_card import ledger

BATCH = 1000
"""Cards that one step imports: all of them or, when one fails, none. So many are
imported while somebody waits."""

SETUP = "member_loyalty.group_member_points_setup"


class MemberLoyaltyImport(models.Model):
    """Moves the points of Odoo's loyalty cards to the members' own, once per card.

    First a list says of every card what will happen and why not; then the good ones
    are moved, as opening entries, and emptied. May be repeated: what was imported is
    never imported again.
    """

    _name = "member.loyalty.import"
    _description = "Import of Loyalty Cards"
    _inherit = ["member.export.mixin"]
    _order = "id desc"
    _rec_name = "create_date"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
    )
    program_ids = fields.Many2many(
        "loyalty.program",
        string="Loyalty Programs",
        domain="[('program_type', '=', 'loyalty'), "
        "('company_id', 'in', (False, company_id))]",
        default=lambda self: self._default_program_ids(),
    )
    registers = fields.Boolean(
        "Make Members of Customers",
        help="Customers who have a card with points and are no members become members "
        "of the class below. Otherwise their cards are listed and stay as they are.",
    )
    class_id = fields.Many2one(
        "member.class",
        domain="[('company_id', 'in', (False, company_id))]",
        default=lambda self: self.env.company._member_default_class(),
    )
    archives = fields.Boolean(
        "Archive the Programs Afterwards",
        default=True,
        help="Otherwise they go on earning beside the members' points.",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("checked", "Checked"),
            ("running", "Being Imported"),
            ("done", "Imported"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    line_ids = fields.One2many("member.loyalty.import.line", "import_id")
    ready_count = fields.Integer("To Import", compute="_compute_figures")
    ready_points = fields.Float(
        "Points to Import", digits=(16, 2), compute="_compute_figures"
    )
    skipped_count = fields.Integer("Left as They Are", compute="_compute_figures")
    skipped_points = fields.Float(
        "Points Left on Cards", digits=(16, 2), compute="_compute_figures"
    )
    done_count = fields.Integer("Imported", compute="_compute_figures")
    done_points = fields.Float(
        "Points Imported", digits=(16, 2), compute="_compute_figures"
    )
    points_before = fields.Float(
        "Members' Points Before", digits=(16, 2), readonly=True
    )
    points_after = fields.Float(
        "Members' Points After", digits=(16, 2), compute="_compute_figures"
    )

    @api.model
    def _default_program_ids(self):
        return self.env["loyalty.program"].search(
            [
                ("program_type", "=", "loyalty"),
                ("company_id", "in", (False, self.env.company.root_id.id)),
            ]
        )

    @api.depends("line_ids.state", "line_ids.amount", "points_before")
    def _compute_figures(self):
        figures = {
            (record, state): (count, points, amount)
            for record, state, count, points, amount in self.env[
                "member.loyalty.import.line"
            ]._read_group(
                [("import_id", "in", self.ids)],
                ["import_id", "state"],
                ["__count", "points:sum", "amount:sum"],
            )
        }
        for record in self:
            ready, skipped, done = (
                figures.get((record._origin, state), (0, 0, 0))
                for state in ("ready", "skipped", "done")
            )
            record.ready_count, record.ready_points = ready[0], ready[2]
            record.skipped_count, record.skipped_points = skipped[0], skipped[1]
            record.done_count, record.done_points = done[0], done[2]
            record.points_after = record.points_before + done[2]

    # === ACTIONS === #

    def action_check(self):
        """List every card with points: what will happen to it, and why not.

        :raise UserError: it is being imported.
        """
        self.ensure_one()
        self.env.user._member_require(SETUP)
        self.check_access("write")
        self._check_not_running()
        self._check_setup()
        self._list_cards()
        self.state = "checked"

    def action_import(self):
        """Import the cards that are ready: a batch now, the others in the background.

        What a customer did with a card since the check counts: it is looked at again.

        :raise UserError: it is being imported.
        """
        self.ensure_one()
        self.env.user._member_require(SETUP)
        self.check_access("write")
        self._check_not_running()
        self._check_setup()
        self._list_cards()
        count = self.ready_count
        if not count:
            return
        if not self.done_count:
            self.points_before = self._members_points()
        self.env["member.operator.log"]._log(
            "loyalty_import", reference=str(self.id), detail=str(count)
        )
        self._import_next()
        if self.state == "running":
            self._go_on_later()

    def action_view_lines(self):
        """Open the cards of this import."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_loyalty.member_loyalty_import_line_action"
        )
        action["domain"] = [("import_id", "=", self.id)]
        return action

    # === BUSINESS === #

    def _check_not_running(self):
        if self.state == "running":
            raise UserError(
                self.env._("These cards are being imported: wait for it, or stop it.")
            )

    def _import_next(self):
        """Import the next cards that are ready; return how many."""
        lines = self.env["member.loyalty.import.line"]
        ready = [("import_id", "=", self.id), ("state", "=", "ready")]
        batch = lines.search(ready, limit=BATCH)
        if any(line._is_outdated() for line in batch):
            self._list_cards()
            batch = lines.search(ready, limit=BATCH)
        if batch:
            batch._import()
        is_done = not lines.search_count(ready, limit=1)
        self.state = "done" if is_done else "running"
        if is_done and self.archives:
            # sudo: who sets points up need not be able to edit programs
            self.sudo().program_ids.active = False
        return len(batch)

    def _check_setup(self):
        if not self.company_id._member_asset("points"):
            raise UserError(
                self.env._(
                    "Points are not set up for %(company)s. Install its chart of "
                    "accounts, then update the Member Loyalty app.",
                    company=self.company_id.name,
                )
            )
        programs = self.program_ids
        if not programs or set(programs.mapped("program_type")) != {"loyalty"}:
            raise UserError(self.env._("Choose the loyalty programs to import."))
        if self.registers and not self.class_id:
            raise UserError(self.env._("Choose the class of the new members."))

    def _members_points(self):
        """Return all points that members have in this company now."""
        self.env.cr.execute(
            "SELECT coalesce(sum(amount), 0) FROM member_balance WHERE asset_id = %s",
            [self.company_id._member_asset("points").id],
        )
        return float(self.env.cr.fetchone()[0])

    def _list_cards(self):
        """Write a line for each card that has points and is not imported by this."""
        # sudo: lines are written by this verb only
        lines = self.env["member.loyalty.import.line"].sudo()
        lines.search([("import_id", "=", self.id), ("state", "!=", "done")]).unlink()
        self.env.flush_all()
        asset = self.company_id._member_asset("points")
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO member_loyalty_import_line
                       (import_id, card_id, program_id, partner_id, points, amount,
                        reason, state, member_points)
                SELECT %(import)s, c.id, c.program_id, c.partner_id, c.points,
                       CASE WHEN c.reason IS NULL THEN c.amount ELSE 0 END, c.reason,
                       CASE WHEN c.reason IS NULL THEN 'ready' ELSE 'skipped' END,
                       coalesce(b.amount, 0)
                  FROM (
                    SELECT card.*, round(card.points::numeric, %(digits)s) AS amount,
                           CASE
                           WHEN p.id IS NULL THEN 'no_customer'
                           WHEN done.id IS NOT NULL THEN 'before'
                           WHEN round(card.points::numeric, %(digits)s) <= 0
                                THEN 'too_few'
                           WHEN card.points >= %(most)s THEN 'too_many'
                           WHEN NOT p.active OR (p.company_id IS NOT NULL
                                AND p.company_id NOT IN (%(branches)s)
                                AND p.is_member IS NOT TRUE) THEN 'other_company'
                           WHEN p.is_member IS NOT TRUE AND NOT %(registers)s
                                THEN 'no_member'
                           WHEN p.is_member AND p.member_company_id <> %(company)s
                                THEN 'other_company'
                           WHEN p.member_state = 'cancelled' THEN 'cancelled'
                            END AS reason
                      FROM loyalty_card card
                 LEFT JOIN res_partner p ON p.id = card.partner_id
                 LEFT JOIN member_posting done ON done.asset_id = %(asset)s
                       AND done.kind = 'opening'
                       AND done.request_key = 'loyalty.card:' || card.id
                     WHERE card.program_id = ANY(%(programs)s) AND card.active
                       AND card.points <> 0
                       ) AS c
             LEFT JOIN member_balance b ON b.partner_id = c.partner_id
                   AND b.asset_id = %(asset)s AND b.merged_into_id IS NULL
              ORDER BY c.program_id, c.id""",
                **{"import": self.id},
                digits=asset.decimal_places,
                registers=bool(self.registers),
                company=self.company_id.id,
                branches=SQL(
                    "SELECT id FROM res_company WHERE parent_path LIKE %s",
                    f"{self.company_id.parent_path}%",
                ),
                asset=asset.id,
                most=ledger.MAX_AMOUNT,
                programs=self.program_ids.ids,
            )
        )
        self.line_ids.invalidate_model()
        self.invalidate_recordset()
