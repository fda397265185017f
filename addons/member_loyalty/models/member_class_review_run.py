from odoo import api, fields, models
from odoo.tools import SQL

from ..class_moves import move
from .member_class_review import SETUP

MANY = 50_000
"""Members from which on a preview is worked out in the background."""

BATCH = 20_000
"""Lines that one transaction carries out; up to so many are done while one waits."""

CRON = "member_loyalty.cron_member_class_review_run"


class MemberClassReview(models.Model):
    """Reviews of many members run in the background, and can be stopped.

    A preview is one statement: when the server goes down, it is made anew. Members
    move a batch at a time, each batch in a transaction of its own that notes how far it
    came: so it goes on where it ended, and nobody moves twice.
    """

    _inherit = "member.class.review"

    handled_count = fields.Integer("Handled", readonly=True)
    last_line_id = fields.Integer(
        readonly=True, help="Lines after this one are still to be handled."
    )
    progress = fields.Float(compute="_compute_progress", help="Of the lines, in %.")

    @api.depends("handled_count", "up_count", "down_count")
    def _compute_progress(self):
        for review in self:
            planned = review.up_count + review.down_count
            review.progress = 100 * review.handled_count / planned if planned else 0

    # === ACTIONS === #

    def action_refresh(self):
        """Show how far it is."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_stop(self):
        """End it here: who has moved stays, the others are in the next preview."""
        self.ensure_one()
        self.env.user._member_require(SETUP)
        self.check_access("read")
        # sudo: nobody may write reviews; this right may stop them
        self.sudo().filtered(lambda review: review.state == "moving").state = "done"

    # === STARTING === #

    def _start_preview(self, root):
        # sudo: whether one runs is no secret to who may start one
        reviews = self.sudo()
        running = reviews.search(
            [
                ("company_id", "=", root.id),
                ("state", "in", ("planning", "moving")),
            ],
            limit=1,
        )
        if running:
            return self.browse(running.id)
        if not self._has_many(root):
            return super()._start_preview(root)
        review = reviews.create(
            {
                "company_id": root.id,
                "date": fields.Datetime.now(),
                "state": "planning",
                "user_id": self.env.uid,
            }
        )
        self._trigger()
        return self.browse(review.id)

    def _start_carry_out(self):
        if self.up_count + self.down_count <= BATCH:
            return super()._start_carry_out()
        # sudo: nobody may write reviews; the right was checked
        self.sudo().write({"state": "moving", "user_id": self.env.uid})
        self._log_carried_out(self.up_count + self.down_count)
        return self._trigger()

    @api.model
    def _has_many(self, root):
        """Tell whether a company has so many members that a preview takes its time."""
        [(count,)] = self.env.execute_query(
            SQL(
                """SELECT count(*) FROM (
                       SELECT FROM res_partner
                        WHERE is_member AND member_company_id = %s LIMIT %s) member""",
                root.id,
                MANY + 1,
            )
        )
        return count > MANY

    def _trigger(self):
        # sudo: who may review may have it done in the background
        self.env.ref(CRON).sudo()._trigger()

    # === RUNNING === #

    @api.model
    def _cron_run(self):
        """Go on with the reviews that were started; for the job."""
        # sudo: the job of every company
        reviews = self.sudo()
        progress = self.env["ir.cron"]._commit_progress
        for review in reviews.search([("state", "=", "planning")], order="id"):
            review._work_out()
            progress(1)
        moving = reviews.search([("state", "=", "moving")], order="id")
        planned = sum(moving.mapped("up_count")) + sum(moving.mapped("down_count"))
        progress(remaining=planned - sum(moving.mapped("handled_count")))
        for review in moving:
            while handled := review._move_batch():
                if not progress(handled):
                    return
        progress(remaining=0)

    def _work_out(self):
        """Write down who would move, in one transaction; it is a preview from then."""
        with self._own_cursor() as cr:
            cr.execute(
                """UPDATE member_class_review SET state = 'draft',
                          date = date_trunc('second', now() AT TIME ZONE 'utc')
                    WHERE id = %s AND state = 'planning' RETURNING id""",
                [self.id],
            )
            if not cr.fetchone():
                return
            self._plan_lines(self.company_id, cr)
            cr.execute(
                "SELECT up_count, down_count FROM member_class_review WHERE id = %s",
                [self.id],
            )
            up, down = cr.fetchone()
        self._told([])
        self._notify(
            self.with_context(lang=self.user_id.lang).env._(
                "The class review is worked out: %(up)s rise, %(down)s fall. Nothing "
                "has changed yet.",
                up=up or 0,
                down=down or 0,
            )
        )

    def _move_batch(self):
        """Move the members of the next lines; return how many lines, 0 at the end."""
        root = self.company_id._member_root()
        rules = self._rules_that_decided(root)
        with self._own_cursor() as cr:
            cr.execute(
                """SELECT last_line_id FROM member_class_review
                    WHERE id = %s AND state = 'moving' FOR UPDATE""",
                [self.id],
            )
            if not (row := cr.fetchone()):
                return 0
            after = row[0] or 0
            cr.execute(
                """SELECT count(*), max(id) FROM (
                       SELECT id FROM member_class_review_line
                        WHERE review_id = %s AND id > %s ORDER BY id LIMIT %s) line""",
                [self.id, after, BATCH],
            )
            count, upto = cr.fetchone()
            moved = self._move_lines(cr, root, rules, after, upto) if count else []
            cr.execute(
                """UPDATE member_class_review
                      SET moved_count = coalesce(moved_count, 0) + %s,
                          last_line_id = %s,
                          handled_count = coalesce(handled_count, 0) + %s,
                          state = CASE WHEN %s THEN 'moving' ELSE 'done' END
                    WHERE id = %s RETURNING moved_count""",
                [len(moved), upto or after, count, bool(count), self.id],
            )
            (moved_count,) = cr.fetchone()
        self._told(moved)
        if not count:
            self._notify(
                self.with_context(lang=self.user_id.lang).env._(
                    "The class review is carried out: %(moved)s members have moved.",
                    moved=moved_count,
                )
            )
        return count

    def _move_lines(self, cr, root, rules, after, upto):
        """Move the members of the lines after one up to another; return their ids."""
        source = SQL(
            """SELECT partner_id, from_class_id, class_id, rule_id, figure, is_up
                 FROM member_class_review_line
                WHERE review_id = %s AND id > %s AND id <= %s""",
            self.id,
            after,
            upto,
        )
        cr.execute(
            move(
                source,
                rules,
                root,
                today=root._member_today(),
                user_id=self.user_id.id,
                review_id=self.id,
            )
        )
        return [partner_id for (partner_id,) in cr.fetchall()]

    def _notify(self, message):
        """Tell who started it, on whatever page they are."""
        self.user_id._bus_send(
            "simple_notification",
            {"type": "success", "sticky": True, "message": message},
        )
