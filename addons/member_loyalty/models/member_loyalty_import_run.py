from odoo import api, fields, models

from .member_loyalty_import import SETUP

CRON = "member_loyalty.cron_member_loyalty_import_run"


class MemberLoyaltyImport(models.Model):
    """What one step does not import follows by itself, and can be stopped.

    Each step is a transaction of its own: the cards that it moves are moved and empty,
    or none of them is.
    """

    _inherit = "member.loyalty.import"

    progress = fields.Float(compute="_compute_progress", help="Of the cards, in %.")

    @api.depends("ready_count", "done_count")
    def _compute_progress(self):
        for record in self:
            cards = record.ready_count + record.done_count
            record.progress = 100 * record.done_count / cards if cards else 0

    # === ACTIONS === #

    def action_refresh(self):
        """Show how far it is."""
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_stop(self):
        """Leave the other cards for later."""
        self.ensure_one()
        self.env.user._member_require(SETUP)
        self.check_access("write")
        if self.state == "running":
            self.state = "checked"

    # === JOB === #

    def _go_on_later(self):
        # sudo: who may import may have it done in the background
        self.env.ref(CRON).sudo()._trigger()

    @api.model
    def _cron_run(self):
        """Import the cards that are left of the imports under way; for the job.

        What customers do with their cards meanwhile counts: a card that is not as it
        was listed is looked at again.
        """
        # sudo: the job of every company
        running = self.sudo().search([("state", "=", "running")], order="id")
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=sum(running.mapped("ready_count")))
        for job in running:
            record = job.with_context(lang=job.create_uid.lang)
            record._list_cards()
            while record.state == "running":
                if not progress(record._import_next()):
                    return
            record._notify_end()
        progress(remaining=0)

    def _notify_end(self):
        """Tell who made the import, on whatever page they are."""
        if self.state != "done":
            return
        user = self.create_uid
        user._bus_send(
            "simple_notification",
            {
                "type": "success",
                "sticky": True,
                "message": self.env._(
                    "The import of loyalty cards is done: %(count)s cards.",
                    count=self.done_count,
                ),
            },
        )
