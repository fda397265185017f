from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column


class SaleOrder(models.Model):
    """Where an order was sold: points rules and reports by store ask for it."""

    _inherit = "sale.order"

    member_store_id = fields.Many2one(
        "member.store",
        "Store",
        compute="_compute_member_store_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="Points rules with a store count for orders of this store, and reports "
        "show here what the order earned. As delivered the salesperson's store, or the "
        "one whose tills use the warehouse; the website's orders have none.",
    )

    def _auto_init(self):
        # orders from before have no store: spare the computation of them all
        if not column_exists(self.env.cr, "sale_order", "member_store_id"):
            create_column(self.env.cr, "sale_order", "member_store_id", "int4")
        return super()._auto_init()

    @api.depends(lambda self: [name for name in ORIGINS if name in self._fields])
    def _compute_member_store_id(self):
        for order in self:
            if order.state not in ("draft", "sent"):
                order.member_store_id = order.member_store_id
            else:
                order.member_store_id = order._member_usual_store()

    def _member_usual_store(self):
        """Return the store that is certain by who sells and from where, or none."""
        self.ensure_one()
        none = self.env["member.store"]
        if "website_id" in self._fields and self.website_id:
            return none
        companies = self.company_id.parent_ids
        # sudo: where colleagues work and tills stand is no secret to who sells
        stores = self.user_id.sudo().member_store_ids
        stores = stores.filtered(lambda store: store.company_id in companies)
        if len(stores) != 1 and "warehouse_id" in self._fields and self.warehouse_id:
            tills = self.env["pos.config"].sudo()
            at_warehouse = tills.search(
                [
                    ("picking_type_id.warehouse_id", "=", self.warehouse_id.id),
                    ("member_store_id", "!=", False),
                ]
            ).member_store_id
            stores = stores & at_warehouse or at_warehouse
        return none.browse(stores.ids) if len(stores) == 1 else none


ORIGINS = ("user_id", "company_id", "website_id", "warehouse_id")
"""What the usual store comes from; some are fields only with more of Odoo's apps."""
