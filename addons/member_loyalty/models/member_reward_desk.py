from odoo import Command, models
from odoo.exceptions import UserError

from odoo.addons.member_card import ledger
from odoo.addons.member_card.topup_bonus import bonus_key


class MemberReward(models.Model):
    """Handing gifts over in the office, and taking rewards back."""

    _inherit = "member.reward"

    # === GIVING === #

    def _give_gift(self, wanted):
        """Have a gift leave the warehouse, once."""
        pickings = self._pickings_of(wanted.key)
        if pickings or self.sudo().product_id.type != "consu":
            return {}
        warehouse = self.env["stock.warehouse"].sudo().browse(wanted.warehouse_id)
        customers = self.env.ref("stock.stock_location_customers")
        self._move_gift(
            wanted,
            warehouse.out_type_id,
            warehouse.lot_stock_id,
            customers,
            float(wanted.product_qty),
        )
        return {}

    def _move_gift(self, redemption, picking_type, source, target, quantity):
        """Move the product of a redemption; what needs a serial number waits for it.

        :param redemption: with `key` and `partner_id`.
        """
        product = self.sudo().product_id
        # sudo: who hands gifts over need not have rights on the stock
        pickings = (
            self.env["stock.picking"].sudo().with_company(picking_type.company_id)
        )
        picking = pickings.create(
            {
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "partner_id": int(redemption.partner_id),
                "origin": self.name,
                "member_redemption_key": redemption.key,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom": product.uom_id.id,
                            "product_uom_qty": quantity,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        if product.tracking == "none":
            picking.move_ids.write({"quantity": quantity, "picked": True})
            picking._action_done()
        else:
            picking.action_assign()
        return picking

    def _pickings_of(self, key):
        """Return what moved the gift of a redemption."""
        # sudo: who hands gifts over need not have rights on the stock
        pickings = self.env["stock.picking"].sudo()
        return pickings.search([("member_redemption_key", "=", key)], order="id")

    # === TAKING BACK === #

    def _take_back(self, redemption, context, *, into_stock=True):
        """Undo what a redemption in the office gave; its points are another matter.

        :raise UserError: it was used already.
        """
        if self.kind == "bonus":
            self._take_bonus_back(redemption, context)
        elif self.kind == "coupon":
            self._withdraw_coupons(redemption)
        elif self.kind == "gift" and into_stock:
            self._take_gift_back(redemption)

    def _take_bonus_back(self, redemption, context):
        """Take the bonus back; what is spent of it already is owed."""
        # sudo: who gives points back need not read the ledger
        posting = (
            self.env["member.posting"]
            .sudo()
            .search(
                [
                    ("request_key", "=", bonus_key(redemption.key)),
                    ("kind", "=", "bonus"),
                    ("partner_id", "=", redemption.partner_id.id),
                ]
            )
        )
        if left := posting and posting._left():
            ledger.reverse(
                self.env,
                posting,
                amount=left,
                request_key=bonus_key(f"{redemption.key}:back"),
                kind="clawback",
                allow_owed=True,
                context=context,
            )

    def _withdraw_coupons(self, redemption):
        coupons = self._coupons_of(redemption.key)
        if used := coupons.filtered("use_count"):
            raise UserError(
                self.env._(
                    "The coupon %(code)s was used already: its points are spent.",
                    code=used[0].code,
                )
            )
        coupons.write({"active": False, "points": 0})

    def _take_gift_back(self, redemption):
        """Move back what left the warehouse, or stop what has not left yet."""
        for picking in self._pickings_of(redemption.key):
            if picking.state == "done":
                warehouse = picking.picking_type_id.warehouse_id
                self._move_gift(
                    redemption,
                    warehouse.in_type_id,
                    picking.location_dest_id,
                    picking.location_id,
                    sum(picking.move_ids.mapped("quantity")),
                )
            else:
                picking.action_cancel()
