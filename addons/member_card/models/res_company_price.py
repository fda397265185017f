from odoo import fields, models


class ResCompany(models.Model):
    """How strictly prices are kept at the till: the root company's, as the rest."""

    _inherit = "res.company"

    member_price_policy = fields.Selection(
        [
            ("list", "Let the sale through and list it"),
            ("refuse", "Refuse it at the till"),
        ],
        string="Orders with a Wrong Price",
        default="list",
        required=True,
        help="The server computes again what each line of a member's order should have "
        "cost. A difference that nobody allowed is listed under Price Exceptions; "
        "refused at the till, the cashier reads what is wrong. Orders that arrive late "
        "are listed in any case, since the goods are gone; only the till's clock says "
        "that they are late, so the list and the operator log name them.",
    )
    member_approve_discounts = fields.Boolean(
        "Discounts Need a Supervisor",
        help="A discount or a lower price that a cashier types needs the approval PIN "
        "of somebody who has the right to give discounts. Of everybody's orders, not "
        "only of members'.",
    )
    member_discount_limit = fields.Float(
        "Without Approval up to (%)",
        digits=(5, 2),
        help="Discounts up to this percentage need nobody. 0 means that each one does.",
    )

    _discount_limit_range = models.Constraint(
        "CHECK (member_discount_limit BETWEEN 0 AND 100)",
        "The limit of discounts is a percentage between 0 and 100.",
    )
