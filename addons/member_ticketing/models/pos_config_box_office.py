from odoo import api, fields, models


class PosConfig(models.Model):
    """A till that is a box office sells tickets from the list of performances.

    Any other till has the tiles of performances that Odoo has, whose seats and prices
    are those of the moment at which it was opened. What it sells passes the same gate.
    """

    _inherit = "pos.config"

    member_is_box_office = fields.Boolean(
        "Box Office",
        compute="_compute_member_is_box_office",
        store=True,
        readonly=False,
        help="Sell tickets from a list of performances: at the member's price by the "
        "sales policies, with seats that are held while the customer pays. The first "
        "sales policy switches it on at all tills; a till without tickets needs it "
        "not.",
    )

    @api.depends("company_id")
    def _compute_member_is_box_office(self):
        with_policies = self._member_with_policies()
        for config in self:
            config.member_is_box_office = config in with_policies

    def _member_with_policies(self):
        """Return those of these tills whose company has a sales policy, in one query.

        A policy without a company is of a template, which all companies share.
        """
        # sudo: whether there is any policy is no secret
        found = self.env["member.ticket.policy"].sudo()._read_group([], ["company_id"])
        companies = {company.id for (company,) in found}
        if False in companies:
            return self
        return self.filtered(lambda config: config.company_id.id in companies)
