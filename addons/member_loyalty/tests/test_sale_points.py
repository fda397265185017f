from datetime import datetime, time, timedelta

from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from odoo.addons.member_card import ledger
from odoo.addons.member_card.tests.common_books import BooksCase


@tagged("post_install", "-at_install")
class TestSalePoints(BooksCase):
    """What a sale order earns, and what credit notes take back (B3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.points = cls.company._member_asset("points")
        cls.env["member.point.rule"].search([]).active = False
        cls.clerk = new_test_user(
            cls.env,
            "points_clerk",
            groups="sales_team.group_sale_manager,account.group_account_invoice",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        (cls.book | cls.tea).invoice_policy = "order"

    def rule(self, **vals):
        return self.env["member.point.rule"].create(
            {"name": "Sales", "company_id": self.company.id, **vals}
        )

    def order(self, lines, partner=None, confirm=True):
        """Return an order of `[(product, quantity, price)]`, confirmed by the clerk."""
        order = (
            self.env["sale.order"]
            .with_user(self.clerk)
            .with_company(self.company)
            .create(
                {
                    "partner_id": (partner or self.ann).id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "price_unit": price,
                                "tax_ids": [Command.set(product.taxes_id.ids)],
                            }
                        )
                        for product, quantity, price in lines
                    ],
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order

    def invoice(self, order):
        invoice = order._create_invoices()
        invoice.action_post()
        return invoice

    def pay(self, moves, amount=None):
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.clerk)
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"payment_date": fields.Date.today()})
        )
        if amount:
            wizard.amount = amount
        wizard.action_create_payments()
        self.post_commit()

    def credit_note(self, invoice, quantities=None):
        """Credit an invoice, or so much of its lines by number; return the note."""
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.clerk)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, "reason": "Given back"})
        )
        note = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        note = note.with_user(self.clerk)
        for number, quantity in (quantities or {}).items():
            line = note.invoice_line_ids.sorted("sequence")[number]
            note.invoice_line_ids = [
                Command.update(line.id, {"quantity": quantity})
                if quantity
                else Command.delete(line.id)
            ]
        note.action_post()
        self.post_commit()
        return note

    def online_payment(self, order):
        """Return an online payment of an order that has not arrived yet."""
        provider = self.env["payment.provider"].create(
            {"name": "Online", "company_id": self.company.id, "state": "test"}
        )
        method = self.env["payment.method"].search([], limit=1)
        return self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "reference": f"online-{order.id}",
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": self.ann.id,
                "sale_order_ids": [Command.set(order.ids)],
                "state": "pending",
            }
        )

    def assert_points(self, available, owed=0, partner=None):
        partner = partner or self.ann
        found = ledger.figures(self.env, partner.id, self.points.ids)[self.points.id]
        self.assertEqual((found.available, found.owed), (available, owed))
        balances = self.env["member.balance"].search([("partner_id", "=", partner.id)])
        self.assertEqual(ledger.verify(self.env, balances.ids), [])

    # === EARNING === #

    def test_own_order_is_listed(self):
        """Who sells to themself is named; who sells to others is not."""
        self.rule()
        for partner in (self.clerk.partner_id, self.bob):
            if not partner.is_member:
                partner.with_user(self.cashier)._member_register(
                    {
                        "member_class_id": self.ann.member_class_id.id,
                        "member_company_id": self.company.id,
                    }
                )
            order = self.order([(self.book, 1, 40)], partner)
            self.pay(self.invoice(order))
        found = self.env["member.operator.log"].search([("action", "=", "own_card")])
        self.assertEqual(
            (found.partner_id, found.reference, found.user_id),
            (
                self.clerk.partner_id,
                self.env["sale.order"]
                .search([("partner_id", "=", self.clerk.partner_id.id)])
                .name,
                self.clerk,
            ),
        )

    def test_paid_in_full(self):
        """Once, when the last part is paid; with taxes, after discounts."""
        self.rule()
        order = self.order([(self.tea, 2, 100), (self.book, 1, 40)])
        total = int(order.amount_total)
        invoice = self.invoice(order)
        self.post_commit()
        self.assert_points(0)
        self.pay(invoice, 100)
        self.assert_points(0)
        self.pay(invoice)
        self.assert_points(total)
        earning = self.env["member.point.earning"].search(
            [("sale_order_id", "=", order.id)]
        )
        self.assertEqual(
            (earning.reference, earning.points, earning.posting_id.request_key),
            (order.name, total, f"sale:{order.id}"),
        )
        order._member_follow_payment()
        self.post_commit()
        self.assert_points(total)

    def test_two_invoices(self):
        self.rule()
        order = self.order([(self.book, 4, 40)])
        self.book.invoice_policy = "delivery"
        order.order_line.qty_delivered = 1
        first = self.invoice(order)
        order.order_line.qty_delivered = 4
        self.pay(first)
        self.assert_points(0)
        self.pay(self.invoice(order))
        self.assert_points(160)

    def test_line_below_zero_lowers_all_goods(self):
        pen = self.make_product("Pen", 50)
        pen.invoice_policy = "order"
        discount = self.make_product("Discount", 0)
        discount.invoice_policy = "order"
        self.rule(product_tmpl_ids=pen.product_tmpl_id.ids)
        order = self.order([(self.book, 1, 50), (pen, 1, 50), (discount, 1, -25)])
        self.pay(self.invoice(order))
        self.assert_points(37)

    def test_paid_online(self):
        """An online payment earns before there is an invoice, and not again with it."""
        self.rule()
        order = self.order([(self.book, 1, 40)])
        transaction = self.online_payment(order)
        order._member_follow_payment()
        self.post_commit()
        self.assert_points(0)
        transaction.state = "done"
        order.transaction_ids._member_complete_orders()
        self.post_commit()
        self.assert_points(40)
        self.pay(self.invoice(order))
        self.assert_points(40)
        self.credit_note(order.invoice_ids)
        self.assert_points(0)

    def test_who_may_not(self):
        self.rule()
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.pay(self.invoice(self.order([(self.book, 1, 40)], stranger)))
        self.ann.member_class_id.can_earn_points = False
        self.pay(self.invoice(self.order([(self.book, 1, 40)])))
        self.assertFalse(self.env["member.point.earning"].search([]))

    # === WHERE AND WHEN === #

    def store(self, name, **values):
        return self.env["member.store"].create(
            {
                "name": name,
                "code": name.upper(),
                "company_id": self.company.id,
                "tz": "Asia/Shanghai",
                **values,
            }
        )

    def test_usual_store(self):
        """The salesperson's only store; else the one of the warehouse's tills."""
        self.env["pos.config"].search([]).member_store_id = False
        foyer, bar = self.store("Foyer"), self.store("Bar")
        self.assertFalse(self.order([], confirm=False).member_store_id)
        self.clerk.member_store_ids = bar
        order = self.order([(self.book, 1, 40)], confirm=False)
        self.assertEqual(order.member_store_id, bar)
        self.clerk.member_store_ids |= foyer
        self.assertFalse(self.order([], confirm=False).member_store_id)
        if "warehouse_id" in order._fields:
            self.till.member_store_id = foyer
            self.till.picking_type_id.warehouse_id = order.warehouse_id
            self.assertEqual(self.order([], confirm=False).member_store_id, foyer)
        if "website_id" in order._fields:
            self.clerk.member_store_ids = bar
            website = self.env["website"].sudo()
            website = website.create({"name": "Shop", "company_id": self.company.id})
            bought = order.sudo().create(
                {"partner_id": self.ann.id, "website_id": website.id}
            )
            self.assertFalse(bought.member_store_id)
            bought.user_id = self.clerk
            self.assertFalse(bought.member_store_id)
        order.action_confirm()
        order.user_id = False
        self.assertEqual(order.member_store_id, bar, "where it was sold stays")

    def test_rule_with_a_store(self):
        """A rule of a store counts for its orders and for no others (B3)."""
        region = self.store("Region")
        foyer, bar = self.store("Foyer", parent_id=region.id), self.store("Bar")
        self.rule()
        self.rule(name="Region", mode="order", rate_points=7, store_ids=region.ids)
        for store, points in ((foyer, 47), (bar, 87), (None, 127)):
            order = self.order([(self.book, 1, 40)], confirm=False)
            order.member_store_id = store
            order.action_confirm()
            self.pay(self.invoice(order))
            self.assert_points(points)
        earnings = self.env["member.point.earning"].search(
            [("partner_id", "=", self.ann.id)]
        )
        self.assertEqual(earnings.mapped("store_id"), bar | foyer)
        report = self.env["member.points.report"]._read_group(
            [("partner_id", "=", self.ann.id)], ["store_id"], ["earned:sum"]
        )
        self.assertEqual(
            dict(report), {foyer: 47, bar: 40, self.env["member.store"]: 40}
        )
        first = earnings.filtered(lambda each: each.store_id == foyer)
        self.credit_note(first.sale_order_id.invoice_ids)
        self.assert_points(80)
        back = self.env["member.entry"].search([("kind", "=", "clawback")])
        self.assertEqual(back.mapped("store_id"), foyer)

    def test_counts_on_the_day_of_the_order(self):
        """A transfer that comes days later earns what the order's day gives (B3)."""
        today = fields.Date.today()
        member_day = today - timedelta(days=3)
        self.rule(name="Member Day", date_from=member_day, date_to=member_day)
        self.rule(name="Today", date_from=today - timedelta(days=1), rate_points=5)
        order = self.order([(self.book, 1, 40)])
        order.sudo().date_order = datetime.combine(member_day, time(4))
        order.member_store_id = self.store("Foyer")
        invoice = self.invoice(order)
        self.pay(invoice)
        self.assert_points(40)
        self.credit_note(invoice)
        self.assert_points(0)

    def test_lives_from_when_it_comes_in(self):
        """Points of a late payment expire as late as any that come in on its day."""
        today = fields.Date.today()
        self.rule(expiry="months", expiry_months=1)
        order = self.order([(self.book, 1, 40)])
        order.sudo().date_order = fields.Datetime.now() - timedelta(days=90)
        self.pay(self.invoice(order))
        self.assert_points(40)
        lot = self.env["member.lot"].search([("asset_id", "=", self.points.id)])
        self.assertGreaterEqual(lot.last_day, today + timedelta(days=27))

    # === TAKING BACK === #

    def test_credit_note(self):
        self.rule(rate_points=3, rate_amount=10)
        order = self.order([(self.book, 1, 13), (self.book, 1, 24)])
        invoice = self.invoice(order)
        self.pay(invoice)
        self.assert_points(11)
        self.credit_note(invoice, {1: 0})
        self.assert_points(7)  # what the other book earns alone
        self.credit_note(invoice, {0: 0})
        self.assert_points(0)

    def test_part_of_a_quantity(self):
        self.rule()
        order = self.order([(self.book, 4, 40)])
        invoice = self.invoice(order)
        self.pay(invoice)
        self.credit_note(invoice, {0: 1})
        self.assert_points(120)

    def test_cancelled_credit_note_gives_again(self):
        """Taken back, given again, taken back: each goes to the lots it came from."""
        self.rule()
        order = self.order([(self.book, 1, 100)])
        invoice = self.invoice(order)
        self.pay(invoice)
        note = self.credit_note(invoice)
        self.assert_points(0)
        note.button_draft()
        self.post_commit()
        self.assert_points(100)
        note.action_post()
        self.post_commit()
        self.assert_points(0)
        note.button_draft()
        note.button_cancel()
        self.post_commit()
        self.assert_points(100)

    def given_back(self, points):
        """Return an order that has earned so many points, and its credit note."""
        order = self.order([(self.book, 1, points)])
        invoice = self.invoice(order)
        self.pay(invoice)
        return order, self.credit_note(invoice)

    def why_not_all(self, order):
        return order.sudo().member_point_earning_ids.line_ids.limited_by

    def test_given_again_within_the_cap_of_a_day(self):
        """What another order earned meanwhile stays its own: both share the cap."""
        self.rule(cap_day=100)
        order, note = self.given_back(100)
        other = self.order([(self.book, 1, 60)])
        self.pay(self.invoice(other))
        self.assert_points(60)
        note.button_draft()
        self.post_commit()
        self.assert_points(100)
        self.assertEqual(order.sudo().member_points_earned, 40)
        self.assertEqual(self.why_not_all(order), "day")
        note.action_post()
        self.post_commit()
        self.assert_points(60)
        self.assertFalse(self.why_not_all(order))
        note.button_draft()
        self.post_commit()
        self.assert_points(100)
        self.credit_note(other.invoice_ids)
        self.assert_points(40)
        order._member_follow_payment()
        self.post_commit()
        self.assert_points(100)
        self.assertFalse(self.why_not_all(order))

    def test_given_again_within_the_cap_of_a_month(self):
        self.rule(cap_day=150, cap_month=120)
        order, note = self.given_back(100)
        self.pay(self.invoice(self.order([(self.book, 1, 90)])))
        note.button_draft()
        self.post_commit()
        self.assert_points(120)
        self.assertEqual(self.why_not_all(order), "month")

    def test_nothing_is_given_again_where_the_cap_is_reached(self):
        self.rule(cap_day=100)
        self.rule(name="Bonus", mode="order", rate_points=7)
        _order, note = self.given_back(100)
        self.pay(self.invoice(self.order([(self.book, 1, 100)])))
        self.assert_points(107)
        for _time in range(2):
            note.button_draft()
            self.post_commit()
            self.assert_points(114)
            note.action_post()
            self.post_commit()
            self.assert_points(107)

    def test_invoiced_again(self):
        """A wrong invoice is credited and made anew: the points come back with it."""
        self.rule()
        order = self.order([(self.book, 1, 100)])
        invoice = self.invoice(order)
        self.pay(invoice)
        self.credit_note(invoice)
        self.assert_points(0)
        again = self.invoice(order)
        self.post_commit()
        self.assert_points(0)  # not before it is paid
        self.pay(again)
        self.assert_points(100)

    def test_cancelled_order(self):
        """Paid online and never invoiced: the points go, and come with it again."""
        self.rule()
        order = self.order([(self.book, 1, 40)])
        self.online_payment(order).state = "done"
        order.transaction_ids._member_complete_orders()
        self.post_commit()
        self.assert_points(40)
        order._action_cancel()
        self.post_commit()
        self.assert_points(0)
        order.action_draft()
        order.action_confirm()
        self.post_commit()
        self.assert_points(40)

    def test_cancelled_order_whose_invoice_is_cancelled_later(self):
        """The posted invoice keeps the points; without it nothing was sold."""
        self.rule()
        order = self.order([(self.book, 1, 100)])
        invoice = self.invoice(order)
        self.pay(invoice)
        order._action_cancel()
        self.post_commit()
        self.assert_points(100)
        invoice.button_draft()
        self.post_commit()
        self.assert_points(0)
        invoice.button_cancel()
        self.post_commit()
        self.assert_points(0)

    def test_cancelled_order_whose_invoice_is_posted_again(self):
        self.rule()
        order = self.order([(self.book, 1, 100)])
        invoice = self.invoice(order)
        self.pay(invoice)
        order._action_cancel()
        invoice.button_draft()
        self.post_commit()
        self.assert_points(0)
        invoice.action_post()
        self.post_commit()
        self.assertEqual(invoice.payment_state, "paid")
        self.assert_points(100)

    def test_an_invoice_in_draft_earns_nothing(self):
        """A sold order keeps its points meanwhile; one not paid gets none by it."""
        self.rule()
        paid, unpaid = (self.order([(self.book, 1, 100)]) for _number in range(2))
        self.pay(self.invoice(paid))
        invoice = self.invoice(unpaid)
        self.online_payment(unpaid).state = "done"
        (paid.invoice_ids | invoice).button_draft()
        self.post_commit()
        self.assert_points(100)

    def test_spent_already(self):
        self.rule()
        invoice = self.invoice(self.order([(self.book, 1, 100)]))
        self.pay(invoice)
        ledger.capture(self.env, self.hold(self.ann, 70, self.points), kind="redeem")
        self.post_commit()
        self.credit_note(invoice)
        self.assert_points(0, owed=70)
