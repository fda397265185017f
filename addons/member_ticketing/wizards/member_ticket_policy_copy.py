from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class MemberTicketPolicyCopy(models.TransientModel):
    """Copies sales policies to performances, and says beforehand what it leaves out."""

    _name = "member.ticket.policy.copy"
    _description = "Copy Sales Policies"

    source = fields.Selection(
        [("event", "A Performance"), ("type", "A Template")],
        "Copy From",
        required=True,
        default="event",
    )
    source_event_id = fields.Many2one(
        "event.event", "Performance", domain="[('id', 'not in', event_ids)]"
    )
    source_type_id = fields.Many2one("event.type", "Template")
    event_ids = fields.Many2many("event.event", string="Copy To")
    event_type_id = fields.Many2one("event.type", "To Template")
    is_moving = fields.Boolean(
        "Move Dates with the Performance",
        default=True,
        help="A sale that opened a week before the other performance opens a week "
        "before this one.",
    )
    is_replacing = fields.Boolean(
        "Replace What Is There",
        help="The policies that the performance has are archived first. Tickets that "
        "were sold by them stay as they are.",
    )
    copied_count = fields.Integer(compute="_compute_plan")
    archived_count = fields.Integer(compute="_compute_plan")
    skipped_note = fields.Text(compute="_compute_plan")

    @api.model
    def default_get(self, fields):
        """Take the performances of the list, or the one whose form is open."""
        values = super().default_get(fields)
        model = self.env.context.get("active_model")
        ids = self.env.context.get("active_ids") or []
        if model == "event.event":
            values["event_ids"] = [Command.set(ids)]
        elif model == "event.type":
            values |= {"event_type_id": ids[0], "source": "type"}
        return values

    def _places(self):
        """Return the performances, or the template, that get the policies."""
        return self.event_ids or self.event_type_id

    def _policies(self):
        source = self.source_event_id
        if self.source == "type":
            source = self.source_type_id
        return source.member_ticket_policy_ids.filtered("active")

    @api.depends(
        "source",
        "source_event_id",
        "source_type_id",
        "event_ids",
        "event_type_id",
        "is_moving",
        "is_replacing",
    )
    def _compute_plan(self):
        for wizard in self:
            plans = {place: wizard._plan(place) for place in wizard._places()._origin}
            there = wizard._places()._origin.member_ticket_policy_ids
            wizard.copied_count = sum(
                bool(each.vals) for plan in plans.values() for each in plan
            )
            wizard.archived_count = len(there) if wizard.is_replacing else 0
            wizard.skipped_note = "\n".join(
                self.env._(
                    "%(place)s: not “%(policy)s”, %(reason)s.",
                    place=place.display_name,
                    policy=each.policy.name,
                    reason=each.reason,
                )
                for place, plan in plans.items()
                for each in plan
                if not each.vals
            )

    def _plan(self, place):
        return self._policies()._plan_copy(
            place, self.is_moving, is_replacing=self.is_replacing
        )

    def action_copy(self):
        """Copy what can be, and say how much that was.

        :raise UserError: there is nothing to copy.
        """
        self.ensure_one()
        if not self.copied_count:
            raise UserError(
                self.env._(
                    "There is nothing to copy. Choose a performance or a template "
                    "with sales policies whose tickets have the same names."
                )
            )
        count = 0
        for place in self._places():
            policies = self._policies()
            count += len(
                policies._copy_to(place, self.is_moving, is_replacing=self.is_replacing)
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%(count)s policies copied.", count=count),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
