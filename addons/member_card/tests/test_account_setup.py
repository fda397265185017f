from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..hooks import post_init_hook, uninstall_hook
from .common_books import BooksCase

FIELDS = (
    "member_deposit_account_id",
    "member_bonus_account_id",
    "member_discount_account_id",
    "member_journal_id",
    "member_topup_product_id",
)


@tagged("post_install", "-at_install")
class TestAccountSetup(BooksCase):
    """A company with a chart of accounts can sell with wallets without choosing."""

    def methods(self, company):
        return self.env["pos.payment.method"].search(
            [("company_id", "=", company.id), ("member_asset_id", "!=", False)]
        )

    def make_company(self, template="generic_coa"):
        company = self.env["res.company"].create(
            {"name": f"Shop {template}", "country_id": self.env.ref("base.us").id}
        )
        self.env.user.company_ids |= company
        self.env["account.chart.template"].try_loading(
            template, company, install_demo=False
        )
        return company

    def assert_set_up(self, company):
        self.assertTrue(all(company[name] for name in FIELDS))
        deposits = company.member_deposit_account_id
        self.assertEqual(
            (deposits.account_type, deposits.reconcile), ("liability_current", True)
        )
        self.assertEqual(company.member_discount_account_id.account_type, "income")
        self.assertEqual(company.member_journal_id.type, "general")
        principal = company._member_asset("principal")
        bonus = company._member_asset("bonus")
        self.assertEqual(principal.liability_account_id, deposits)
        self.assertEqual(bonus.liability_account_id, company.member_bonus_account_id)
        self.assertTrue(principal.is_cashable)
        self.assertFalse(bonus.is_cashable)
        self.assertLess(bonus.spending_order, principal.spending_order)
        methods = self.methods(company)
        self.assertEqual(methods.member_asset_id, principal | bonus)
        self.assertEqual(set(methods.mapped("type")), {"member_wallet"})
        self.assertFalse(methods.journal_id)

    def test_new_company_is_set_up_by_its_chart(self):
        self.assert_set_up(self.make_company())

    def test_existing_company_is_set_up_by_the_install(self):
        company = self.make_company()
        methods = self.methods(company)
        methods.unlink()
        company._member_forget_accounts()
        self.assertFalse(company.member_deposit_account_id)
        post_init_hook(self.env)
        self.assert_set_up(company)

    def test_set_up_twice_changes_nothing(self):
        company = self.make_company()
        before = [company[name] for name in FIELDS], self.methods(company)
        accounts = self.env["account.account"].search_count([])
        company._member_setup()
        self.assertEqual(
            ([company[name] for name in FIELDS], self.methods(company)), before
        )
        self.assertEqual(self.env["account.account"].search_count([]), accounts)

    def test_another_chart_replaces_the_accounts(self):
        """Before the first journal entry a company may choose another chart."""
        company = self.make_company()
        other = self.env["account.chart.template"]._get_chart_template_mapping()
        code = next(
            (
                code
                for code in ("cn", "fr", "be")
                if other.get(code, {}).get("module")
                and self.env["ir.module.module"]._get(other[code]["module"]).state
                == "installed"
            ),
            None,
        )
        if not code:
            self.skipTest("no other chart of accounts is installed")
        self.env["account.chart.template"].try_loading(
            code, company, install_demo=False
        )
        self.assertEqual(company.chart_template, code)
        self.assert_set_up(company)

    def test_codes_do_not_clash(self):
        first = self.company.member_deposit_account_id.copy()
        self.assertTrue(first.code)
        company = self.make_company()
        codes = (
            company.member_deposit_account_id
            | company.member_bonus_account_id
            | company.member_discount_account_id
        ).with_company(company)
        self.assertEqual(len(set(codes.mapped("code"))), 3)

    def test_branch_shares_all_but_the_methods(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.cr.precommit.run()  # core loads the chart of a branch on commit
        self.assertFalse(branch.member_deposit_account_id)
        self.assertEqual(branch._member_asset("principal"), self.principal)
        self.assertEqual(len(self.methods(branch)), 2)
        self.assertEqual(branch._member_spend_account(self.principal), self.deposits)

    def test_new_till_takes_wallets_and_real_money(self):
        """The wallets alone would leave a first till without cash and bank."""
        company = self.make_company()
        till = (
            self.env["pos.config"]
            .with_company(company)
            .with_context(allowed_company_ids=company.ids)
            .create({"name": "First till", "company_id": company.id})
        )
        types = till.payment_method_ids.mapped("type")
        self.assertIn("cash", types)
        self.assertIn("bank", types)
        self.assertIn("pay_later", types)
        self.assertEqual(types.count("member_wallet"), 2)

    def test_existing_till_gets_the_wallets(self):
        company = self.make_company()
        self.methods(company).unlink()
        till = (
            self.env["pos.config"]
            .with_company(company)
            .with_context(allowed_company_ids=company.ids)
            .create({"name": "Old till", "company_id": company.id})
        )
        self.assertNotIn("member_wallet", till.payment_method_ids.mapped("type"))
        company._member_setup()
        self.assertEqual(
            till.payment_method_ids.mapped("type").count("member_wallet"), 2
        )

    # === SETTINGS === #

    def test_deposits_account_is_kept_while_it_carries_money(self):
        self.top_up(self.ann, 500)
        self.close_session()
        other = self.deposits.copy()
        with self.assertRaisesRegex(UserError, "still carries"):
            self.company.member_deposit_account_id = other

    def test_another_deposits_account_is_booked_from_then_on(self):
        other = self.deposits.copy()
        self.company.member_deposit_account_id = other
        self.assertEqual(self.principal.liability_account_id, other)
        self.top_up(self.ann, 500)
        move = self.close_session()
        self.assertIn((other.name, "Ann", -500.0), self.items(move))

    def test_settings_of_a_branch_are_the_head_offices(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        settings = (
            self.env["res.config.settings"]
            .with_company(branch)
            .sudo()
            .create({"company_id": branch.id})
        )
        self.assertEqual(settings.member_deposit_account_id, self.deposits)
        settings.member_cap_named = 5000
        settings.execute()
        self.assertEqual(self.company.member_cap_named, 5000)
        self.assertEqual(branch._member_cap(self.ann), 5000)

    # === PAYMENT METHODS === #

    def test_wallet_method_has_nothing_that_would_book_elsewhere(self):
        journal = self.company_data["default_journal_bank"]
        self.close_session()
        self.wallet.write({"member_asset_id": self.principal.id})
        with self.assertRaises(ValidationError):
            self.wallet.write({"journal_id": journal.id})
        with self.assertRaises(ValidationError):
            self.wallet.write({"split_transactions": True})

    def test_one_method_per_pocket_and_company(self):
        with self.assertRaisesRegex(ValidationError, "already"):
            self.env["pos.payment.method"].create(
                {"name": "Again", "member_asset_id": self.principal.id}
            )

    def test_pocket_of_another_company(self):
        company = self.make_company()
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.env["pos.payment.method"].with_company(self.company).create(
                {
                    "name": "Foreign",
                    "company_id": self.company.id,
                    "member_asset_id": company._member_asset("principal").id,
                }
            )

    def test_points_do_not_pay(self):
        points = (
            self.env["member.asset"]
            .sudo()
            .create(
                {
                    "name": "Points",
                    "code": "stars",
                    "kind": "points",
                    "company_id": self.company.id,
                }
            )
        )
        with self.assertRaisesRegex(ValidationError, "cannot pay"):
            self.env["pos.payment.method"].create(
                {"name": "Points", "member_asset_id": points.id}
            )

    def test_method_that_members_used_keeps_its_pocket(self):
        self.credit(self.ann, money=100)
        self.sell(self.ann, 40)
        self.close_session()
        with self.assertRaisesRegex(ValidationError, "keeps its pocket"):
            self.wallet.member_asset_id = False

    def test_uninstall_takes_the_wallets_off_the_tills(self):
        """Without us the method would book to the customer's account."""
        self.close_session()
        uninstall_hook(self.env)
        self.assertFalse(self.wallet.active)
        self.assertNotIn(self.wallet, self.till.payment_method_ids)
