import logging

from odoo import api, fields, models

from .. import ledger

_logger = logging.getLogger(__name__)

MAX_LISTED = 200
"""Problems that one record lists; the number of all of them is always told."""


class MemberLedgerCheck(models.Model):
    """The outcome of one check of the whole ledger, nightly or on demand."""

    _name = "member.ledger.check"
    _description = "Ledger Check"
    _inherit = ["mail.activity.mixin", "mail.thread"]
    _order = "id desc"
    _rec_name = "checked_at"

    checked_at = fields.Datetime(
        "Checked", required=True, readonly=True, default=fields.Datetime.now
    )
    state = fields.Selection(
        [("ok", "All Adds Up"), ("problems", "Problems")],
        required=True,
        readonly=True,
    )
    balance_count = fields.Integer("Balances", readonly=True)
    entry_count = fields.Integer("Entries", readonly=True)
    problem_count = fields.Integer("Problems", readonly=True)
    problem_text = fields.Text("What Does Not Add Up", readonly=True)
    exported_to = fields.Char(
        "Heads Exported To",
        readonly=True,
        help="File outside the database with the newest entry of each balance. Keep a "
        "copy on another machine: it proves that no entry was cut off later.",
    )

    @api.model
    def _cron_check(self):
        """Check everything, keep the outcome, and export the heads if all is well."""
        problems = ledger.verify(self.env)
        balances, entries = self._count()
        check = self.create(
            {
                "state": "problems" if problems else "ok",
                "balance_count": balances,
                "entry_count": entries,
                "problem_count": len(problems),
                "problem_text": "\n".join(
                    f"{problem.balance_id} #{problem.seq} {problem.code}: "
                    f"{problem.message}"
                    for problem in problems[:MAX_LISTED]
                ),
                # a chain that does not add up must not become the reference
                "exported_to": not problems and str(ledger.export_heads(self.env)),
            }
        )
        if problems:
            _logger.error("member ledger: %s problems found", len(problems))
            check._alert()
        return check

    @api.model
    def _count(self):
        """Return how many balances and entries there are."""
        self.env.cr.execute(
            "SELECT count(*), coalesce(sum(seq), 0) FROM member_balance"
        )
        return self.env.cr.fetchone()

    @api.model
    def _cron_recover(self):
        """Apply what a crash left behind; expire holds and lots that are due."""
        ledger.recover(self.env)
        ledger.expire_holds(self.env)
        progress = self.env["ir.cron"]._commit_progress
        for count in ledger.lots_expired(self.env):
            if not progress(count, remaining=1):
                return  # out of time: Odoo calls again for the rest
        progress(remaining=0)

    def action_check_now(self):
        """Run a check on demand and show its outcome."""
        self.browse().check_access("read")
        # sudo: the check reads every company's entries and writes its own outcome
        check = self.sudo()._cron_check()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": check.id,
            "views": [(False, "form")],
        }

    def _alert(self):
        """Give each manager of the membership an activity."""
        managers = self.env.ref("member_card.group_member_manager").all_user_ids
        for user in managers.filtered(lambda user: user.active and not user.share):
            self.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=self.env._("The member ledger does not add up"),
                user_id=user.id,
            )
