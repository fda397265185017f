from odoo import Command, api, models


class EventEvent(models.Model):
    """Performances whose tickets come by mail."""

    _inherit = "event.event"

    @api.model_create_multi
    def create(self, vals_list):
        """See to it that who buys a ticket is sent it, unless somebody chose mails."""
        events = super().create(vals_list)
        for event, vals in zip(events, vals_list, strict=True):
            if "event_mail_ids" not in vals:
                event._member_send_tickets_by_mail()
        return events

    def _member_send_tickets_by_mail(self):
        """Add the mail with the ticket that Odoo's own events have, where it lacks.

        A template of performances may have been set up without.
        """
        self.ensure_one()
        mails = self.event_mail_ids
        if any(mail.interval_type == "after_sub" for mail in mails):
            return
        template = self.env.ref("event.event_subscription", raise_if_not_found=False)
        if template:
            self.event_mail_ids = [
                Command.create(
                    {
                        "interval_nbr": 0,
                        "interval_unit": "now",
                        "interval_type": "after_sub",
                        "template_ref": f"mail.template,{template.id}",
                    }
                )
            ]
