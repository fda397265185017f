from odoo import Command
from odoo.tests import new_test_user, tagged

from .common_tours import ToursCase


@tagged("post_install", "-at_install")
class TestToursPrices(ToursCase):
    """What a member pays, on the till's screens."""

    def price_exceptions(self):
        """Return what the server found in the orders: (product, reason, state)."""
        found = self.pos_session.order_ids.member_price_exception_ids
        return [(each.product_id.name, each.reason, each.state) for each in found]

    def test_discount_takes_a_supervisor(self):
        """D5: up to a limit alone, over it by a PIN, and given up nothing changes."""
        supervisor = new_test_user(
            self.env,
            "till_supervisor",
            name="Sue",
            groups="member_card.group_member_supervisor",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.env["member.approval.pin"]._set(supervisor.partner_id, "7319")
        self.company.write(
            {"member_approve_discounts": True, "member_discount_limit": 10}
        )
        self.tour("MemberDiscountApproval")
        self.assertEqual(self.price_exceptions(), [("Book", "discount", "allowed")])
        exception = self.pos_session.order_ids.member_price_exception_ids
        self.assertEqual(exception.approver_id, supervisor)

    def test_member_price_of_a_product_that_comes_late(self):
        """D5: a rule of one product comes with the product's scan."""
        late = self.make_product("Late", 10)
        # services are loaded first
        late.write({"barcode": "2000017", "type": "consu"})
        self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.ann.member_class_id.with_company(
                    self.company
                ).pricelist_id.id,
                "applied_on": "1_product",
                "product_tmpl_id": late.product_tmpl_id.id,
                "compute_price": "fixed",
                "fixed_price": 7,
            }
        )
        self.env["ir.config_parameter"].set_param(
            "point_of_sale.limited_product_count", "1"
        )
        self.tour("MemberLateProduct")
        self.assertFalse(self.price_exceptions())

    def test_member_price_of_combos(self):
        """D5: two combos, and then the member is scanned."""
        cake, drink = self.make_product("Cake", 30), self.make_product("Drink", 10)
        combos = self.env["product.combo"].create(
            [
                {
                    "name": name,
                    "combo_item_ids": [Command.create({"product_id": product.id})],
                }
                for name, product in (("Sweet", cake), ("Cold", drink))
            ]
        )
        meal = self.env["product.product"].create(
            {
                "name": "Meal",
                "type": "combo",
                "list_price": 40,
                "available_in_pos": True,
                "combo_ids": [Command.set(combos.ids)],
            }
        )
        meal.sudo().taxes_id = False
        self.tour("MemberCombo")
        self.assertFalse(self.price_exceptions())
        self.assertEqual(self.pos_session.order_ids.amount_total, 68)
