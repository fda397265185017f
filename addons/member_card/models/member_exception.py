from odoo import api, fields, models
from odoo.exceptions import AccessError


class MemberException(models.Model):
    """A payment or top-up that was done and that a rule would have refused.

    The goods are gone or the money is in the drawer, so the till is not stopped: what
    the wallet did not pay is booked to the member's receivable, what should not have
    been credited is credited, and a supervisor settles it with the member.
    """

    _name = "member.exception"
    _description = "Wallet Exception"
    _inherit = ["member.export.mixin"]
    _order = "id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one(
        "pos.order", readonly=True, required=True, ondelete="restrict", index=True
    )
    payment_id = fields.Many2one(
        "pos.payment", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    order_line_id = fields.Many2one(
        "pos.order.line", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    session_id = fields.Many2one(related="order_id.session_id")
    config_id = fields.Many2one(related="order_id.config_id", string="Till")
    partner_id = fields.Many2one(
        "res.partner", "Member", readonly=True, required=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, required=True, index=True
    )
    currency_id = fields.Many2one("res.currency", readonly=True, required=True)
    amount = fields.Monetary(readonly=True, required=True)
    reason = fields.Selection(
        [
            ("unpaid", "The wallet could not pay any more"),
            ("points", "The points could not be spent any more"),
            ("over_cap", "Top-up over the cap"),
            ("not_allowed", "Top-up of a member who may not hold money"),
        ],
        readonly=True,
        required=True,
    )
    message = fields.Char("Explanation", readonly=True)
    state = fields.Selection(
        [("open", "To settle"), ("done", "Settled")],
        readonly=True,
        required=True,
        default="open",
        index=True,
    )
    resolution = fields.Char(
        "How It Was Settled", help="For example: paid in cash on 3 May."
    )
    done_by_id = fields.Many2one("res.users", "Settled By", readonly=True)
    done_at = fields.Datetime("Settled On", readonly=True)

    _payment_unique = models.UniqueIndex(
        "(payment_id) WHERE payment_id IS NOT NULL", "This payment is listed already."
    )

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su and vals.keys() - {"resolution"}:
            raise AccessError(
                self.env._(
                    "Of a wallet exception only the settlement is written by hand. Use "
                    "the buttons."
                )
            )
        return super().write(vals)

    # === ACTIONS === #

    def action_done(self):
        """Mark as settled, with the user's name; needs the right to settle."""
        self.check_access("write")
        # sudo: these fields are written by this verb only
        self.filtered(lambda exception: exception.state == "open").sudo().write(
            {
                "state": "done",
                "done_by_id": self.env.uid,
                "done_at": fields.Datetime.now(),
            }
        )

    def action_reopen(self):
        """Put back on the list what turned out not to be settled."""
        self.check_access("write")
        # sudo: these fields are written by this verb only
        self.sudo().write({"state": "open", "done_by_id": False, "done_at": False})

    def action_view_order(self):
        """Open the order of this exception."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pos.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _record(self, order, partner, amount, reason, message, **origin):
        """List an exception once; the till's queue goes on.

        :param origin: `payment_id` or `order_line_id`.
        """
        # sudo: the rule speaks here, not the cashier, who may not write these
        exceptions = self.sudo()
        domain = [(name, "=", value) for name, value in origin.items()]
        domain.append(("reason", "=", reason))
        return exceptions.search(domain, limit=1) or exceptions.create(
            {
                "order_id": order.id,
                "partner_id": partner.id,
                "company_id": order.company_id.id,
                "currency_id": order.currency_id.id,
                "amount": amount,
                "reason": reason,
                "message": message,
                **origin,
            }
        )
