from odoo import fields, models


class MemberExternalSeller(models.Model):
    """Another seller of tickets, where members buy too: a website, a partner house."""

    _name = "member.external.seller"
    _description = "Other Seller"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company.root_id,
        help="Leave empty for a seller that all companies know.",
    )

    _name_unique = models.UniqueIndex(
        "(lower(name), coalesce(company_id, 0))", "This seller exists already."
    )

    def _find_or_create(self, name, company):
        """Return the seller of this name for a legal entity, whatever its capitals."""
        name = " ".join(name.split())
        found = self.with_context(active_test=False).search(
            [
                ("name", "=ilike", name.replace("%", r"\%").replace("_", r"\_")),
                ("company_id", "in", (False, company.id)),
            ],
            limit=1,
        )
        return found or self.create({"name": name, "company_id": company.id})
