from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

REASONS = [
    ("no_seat", "Paid, and no seat was left"),
    ("underpaid", "Less paid than was due"),
    ("surplus", "More paid than was due"),
    ("not_refunded", "Money that has to be given back"),
    ("refunded", "Given back at the payment provider"),
]


class MemberTicketException(models.Model):
    """A ticket that was paid for and could not be given, or whose money went back.

    The money came too late for the seat: an order of a till waited for the network, a
    shopper's payment arrived after the cart had run out. Nobody is refused then; what
    happened is listed here, and somebody gives a seat or the money back.

    The document is an order of a till or a sale order; `key` names what went wrong, so
    that the same thing is listed once, however often it is tried.
    """

    _name = "member.ticket.exception"
    _description = "Ticket Exception"
    _inherit = ["mail.thread", "mail.activity.mixin", "member.export.mixin"]
    _order = "id desc"

    key = fields.Char(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, index=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    message = fields.Char("Explanation", readonly=True)
    pos_order_id = fields.Many2one(
        "pos.order",
        "Order at a Till",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    pos_order_line_id = fields.Many2one(
        "pos.order.line", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    sale_order_id = fields.Many2one(
        "sale.order", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    transaction_id = fields.Many2one(
        "payment.transaction",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null"
    )
    event_id = fields.Many2one(
        "event.event",
        "Performance",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
    )
    slot_id = fields.Many2one("event.slot", readonly=True, ondelete="restrict")
    ticket_id = fields.Many2one(
        "event.event.ticket", readonly=True, ondelete="restrict"
    )
    quantity = fields.Integer("Seats", readonly=True)
    amount = fields.Monetary(
        readonly=True, help="What was paid for these seats, with taxes."
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    store_id = fields.Many2one("member.store", readonly=True, ondelete="restrict")
    config_id = fields.Many2one(related="pos_order_id.config_id", string="Till")
    state = fields.Selection(
        [("open", "To settle"), ("settled", "Settled")],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    resolution = fields.Char(
        "How It Was Settled", help="For example: seats in Stalls B given instead."
    )
    is_seat_given = fields.Boolean("Seats Given After All", readonly=True)
    settled_by_id = fields.Many2one("res.users", readonly=True)
    settled_at = fields.Datetime("Settled On", readonly=True)

    _key_unique = models.Constraint("UNIQUE (key)", "This is listed already.")

    @api.depends("pos_order_id", "sale_order_id", "event_id")
    def _compute_display_name(self):
        for exception in self:
            document = exception._document()
            exception.display_name = " · ".join(
                filter(None, (document.display_name, exception.event_id.name))
            )

    # === CRUD METHODS === #

    def write(self, vals):
        allowed = {"resolution", "activity_ids"}
        if not self.env.su and vals.keys() - allowed:
            raise AccessError(
                self.env._(
                    "Of a ticket exception only the settlement is written by hand. Use "
                    "the buttons."
                )
            )
        return super().write(vals)

    # === ACTIONS === #

    def action_settle(self):
        """Mark as settled, with the user's name."""
        self.check_access("write")
        self._settle()

    def action_reopen(self):
        """Put back on the list what turned out not to be settled."""
        self.check_access("write")
        # sudo: these fields are written by this verb only
        self.sudo().write(
            {"state": "open", "settled_by_id": False, "settled_at": False}
        )

    def action_give_seats(self):
        """Try again: seats may have come back meanwhile.

        :raise UserError: there is still none.
        """
        self.check_access("write")
        for exception in self:
            if exception.state != "open":  # also one that was settled with another
                continue
            exception._give_seats()
            # sudo: written by this verb only
            exception.sudo().is_seat_given = True
            exception._settle(self.env._("Seats were given after all."))

    def action_refund(self):
        """Open what gives the money back: the refund of the order, or its payment."""
        self.ensure_one()
        self.check_access("write")
        if self.pos_order_id:
            return self.pos_order_id.refund()
        return self.action_view_document()

    def action_view_document(self):
        """Open the order, or the payment where there is none."""
        self.ensure_one()
        document = self._document()
        return {
            "type": "ir.actions.act_window",
            "res_model": document._name,
            "res_id": document.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    def _document(self):
        """Return the order this is about; the payment where there is no order."""
        self.ensure_one()
        return self.pos_order_id or self.sale_order_id or self.transaction_id

    def _give_seats(self):
        """Give the seats that were missing; for add-ons and other channels.

        :raise UserError: there is none, or this exception waits for none.
        """
        self.ensure_one()
        raise UserError(self.env._("No seats wait here. Give the money back instead."))

    def _settle(self, resolution=None):
        """Close what is open, and its activities."""
        # sudo: these fields are written by this verb only
        for exception in self.sudo().filtered(lambda each: each.state == "open"):
            exception.write(
                {
                    "state": "settled",
                    "settled_by_id": self.env.uid,
                    "settled_at": fields.Datetime.now(),
                    "resolution": exception.resolution or resolution,
                }
            )
            exception.activity_unlink(["mail.mail_activity_data_warning"])

    @api.model
    def _record(self, key, reason, message, document, **values):
        """List once what went wrong, with an activity for who is responsible.

        :param key: what it is, e.g. `pol:` and the uuid of the order line.
        :param document: the `pos.order` or `sale.order`.
        :param values: further fields: partner_id, event_id, slot_id, ticket_id,
            quantity, amount, transaction_id, pos_order_line_id.
        """
        # sudo: the rule speaks here, not the cashier, who may not write these
        exceptions = self.sudo()
        if found := exceptions.search([("key", "=", key)], limit=1):
            return found
        is_till = document._name == "pos.order"
        exception = exceptions.create(
            {
                "key": key,
                "date": fields.Datetime.now(),
                "reason": reason,
                "message": message,
                "pos_order_id" if is_till else "sale_order_id": document.id,
                "partner_id": document.partner_id.id,
                "company_id": document.company_id.id,
                "currency_id": document.currency_id.id,
                "store_id": document.config_id.sudo().member_store_id.id
                if is_till
                else False,
                **values,
            }
        )
        exception._ask_for_help(message)
        return exception

    def _ask_for_help(self, note):
        """Give who is responsible an activity: somebody has to look at this."""
        self.ensure_one()
        reasons = self._fields["reason"]._description_selection(self.env)
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            user_id=self._responsible().id,
            summary=dict(reasons)[self.reason],
            note=note,
        )

    def _responsible(self):
        """Return who looks after this: the performance's, else a supervisor."""
        self.ensure_one()
        if user := self.event_id.user_id.filtered(
            lambda user: user.has_group("member_card.group_member_supervisor")
        ):
            return user
        group = self.env.ref("member_card.group_member_supervisor")
        supervisors = self.env["res.users"].search(
            [
                ("all_group_ids", "in", group.ids),
                ("company_ids", "in", self.company_id.ids),
                ("share", "=", False),
                ("id", "!=", SUPERUSER_ID),
            ],
            order="id",
        )
        here = supervisors.filtered(
            lambda user: self.store_id and self.store_id in user.member_store_ids
        )
        return (here or supervisors or self.event_id.user_id or self.env.user)[:1]
