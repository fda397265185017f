from odoo import models


class EventMailRegistration(models.Model):
    """The mail that Odoo sends after the sale carries the ticket: it is issued then."""

    _inherit = "event.mail.registration"

    def _execute_on_registrations(self):
        done = super()._execute_on_registrations()
        tickets = done.filtered(
            lambda each: each.scheduler_id.interval_type == "after_sub"
        ).registration_id
        # sudo: whoever sells may have the mail sent
        tickets.sudo()._member_issue()
        return done
