from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.pos_config_collection import PROCESS
from ..models.sale_order_issuing import BATCH


class MemberTicketIssue(models.TransientModel):
    """Issues the tickets of many orders: says beforehand of how many, and what not."""

    _name = "member.ticket.issue"
    _description = "Issue Tickets"

    order_ids = fields.Many2many("sale.order", string="Orders", readonly=True)
    means = fields.Selection(
        [("mail", "Send by E-Mail"), ("print", "Print")],
        "How",
        required=True,
        default="mail",
    )
    has_unpaid = fields.Boolean(
        "Also Unpaid Orders", help="Confirmed orders that are paid later, by invoice."
    )
    has_issued = fields.Boolean(
        "Also Tickets Issued Before", help="Sends or prints them a second time."
    )
    order_count = fields.Integer("Orders to Issue", compute="_compute_figures")
    ticket_count = fields.Integer("Tickets to Issue", compute="_compute_figures")
    unpaid_count = fields.Integer("Unpaid", compute="_compute_figures")
    issued_count = fields.Integer("Issued Before", compute="_compute_figures")
    unconfirmed_count = fields.Integer("Not Confirmed", compute="_compute_figures")
    no_mail_names = fields.Char("Without E-Mail", compute="_compute_figures")
    is_long = fields.Boolean(compute="_compute_figures")

    @api.model
    def _action(self, orders):
        """Return the window action that opens the wizard for these orders."""
        self.env.user._member_require(PROCESS)
        if not orders:
            raise UserError(self.env._("Choose orders with tickets first."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issue Tickets"),
            "res_model": self._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_ids": [Command.set(orders.ids)]},
        }

    # === COMPUTE === #

    @api.depends("order_ids", "means", "has_unpaid", "has_issued")
    def _compute_figures(self):
        for wizard in self:
            orders, tickets = wizard._ready()
            # sudo: whether orders are paid is no secret to who issues their tickets
            confirmed = wizard.order_ids._origin.sudo().filtered(
                lambda order: order._member_open_tickets()
            )
            wizard.order_count, wizard.ticket_count = len(orders), len(tickets)
            wizard.unpaid_count = len(
                confirmed.filtered(lambda order: not order._member_is_paid())
            )
            wizard.issued_count = len(
                confirmed.filtered(lambda order: order.member_is_ticketed == "all")
            )
            wizard.unconfirmed_count = len(wizard.order_ids) - len(confirmed)
            nobody = confirmed.filtered(lambda order: not order.partner_id.email)
            wizard.no_mail_names = wizard.means == "mail" and ", ".join(
                nobody.partner_id.mapped("name")
            )
            wizard.is_long = wizard.means == "mail" and len(orders) > BATCH

    def _ready(self):
        """Return the orders and the tickets that are issued now, both in sudo mode."""
        # sudo: an order's tickets are issued whoever sold it, and unpaid ones are not
        orders = self.order_ids._origin.sudo()
        if not self.has_unpaid:
            orders = orders.filtered(lambda order: order._member_is_paid())
        if not self.has_issued:
            orders = orders.filtered(lambda order: order.member_is_ticketed != "all")
        if self.means == "mail":
            orders = orders.filtered("partner_id.email")
        orders = orders.filtered(lambda order: order._member_open_tickets())
        tickets = orders._member_open_tickets()
        if self.means == "print" and not self.has_issued:
            tickets = tickets.filtered(lambda each: not each.member_ticketed_at)
        return orders, tickets

    # === ACTIONS === #

    def action_issue(self):
        """Send or print, note it on each ticket, and say what was done."""
        self.ensure_one()
        self.env.user._member_require(PROCESS)
        # read as the caller: an order that they may not see is not issued
        self.order_ids.check_access("read")
        orders, tickets = self._ready()
        if not tickets:
            raise UserError(
                self.env._(
                    "None of these orders is ready: they are unpaid, issued before or "
                    "without an e-mail address. Tick what to issue all the same."
                )
            )
        if self.means == "print":
            tickets._member_issue()
            tickets._member_log_tickets("ticket_issue")
            return tickets._member_print_action()
        sent = orders._member_queue_tickets()
        if sent:
            message = self.env._(
                "%(tickets)s tickets of %(orders)s orders were sent.",
                tickets=len(tickets),
                orders=len(orders),
            )
        else:
            message = self.env._(
                "%(orders)s orders are sent in the background. The list shows which "
                "are still waiting.",
                orders=len(orders),
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
