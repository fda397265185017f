from uuid import uuid4

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .. import ledger


class BooksCase(AccountTestInvoicingCommon):
    """A new company with its chart, one till, two members and a cashier.

    Orders come in as the till sends them; `post_commit` does what a commit would.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("member_card.group_member_manager")
        cls.env.user.group_ids |= cls.env.ref("point_of_sale.group_pos_manager")
        cls.registry_enter_test_mode_cls()
        cls.company = cls.company_data["company"]
        cls.deposits = cls.company.member_deposit_account_id
        cls.discounts = cls.company.member_discount_account_id
        cls.principal = cls.company._member_asset("principal")
        cls.bonus = cls.company._member_asset("bonus")
        cls.tax = cls.company_data["default_tax_sale"]
        cls.sales = cls.company_data["default_account_revenue"]
        cls.tax_account = cls.company_data["default_account_tax_sale"]
        cls.till, cls.cash, cls.bank = cls.make_till(cls.company)
        cls.receivable = cls.company.account_default_pos_receivable_account_id
        cls.wallet = cls.till.payment_method_ids.filtered(
            lambda method: method.member_asset_id == cls.principal
        )
        cls.wallet_bonus = cls.till.payment_method_ids.filtered(
            lambda method: method.member_asset_id == cls.bonus
        )
        cls.cashier = new_test_user(
            cls.env,
            "till_cashier",
            groups="member_card.group_member_cashier",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )
        cls.ann = cls.make_member("Ann")
        cls.bob = cls.make_member("Bob")
        cls.tea = cls.make_product("Tea", 100, cls.tax)
        cls.book = cls.make_product("Book", 40)
        cls.session = cls.open_session(cls.till)

    # === MAKING === #

    @classmethod
    def make_till(cls, company):
        """Return a till of a company with its cash and bank methods and its wallets."""
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        root = company.root_id
        Journal = env["account.journal"].with_company(root)
        suffix = str(company.id)[-3:]
        cash_journal = Journal.create(
            {"name": "Till cash", "type": "cash", "code": f"C{suffix}"}
        )
        bank_journal = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", root.id)], limit=1
        )
        Method = env["pos.payment.method"].with_company(company)
        cash = Method.create(
            {
                "name": "Cash",
                "journal_id": cash_journal.id,
                "company_id": company.id,
            }
        )
        bank = Method.create(
            {
                "name": "Bank",
                "journal_id": bank_journal.id,
                "outstanding_account_id": company.root_id.transfer_account_id.id,
                "company_id": company.id,
            }
        )
        wallets = Method.search(
            [("company_id", "=", company.id), ("member_asset_id", "!=", False)]
        )
        till = (
            env["pos.config"]
            .with_company(company)
            .create(
                {
                    "name": f"Till {company.name}",
                    "company_id": company.id,
                    "payment_method_ids": [Command.set((cash | bank | wallets).ids)],
                }
            )
        )
        return till, cash, bank

    @classmethod
    def make_product(cls, name, price, taxes=False):
        product = cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "available_in_pos": True,
                "list_price": price,
            }
        )
        # creating adds the default taxes of every company
        product.sudo().taxes_id = taxes
        return product

    @classmethod
    def make_member(cls, name, **vals):
        partner = cls.env["res.partner"].create({"name": name, **vals})
        partner.with_user(cls.cashier)._member_register(
            {
                "member_class_id": cls.env.ref(
                    "member_card.member_class_stored_value"
                ).id,
                "member_company_id": cls.company.id,
            }
        )
        return partner

    @classmethod
    def credit(cls, partner, money=0, bonus=0):
        """Give a member value that a test starts with."""
        intents = [
            ledger.Intent(
                partner_id=partner.id,
                asset_id=asset.id,
                amount=str(amount),
                kind=kind,
                request_key=str(uuid4()),
            )
            for asset, amount, kind in (
                (cls.principal, money, "opening"),
                (cls.bonus, bonus, "bonus"),
            )
            if amount
        ]
        ledger.post(cls.env, intents)
        cls.post_commit()

    @classmethod
    def post_commit(cls):
        """Run what a commit would have run: test cursors never commit."""
        cls.env.flush_all()
        cls.env.cr.postcommit.run()
        cls.env.invalidate_all()

    @classmethod
    def open_session(cls, till):
        till.with_user(cls.env.user).open_ui()
        session = till.current_session_id
        session.set_opening_control(0, "")
        return session

    def close_session(self, session=None):
        """Close as the till does and return the closing entry."""
        session = session or self.session
        if session.cash_control:
            data = session.get_closing_control_data()
            session.post_closing_cash_details(data["default_cash_details"]["amount"])
        result = session.close_session_from_ui()
        self.assertTrue(result["successful"], result)
        self.post_commit()
        return session.move_id

    # === SELLING === #

    def hold(self, partner, amount, asset=None, key=None, **options):
        """Hold as the till's verb does; return the uuid for the payment line."""
        key = key or str(uuid4())
        asset = asset or self.principal
        ledger.hold(
            self.env, [(partner.id, asset.id, str(amount), key)], key, **options
        )
        return key

    def order_data(self, lines, payments, partner=None, session=None, **values):
        """Return an order as the browser sends it.

        :param lines: `[(product, quantity, price before tax, more line values)]`
        :param payments: `[(method, amount, uuid or None)]`
        """
        session = session or self.session
        line_commands, total, tax_total = [], 0, 0
        for product, quantity, price, more in lines:
            taxes = product.taxes_id.filtered(
                lambda tax: tax.company_id == session.company_id.root_id
            )
            reduced = price * (1 - more.get("discount", 0) / 100)
            sums = taxes.compute_all(reduced, self.company.currency_id, quantity)
            total += sums["total_included"]
            tax_total += sums["total_included"] - sums["total_excluded"]
            line_commands.append(
                Command.create(
                    {
                        "product_id": product.id,
                        "qty": quantity,
                        "price_unit": price,
                        "price_subtotal": sums["total_excluded"],
                        "price_subtotal_incl": sums["total_included"],
                        "tax_ids": [Command.set(taxes.ids)],
                        "pack_lot_ids": [],
                        "uuid": str(uuid4()),
                        **more,
                    }
                )
            )
        now = fields.Datetime.to_string(fields.Datetime.now())
        return {
            "access_token": False,
            "amount_paid": sum(amount for _method, amount, _key in payments),
            "amount_return": 0,
            "amount_tax": tax_total,
            "amount_total": total,
            "date_order": now,
            "fiscal_position_id": False,
            "is_refund": total < 0,
            "last_order_preparation_change": "{}",
            "lines": line_commands,
            "name": "Order",
            "partner_id": partner.id if partner else False,
            "payment_ids": [
                Command.create(
                    {
                        "amount": amount,
                        "name": now,
                        "payment_method_id": method.id,
                        "uuid": key or str(uuid4()),
                    }
                )
                for method, amount, key in payments
            ],
            "pricelist_id": False,
            "session_id": session.id,
            "state": "paid",
            "to_invoice": False,
            "user_id": self.cashier.id,
            "uuid": str(uuid4()),
            **values,
        }

    def send(self, data, user=None, commit=True):
        """Send an order as the cashier; return it as the tests' user sees it."""
        result = (
            self.env["pos.order"]
            .with_user(user or self.cashier)
            .with_context(
                allowed_company_ids=(user or self.cashier).company_id.ids,
                generate_pdf=False,
            )
            .sync_from_ui([data])
        )
        if commit:
            self.post_commit()
        return self.env["pos.order"].browse(result["pos.order"][-1]["id"])

    def sell(self, partner, amount, *, product=None, more=None, **values):
        """Sell for `amount` before tax, paid from the wallet unless `payments` says."""
        product = product or self.book
        data = self.order_data(
            [(product, 1, amount, more or {})], [], partner, **values
        )
        total = data["amount_total"]
        key = self.hold(partner, total)
        payments = [(self.wallet, total, key)]
        data.update(
            {
                name: value
                for name, value in self.order_data(
                    [], payments, partner, **values
                ).items()
                if name in ("payment_ids", "amount_paid")
            }
        )
        return self.send(data)

    def refund(self, order, payments, quantity=-1, **values):
        """Refund the first line of an order."""
        line = order.lines[:1]
        return self.send(
            self.order_data(
                [
                    (
                        line.product_id,
                        quantity,
                        line.price_unit,
                        {"refunded_orderline_id": line.id},
                    )
                ],
                payments,
                order.partner_id,
                **values,
            )
        )

    def top_up(self, partner, amount, method=None, session=None, line=None, **values):
        """Top up as the till does: an order of its own, paid in cash."""
        return self.send(
            self.order_data(
                [(self.company.member_topup_product_id, 1, amount, line or {})],
                [(method or self.cash, amount, None)],
                partner,
                session,
                **values,
            )
        )

    def available(self, partner, asset=None):
        asset = asset or self.principal
        return float(ledger.available(self.env, partner.id, asset.id))

    # === ASSERTING === #

    def items(self, move):
        """Return the journal items of a move, each as (account, partner, balance)."""
        return sorted(
            (
                line.account_id.name,
                line.partner_id.name or "",
                round(line.balance, 2),
            )
            for line in move.line_ids
        )

    def assert_items(self, move, expected):
        """Assert every journal item: `[(account, partner name, balance)]`."""
        self.assertEqual(move.state, "posted")
        self.assertEqual(
            self.items(move),
            sorted(
                (account.name, partner, amount) for account, partner, amount in expected
            ),
        )
