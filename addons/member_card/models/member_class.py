from odoo import api, fields, models
from odoo.exceptions import UserError

STANDARD_DISCOUNTS = {"discount": 10.0, "stored_value": 15.0}
"""Percent off the sales price that a new company starts with, by class code."""

LAST_SEQUENCE = 1000
"""Odoo sells to everybody at the first pricelist it finds: never at a members' one."""


class MemberClass(models.Model):
    """What a member is to the shop: the price, and what the card can do.

    A class without a company is shared by all of them; its pricelist is still each
    company's own. Losing an ability stops new credits, never spending.
    """

    _name = "member.class"
    _description = "Member Class"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        copy=False,
        help="Stays the same in every language; imports and interfaces use it.",
    )
    sequence = fields.Integer(
        "Rank", default=10, help="The higher the number, the better the class."
    )
    color = fields.Integer()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain=[("parent_id", "=", False)],
        help="Leave empty to share the class between all companies. Branches use the "
        "classes of their head office.",
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", compute_sudo=True
    )
    pricelist_id = fields.Many2one(
        "product.pricelist",
        company_dependent=True,
        help="Price of the members of this class at the till, on orders and on the "
        "website. A pricelist set on the member's own contact goes before it. Without "
        "one, members pay what everybody pays.",
    )
    can_earn_points = fields.Boolean(
        "Earns Points",
        default=True,
        help="Members of a class without it earn no new points; they keep and may "
        "spend those they have.",
    )
    can_hold_money = fields.Boolean(
        "Holds Money",
        help="Members of this class can top up their card. A member who moves to a "
        "class without it cannot top up any more, and may still spend what is there.",
    )
    topup_cap = fields.Monetary(
        "Cap",
        help="The most money that a member of this class can have on the card. "
        "0 means the company's cap.",
    )
    member_count = fields.Integer("Members", compute="_compute_member_count")

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "Another class of this company has the same code.",
    )
    _topup_cap_not_negative = models.Constraint(
        "CHECK (topup_cap >= 0)", "The cap of a class cannot be negative."
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for record in self:
            company = record.company_id or self.env.company
            record.currency_id = company.root_id.currency_id

    def _compute_member_count(self):
        counts = dict(
            self.env["res.partner"]._read_group(
                [("member_class_id", "in", self.ids), ("is_member", "=", True)],
                ["member_class_id"],
                ["__count"],
            )
        )
        for record in self:
            record.member_count = counts.get(record, 0)

    # === CRUD === #

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        # sudo: members of companies that the user cannot see count as well
        if (
            self.env["member.class.assignment"]
            .sudo()
            .search_count([("class_id", "in", self.ids)], limit=1)
        ):
            raise UserError(
                self.env._(
                    "Members belong or have belonged to this class. Archive it "
                    "instead: it disappears from the lists and the history stays."
                )
            )

    # === ACTIONS === #

    def action_view_members(self):
        """Open the members of this class."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_card.member_action"
        )
        action["domain"] = [("is_member", "=", True), ("member_class_id", "=", self.id)]
        return action

    # === BUSINESS === #

    @api.model
    def _default_class(self):
        """Class of somebody who joins without anyone choosing one."""
        return self.env.ref("member_card.member_class_ordinary").sudo()

    def _pricelist_for(self, company):
        """Active pricelist of this class in the legal entity of `company`, or empty."""
        # sudo: the price is the member's whoever sells, also in a branch whose
        # cashier cannot read the head office
        pricelist = self.sudo().with_company(company.root_id).pricelist_id
        return pricelist.filtered("active")

    @api.model
    def _ensure_pricelists(self, company):
        """Give the standard classes their pricelists in a company; safe to repeat.

        A pricelist that was made once is never made or assigned again, so that what
        the company has changed since stays as it is.
        """
        root = company._member_root()
        data = self.env["ir.model.data"].sudo()
        # sudo: part of setting a company up, whoever creates it
        pricelists = self.env["product.pricelist"].sudo()
        if not pricelists.search_count(
            [("company_id", "in", (False, root.id))], limit=1
        ):
            # what Odoo does when a company begins to use pricelists
            pricelists.create(root._get_default_pricelist_vals())
        for code, percent in STANDARD_DISCOUNTS.items():
            member_class = self.env.ref(
                f"member_card.member_class_{code}", raise_if_not_found=False
            )
            name = f"pricelist_{code}_{root.id}"
            known = data.search_count(
                [("module", "=", "member_card"), ("name", "=", name)], limit=1
            )
            if not member_class or known:
                continue
            pricelist = pricelists.create(
                {
                    "name": member_class.name,
                    "company_id": root.id,
                    "currency_id": root.currency_id.id,
                    "sequence": LAST_SEQUENCE,
                    "item_ids": [
                        fields.Command.create(
                            {
                                "applied_on": "3_global",
                                "compute_price": "percentage",
                                "percent_price": percent,
                            }
                        )
                    ],
                }
            )
            for lang, _name in self.env["res.lang"].get_installed():
                translated = member_class.with_context(lang=lang)
                pricelist.with_context(lang=lang).name = translated.name
            data.create(
                {
                    "module": "member_card",
                    "name": name,
                    "model": pricelist._name,
                    "res_id": pricelist.id,
                    "noupdate": True,
                }
            )
            member_class.sudo().with_company(root).pricelist_id = pricelist
