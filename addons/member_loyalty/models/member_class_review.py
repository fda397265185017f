import logging
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.member_card.ledger.cursor import ledger_cursor

from ..class_moves import move, plan

_logger = logging.getLogger(__name__)

SETUP = "member_loyalty.group_member_points_setup"

PREVIEW_HOURS = 24
"""A preview older than this shows figures of another day: it is made anew."""

LOCK_TIMEOUT_MS = 60000
"""How long a review waits for a member whom somebody edits."""

NEWS_LIMIT = 1000
"""Most members that open tills are told of; of others they learn when they ask."""


class MemberClassReview(models.Model):
    """A pass over all members of a company: who rises and who falls, and doing it.

    A preview shows its lines and changes nothing. The lines stay as the record of what
    was decided; each move is a row of the member's history, too.
    """

    _name = "member.class.review"
    _description = "Class Review"
    _inherit = ["member.export.mixin"]
    _order = "date desc, id desc"
    _rec_name = "date"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    date = fields.Datetime("As Of", required=True, readonly=True)
    state = fields.Selection(
        [
            ("planning", "Being Worked Out"),
            ("draft", "Preview"),
            ("moving", "Being Carried Out"),
            ("done", "Carried out"),
        ],
        required=True,
        readonly=True,
        default="draft",
    )
    user_id = fields.Many2one(
        "res.users", "By", readonly=True, help="Empty when the daily job did it."
    )
    up_count = fields.Integer("Rise", readonly=True)
    down_count = fields.Integer("Fall", readonly=True)
    moved_count = fields.Integer("Moved", readonly=True)
    kept_count = fields.Integer(
        "Left As They Are",
        compute="_compute_kept_count",
        help="Their class was changed or fixed, or the rule was deleted, between "
        "preview and review.",
    )
    line_ids = fields.One2many("member.class.review.line", "review_id")

    @api.depends("state", "up_count", "down_count", "moved_count")
    def _compute_kept_count(self):
        for review in self:
            planned = review.up_count + review.down_count
            is_done = review.state == "done"
            review.kept_count = is_done and planned - review.moved_count

    # === ACTIONS === #

    def action_preview(self):
        """Work out who would move today, and show it; nothing changes yet."""
        self.env.user._member_require(SETUP)
        root = self.env.company._member_root()
        if not self.env["member.class.rule"]._for_review(root):
            raise UserError(
                self.env._(
                    "There is no class rule yet: make one under Configuration, Class "
                    "Rules."
                )
            )
        return self._start_preview(root)._action_open()

    def action_carry_out(self):
        """Move the members of this preview; who was changed meanwhile stays.

        :raise UserError: it was done before, or is too old.
        """
        self.ensure_one()
        self.env.user._member_require(SETUP)
        self.check_access("read")
        oldest = fields.Datetime.now() - timedelta(hours=PREVIEW_HOURS)
        if self.state != "draft" or self.date < oldest:
            raise UserError(
                self.env._(
                    "This review was carried out already, or is more than a day old. "
                    "Make a new preview."
                )
            )
        self._start_carry_out()

    def action_discard(self):
        """Forget a preview, also before it is worked out; go back to the list."""
        self.env.user._member_require(SETUP)
        self.check_access("read")
        # sudo: a preview is nobody's record; what was carried out stays
        undone = self.sudo().filtered(lambda each: each.state in ("planning", "draft"))
        undone.unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "member_loyalty.member_class_review_action"
        )

    def action_view_lines(self):
        """Open who moves, grouped by where to."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_loyalty.member_class_review_line_action"
        )
        action["domain"] = [("review_id", "=", self.id)]
        return action

    def action_view_up(self):
        """Open who rises."""
        return self._action_view(True)

    def action_view_down(self):
        """Open who falls."""
        return self._action_view(False)

    def _action_view(self, is_up):
        action = self.action_view_lines()
        action["domain"].append(("is_up", "=", is_up))
        return action

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    # === STARTING === #

    def _start_preview(self, root):
        """Make the preview that somebody asked for; return it."""
        return self._preview(root, self.env.cr, self.env.uid)

    def _start_carry_out(self):
        """Carry out this preview, which may be."""
        with self._own_cursor() as cr:
            moved = self._carry_out(cr, self.env.uid)
        self._told(moved)
        self._log_carried_out(len(moved))

    def _log_carried_out(self, count):
        self.env["member.operator.log"]._log(
            "class_review", reference=str(self.id), detail=str(count)
        )

    # === JOB === #

    @api.model
    def _cron_review(self):
        """Let rise at once who was missed, and review the companies whose day it is."""
        # sudo: the job of every company
        roots = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        for root in roots:
            self.env["member.class.rule"]._raise_at_once(root)
            self._review_when_due(root)

    @api.model
    def _review_when_due(self, root):
        """Review a company if its day has come, and set the next day."""
        today = root._member_today()
        if not root.member_class_next_review or root.member_class_next_review > today:
            return
        self._review_now(root)
        root.member_class_next_review = root._member_class_review_after(today)

    @api.model
    def _review_now(self, root):
        """Review a company in one transaction of its own; return how many moved."""
        if not self.env["member.class.rule"]._for_review(root):
            return 0
        with self._own_cursor() as cr:
            review = self._preview(root, cr)
            moved = review._carry_out(cr)
        self._told(moved)
        _logger.info("class review of %s: %s members moved", root.name, len(moved))
        return len(moved)

    @api.autovacuum
    def _gc_previews(self):
        """Forget previews that can no longer be carried out."""
        oldest = fields.Datetime.now() - timedelta(hours=2 * PREVIEW_HOURS)
        # sudo: nobody's records
        self.sudo().search([("state", "=", "draft"), ("date", "<", oldest)]).unlink()

    # === BUSINESS === #

    @api.model
    def _preview(self, root, cr, user_id=None):
        """Write down who would move; return the review."""
        cr.execute(
            """INSERT INTO member_class_review
                      (company_id, date, state, user_id, moved_count)
               VALUES (%s, date_trunc('second', now() AT TIME ZONE 'utc'), 'draft',
                       %s, 0)
            RETURNING id""",
            [root.id, user_id],
        )
        review = self.browse(cr.fetchone()[0])
        review._plan_lines(root, cr)
        return review

    def _plan_lines(self, root, cr):
        """Write down who would move, by one statement."""
        rules = self.env["member.class.rule"]._for_review(root)
        if not rules:
            return
        cr.execute(
            SQL(
                """WITH line AS (
                       INSERT INTO member_class_review_line (review_id, partner_id,
                              from_class_id, class_id, rule_id, figure, is_up)
                       SELECT %(review)s, * FROM (%(plan)s) AS plan
                    RETURNING is_up
                   )
                   UPDATE member_class_review
                      SET up_count = (SELECT count(*) FROM line WHERE is_up),
                          down_count = (SELECT count(*) FROM line WHERE NOT is_up)
                    WHERE id = %(review)s""",
                review=self.id,
                plan=plan(rules, root, today=root._member_today(), at_review=True),
            )
        )

    def _carry_out(self, cr, user_id=None):
        """Move who is on the lines; return their ids."""
        cr.execute(
            """UPDATE member_class_review SET state = 'done',
                      user_id = coalesce(%s, user_id)
                WHERE id = %s AND state = 'draft' RETURNING company_id""",
            [user_id, self.id],
        )
        if not (row := cr.fetchone()):
            return []
        root = self.env["res.company"].browse(row[0])._member_root()
        source = SQL(
            """SELECT partner_id, from_class_id, class_id, rule_id, figure, is_up
                 FROM member_class_review_line WHERE review_id = %s""",
            self.id,
        )
        cr.execute(
            move(
                source,
                self._rules_that_decided(root),
                root,
                today=root._member_today(),
                user_id=user_id,
                review_id=self.id,
            )
        )
        moved = [partner_id for (partner_id,) in cr.fetchall()]
        cr.execute(
            "UPDATE member_class_review SET moved_count = %s WHERE id = %s",
            [len(moved), self.id],
        )
        return moved

    @api.model
    def _rules_that_decided(self, root):
        """Return the rules of a company for their words, in its language."""
        # sudo: who was shown the lines may have their words; archived ones decided, too
        rules = self.env["member.class.rule"].sudo().with_context(active_test=False)
        rules = rules.search([("company_id", "=", root.id)])
        return rules.with_context(lang=root.partner_id.lang)

    @contextmanager
    def _own_cursor(self):
        """Open a transaction that waits for who edits a member, instead of failing."""
        with ledger_cursor(self.env) as cr:
            cr.execute(
                "SELECT set_config('lock_timeout', %s, true)", [str(LOCK_TIMEOUT_MS)]
            )
            yield cr

    def _told(self, moved):
        self.invalidate_model(flush=False)
        self.env["member.class.review.line"].invalidate_model(flush=False)
        if moved:
            self.env["member.class.rule"]._tell_moved(moved[:NEWS_LIMIT])
