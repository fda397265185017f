from odoo import fields, models


def to_sales(rules):
    """Switch rules for purchases made elsewhere off when the add-on goes."""
    rules.write({"active": False, "earn_on": "sale"})


class MemberPointRule(models.Model):
    """Rules for what members buy from other sellers (A9)."""

    _inherit = "member.point.rule"

    earn_on = fields.Selection(
        selection_add=[("external", "Purchases Made Elsewhere")],
        ondelete={"external": to_sales},
    )

    def _what(self):
        if self.earn_on != "external" or self.effect == "multiplier":
            return super()._what()
        points = self._say_points(self.rate_points)
        if self.mode == "unit":
            return self.env._(
                "%(points)s for each seat bought elsewhere", points=points
            )
        if self.mode == "order":
            return self.env._(
                "%(points)s for each purchase made elsewhere", points=points
            )
        return super()._what()

    def _say_goods(self):
        if self.earn_on == "external":
            return self.env._("purchases made elsewhere")
        return super()._say_goods()

    def _say_this(self):
        if self.earn_on == "external":
            return self.env._("this purchase")
        return super()._say_this()
