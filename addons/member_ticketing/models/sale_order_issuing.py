from odoo import api, fields, models
from odoo.exceptions import UserError

BATCH = 20
"""Orders whose tickets are sent while the operator waits; more go in the background."""


class SaleOrder(models.Model):
    """Issues the tickets of orders: sent by mail, at once or in the background."""

    _inherit = "sale.order"

    member_issue_asked_at = fields.Datetime(
        "Tickets Being Sent",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Empty again when the tickets have been sent.",
    )
    member_issue_asked_by_id = fields.Many2one(
        "res.users", "Sent By", readonly=True, copy=False, ondelete="set null"
    )

    def _member_open_tickets(self):
        """Return the valid tickets of these orders."""
        return self.order_line.registration_ids.filtered(
            lambda each: each.active and each.state in ("open", "done")
        )

    def _member_ticket_links(self):
        """Return {event, when, count, url} for each performance of the order."""
        self.ensure_one()
        base = self.get_base_url()
        links = []
        for event, tickets in self._member_open_tickets().grouped("event_id").items():
            ids = sorted(tickets.ids)
            code = event._get_tickets_access_hash(ids)
            links.append(
                {
                    "event": event.name,
                    "when": ", ".join(
                        dict.fromkeys(each._member_when() for each in tickets)
                    ),
                    "count": len(tickets),
                    "url": f"{base}/event/{event.id}/my_tickets"
                    f"?registration_ids={ids}&tickets_hash={code}&responsive_html=1",
                }
            )
        return links

    def _member_queue_tickets(self):
        """Send the tickets of these orders: some now, many in the background.

        `self` in sudo mode, and checked by the caller.

        :return: the orders that were sent already.
        """
        if len(self) > BATCH:
            self.write(
                {
                    "member_issue_asked_at": fields.Datetime.now(),
                    "member_issue_asked_by_id": self.env.uid,
                }
            )
            self.env.ref("member_ticketing.cron_member_send_tickets")._trigger()
            return self.browse()
        for order in self:
            order._member_send_tickets()
        return self

    def _member_send_tickets(self):
        """Mail the order's tickets to who bought them, and note that they are issued.

        :raise UserError: there is nobody to send them to.
        """
        self.ensure_one()
        tickets = self._member_open_tickets()
        if not self.partner_id.email:
            raise UserError(
                self.env._(
                    "%(customer)s has no e-mail address. Add one, or print the "
                    "tickets.",
                    customer=self.partner_id.name,
                )
            )
        template = self.env.ref("member_ticketing.mail_template_tickets")
        template.send_mail(
            self.id,
            email_values={"attachment_ids": self._member_ticket_pdf(tickets).ids},
        )
        tickets._member_issue()
        tickets._member_log_tickets("ticket_issue")

    def _member_ticket_pdf(self, tickets):
        """Return an attachment with all tickets; none where PDFs cannot be made.

        The mail has links to the tickets beside it.
        """
        reports = self.env["ir.actions.report"]
        attachments = self.env["ir.attachment"]
        if reports.get_wkhtmltopdf_state() not in ("ok", "upgrade"):
            return attachments
        content, kind = tickets._member_tickets_pdf()
        return attachments.create(
            {
                "name": self.env._("Tickets %(order)s", order=self.name) + f".{kind}",
                "raw": content,
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    @api.model
    def _cron_member_send_tickets(self):
        """Send what was asked for in the background, the oldest first."""
        waiting = self.search(
            [("member_issue_asked_at", "!=", False)], order="member_issue_asked_at, id"
        )
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=len(waiting))
        for order in waiting:
            asked_by = order.member_issue_asked_by_id or self.env.user
            # sudo: the right was checked when it was asked for; the name stays
            sender = order.with_user(asked_by).sudo()
            try:
                with self.env.cr.savepoint():
                    sender._member_send_tickets()
            except UserError as error:
                order.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=asked_by.id,
                    summary=self.env._("Tickets not sent"),
                    note=str(error),
                )
            order.write(
                {"member_issue_asked_at": False, "member_issue_asked_by_id": False}
            )
            if not progress(1):
                break
