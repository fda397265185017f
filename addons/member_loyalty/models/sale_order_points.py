from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.member_card import ledger

from ..points import discounted

PAID = ("paid", "in_payment")


class SaleOrder(models.Model):
    """What a sale order earns: once, when it is paid in full.

    By its invoices, or by online payments before there is one; by the rules of its
    store and of the moment when it was confirmed, however late the money comes. The
    points live from when they come in. A credit note takes back
    what the goods that are left would not have earned alone; when it is cancelled, or
    the goods are invoiced again, the points come back.
    """

    _inherit = "sale.order"

    member_point_earning_ids = fields.One2many(
        "member.point.earning",
        "sale_order_id",
        "Points Earned, Explained",
        groups="member_card.group_member_read_ledger",
    )
    member_points_earned = fields.Float(
        "Points Earned",
        digits=(16, 2),
        compute="_compute_member_points_earned",
        groups="member_card.group_member_read_ledger",
        help="Less what was taken back for credit notes.",
    )

    @api.depends(
        "member_point_earning_ids.points", "member_point_earning_ids.clawed_back"
    )
    def _compute_member_points_earned(self):
        for order in self:
            earnings = order.member_point_earning_ids
            order.member_points_earned = sum(earnings.mapped("points")) - sum(
                earnings.mapped("clawed_back")
            )

    # === ACTIONS === #

    def action_confirm(self):
        result = super().action_confirm()
        self._member_follow_payment()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        self._member_follow_payment()
        return result

    def action_view_member_points(self):
        """Open what this order has earned, rule by rule."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "member_loyalty.member_point_earning_action"
        )
        earnings = self.member_point_earning_ids
        if len(earnings) == 1:
            action.update(res_id=earnings.id, views=[(False, "form")])
        action["domain"] = [("sale_order_id", "=", self.id)]
        return action

    # === POINTS === #

    def _member_follow_payment(self):
        """Bring the points of these orders where payments and credit notes are now."""
        # sudo: who books a payment need not read members, orders or points
        for order in self.sudo():
            earnings = order.member_point_earning_ids
            if earnings:
                order._member_follow_credits(earnings)
            elif order.state == "sale":
                order._member_earn()

    def _member_earn(self):
        """Insert what the order earns if it is paid in full; `self` in sudo mode."""
        self.ensure_one()
        earnings = self.env["member.point.earning"]
        rules = earnings._rules(self.company_id, "sale")
        if not rules or not earnings._may_earn(self.partner_id, self.company_id):
            return
        is_invoiced = self._member_is_paid_by_invoice()
        if not is_invoiced and not self._member_is_paid_online():
            return
        sold = self.order_line.filtered(lambda line: line._member_is_goods())
        paid = {line: line._member_paid(is_invoiced) for line in sold}
        points = earnings._earn(
            self.partner_id,
            self,
            self._member_point_basket(rules, paid),
            rules,
            request_key=f"sale:{self.id}",
            context=self._member_context(),
            facts={
                "basis": {
                    str(line.id): line._member_basis(is_invoiced) for line in sold
                },
                "credited": {str(line.id): line._member_credited() for line in sold},
            },
        )
        if points and self.partner_id in self._member_operators():
            asset = self.company_id._member_asset("points")
            self.env["member.operator.log"]._log(
                "own_card",
                partner=self.partner_id,
                reference=self.name,
                detail=asset._format(points),
            )

    def _member_operators(self):
        """Return the contacts of who sells this order, and of who books it."""
        operators = self.user_id.partner_id
        # on a website they buy as anybody does; website_sale need not be installed
        is_web = "website_id" in self._fields and self.website_id
        if not is_web and self.env.user._is_internal():
            operators |= self.env.user.partner_id
        return operators

    def _member_is_paid_by_invoice(self):
        invoices = self.invoice_ids.filtered(
            lambda move: move.move_type == "out_invoice" and move.state == "posted"
        )
        live = invoices.filtered(
            lambda move: (
                move.payment_state != "reversed"
                and not move.transaction_ids._member_all_went_back()
                and not self._member_went_back_uncredited(move)
            )
        )
        return (
            self.invoice_status == "invoiced"
            and bool(live)
            and all(move.payment_state in PAID for move in live)
        )

    def _member_went_back_uncredited(self, invoice):
        """Tell whether more of an invoice's payments went back than was credited.

        Before the order was confirmed, that is: cancelled and confirmed again, what
        it sells is not paid by money that had gone back by then.
        """
        back = invoice.transaction_ids._member_went_back_before(self.date_order)
        if not back:
            return False
        notes = invoice.reversal_move_ids.filtered(lambda move: move.state == "posted")
        credited = sum(notes.mapped("amount_total"))
        return invoice.currency_id.compare_amounts(back, credited) > 0

    def _member_is_paid_online(self):
        done = self.transaction_ids.filtered(lambda each: each.state == "done")
        paid = sum(done.mapped("amount"))
        # what goes back later leaves the rest paid
        paid -= self.transaction_ids._member_went_back_before(self.date_order)
        return (
            bool(done)
            and self.currency_id.compare_amounts(paid, self.amount_total) >= 0
            and not self.transaction_ids._member_all_went_back()
        )

    def _member_waits_to_be_paid_again(self):
        """Tell whether it was confirmed again without money that went back before."""
        back = self.transaction_ids._member_went_back_before(self.date_order)
        return (
            self.currency_id.compare_amounts(back, 0) > 0
            and not self._member_is_paid_online()
            and not self._member_is_paid_by_invoice()
        )

    def _member_point_basket(self, rules, paid):
        """Return the goods for the engine, in the company's currency.

        :param paid: `{line: (amount, quantity)}`; below zero are discounts.
        """
        root = self.company_id._member_root()

        def convert(amount):
            if self.currency_id == root.currency_id:
                return amount
            return self.currency_id._convert(
                amount, root.currency_id, self.company_id, fields.Date.today()
            )

        # sudo: where an order was sold is no secret to who books its payment
        store = self.sudo().member_store_id
        point_rules = self.env["member.point.rule"]
        basket = point_rules._basket(
            rules,
            self.company_id,
            store,
            [
                (
                    line.id,
                    line.product_id,
                    convert(amount),
                    quantity,
                    line._member_earns_points(),
                )
                for line, (amount, quantity) in paid.items()
                if amount >= 0 and quantity > 0
            ],
            when=self.date_order,
            total=convert(sum(amount for amount, _quantity in paid.values())),
        )
        discount = -sum(min(amount, 0) for amount, _quantity in paid.values())
        taken_off = Decimal(str(root.currency_id.round(convert(discount))))
        return replace(
            basket,
            lines=discounted(basket.lines, taken_off),
            comes_in=point_rules._local_time(self.company_id, store).date(),
        )

    def _member_follow_credits(self, earnings):
        """Take back for goods that were credited, or give again."""
        earnings._lock()
        postings = self.env["member.posting"].search_count(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        for earning in earnings:
            earning._follow(
                self._member_left(earning.rules_json["facts"]),
                request_key=f"sale:{self.id}:{postings}",
                context=self._member_context(),
            )

    def _member_left(self, facts):
        """Return which part of each line is left after the credit notes there are.

        Of a cancelled order, or one whose payments all went back, or which waits to be
        paid again, that is what was invoiced all the same.
        """
        is_sold = (
            self.state != "cancel"
            and not self.transaction_ids._member_all_went_back()
            and not self._member_waits_to_be_paid_again()
        )
        left = {}
        for line in self.order_line:
            key = str(line.id)
            if not (basis := facts["basis"].get(key)):
                continue
            before = basis - facts["credited"][key]
            sold = basis if is_sold else 0
            now = max(line._member_invoiced(), sold) - line._member_credited()
            if before > 0 and now < before:
                left[key] = max(Decimal(str(now)) / Decimal(str(before)), Decimal(0))
        return left

    def _member_context(self):
        """Who and for what, as the ledger records it."""
        return ledger.Context(
            store_id=self.member_store_id.id or None,
            res_model=self._name,
            res_id=self.id,
            reference=self.name,
        )
