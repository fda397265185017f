from odoo import api, fields, models
from odoo.exceptions import AccessError

REASONS = [
    ("discount", "Discount by hand"),
    ("price", "Other price"),
    ("pricelist", "Pricelist of somebody else"),
    ("stale", "Price changed while the till was open"),
    ("tax", "Other taxes"),
    ("total", "Total does not add up"),
]


class MemberPriceException(models.Model):
    """A paid order line that cost other than the server computes.

    The goods are gone, so the sale stands and somebody looks at it. What the settings
    or an approval allowed is here too, as allowed: the list is complete.
    """

    _name = "member.price.exception"
    _description = "Price Exception"
    _inherit = ["member.export.mixin"]
    _order = "id desc"
    _rec_name = "order_id"

    date = fields.Datetime(readonly=True, required=True, index=True)
    order_id = fields.Many2one(
        "pos.order", readonly=True, required=True, ondelete="cascade", index=True
    )
    order_line_id = fields.Many2one(
        "pos.order.line", readonly=True, ondelete="cascade", index="btree_not_null"
    )
    product_id = fields.Many2one(related="order_line_id.product_id")
    session_id = fields.Many2one(related="order_id.session_id")
    config_id = fields.Many2one(
        "pos.config", "Till", readonly=True, required=True, ondelete="restrict"
    )
    store_id = fields.Many2one("member.store", readonly=True, ondelete="restrict")
    user_id = fields.Many2one("res.users", "Operator", readonly=True)
    employee_id = fields.Many2one(
        "hr.employee",
        "Cashier",
        readonly=True,
        groups="hr.group_hr_user,member_card.group_member_discount",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", readonly=True, index="btree_not_null"
    )
    company_id = fields.Many2one("res.company", readonly=True, required=True)
    currency_id = fields.Many2one("res.currency", readonly=True, required=True)
    expected = fields.Monetary(
        "Should Cost", readonly=True, help="With taxes, for the whole line."
    )
    actual = fields.Monetary("Cost", readonly=True)
    difference = fields.Monetary(
        readonly=True, help="Negative: the shop received less than it should have."
    )
    reason = fields.Selection(REASONS, readonly=True, required=True)
    is_late = fields.Boolean(
        "Said to Be Late",
        readonly=True,
        help="The till says that this order had waited for the network; nothing but "
        "its own clock shows that. Where wrong prices are refused, it passed for this "
        "reason alone: ask why.",
    )
    approval_id = fields.Many2one("member.approval", readonly=True)
    approver_id = fields.Many2one(related="approval_id.approver_id")
    state = fields.Selection(
        [("open", "To Look At"), ("allowed", "Allowed"), ("accepted", "Accepted")],
        readonly=True,
        required=True,
        default="open",
        index=True,
        help="Allowed: by the settings or by an approval at the till. Accepted: "
        "somebody has looked at it since.",
    )
    note = fields.Char(help="For example: agreed with the customer by telephone.")
    accepted_by_id = fields.Many2one("res.users", readonly=True)
    accepted_at = fields.Datetime("Accepted On", readonly=True)

    # === CRUD METHODS === #

    def write(self, vals):
        if not self.env.su and vals.keys() - {"note"}:
            raise AccessError(
                self.env._(
                    "Of a price exception only the note is written by hand. Use the "
                    "buttons."
                )
            )
        return super().write(vals)

    # === ACTIONS === #

    def action_accept(self):
        """Accept what was looked at; needs the right to give discounts."""
        self.check_access("write")
        # sudo: these fields are written by this verb only
        self.filtered(lambda each: each.state == "open").sudo().write(
            {
                "state": "accepted",
                "accepted_by_id": self.env.uid,
                "accepted_at": fields.Datetime.now(),
            }
        )

    def action_reopen(self):
        """Put back on the list what was accepted by mistake."""
        self.check_access("write")
        # sudo: these fields are written by this verb only
        self.filtered(lambda each: each.state == "accepted").sudo().write(
            {"state": "open", "accepted_by_id": False, "accepted_at": False}
        )

    def action_view_order(self):
        """Open the order."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "pos.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS === #

    @api.model
    def _record(self, order, findings):
        """List the findings of a paid order."""
        # sudo: the rule speaks here, not the cashier, who may not write these
        return self.sudo().create(
            [
                {
                    "date": fields.Datetime.now(),
                    "order_id": order.id,
                    "order_line_id": finding.line.id,
                    "config_id": order.config_id.id,
                    "store_id": order.config_id.member_store_id.id,
                    "user_id": order.env.uid,
                    "employee_id": order.employee_id.id,
                    "partner_id": order.partner_id.id,
                    "company_id": order.company_id.id,
                    "currency_id": order.currency_id.id,
                    "expected": finding.expected,
                    "actual": finding.actual,
                    "difference": finding.actual - finding.expected,
                    "reason": finding.reason,
                    "is_late": order._member_is_late(),
                    "approval_id": finding.approval.id if finding.approval else False,
                    "state": "allowed" if finding.is_allowed else "open",
                }
                for finding in findings
            ]
        )
