from odoo import Command, api, models


class ResCompany(models.Model):
    """What a company needs for selling with a wallet, made where it is missing."""

    _inherit = "res.company"

    def _member_setup(self):
        """Create what is missing for selling with a wallet; keep what is there.

        Called for new companies by the chart of accounts, for existing ones when the
        add-on is installed, and by anyone who removed something by mistake.
        """
        for company in self.sudo():
            root = company._member_root()
            for target in root | company:
                own = target.with_company(target).with_context(
                    allowed_company_ids=target.ids, active_test=False
                )
                if own == root:
                    own._member_setup_accounts()
                    own._member_setup_assets()
                own._member_setup_payment_methods()
            root.env["member.class"]._ensure_pricelists(root)

    @api.model
    def _member_setup_names(self):
        """Names of what the set-up creates, in the language of the context."""
        return {
            "deposit": self.env._("Member deposits"),
            "bonus_liability": self.env._("Member bonus liability"),
            "discount": self.env._("Member discounts"),
            "journal": self.env._("Members"),
            "principal": self.env._("Principal"),
            "bonus": self.env._("Bonus"),
            "wallet_principal": self.env._("Member wallet"),
            "wallet_bonus": self.env._("Member bonus"),
        }

    @api.model
    def _member_setup_translate(self, record, term):
        """Name what the set-up made in every language that was installed since."""
        english = self.with_context(lang="en_US")._member_setup_names()[term]
        for code, _name in self.env["res.lang"].get_installed():
            name = self.with_context(lang=code)._member_setup_names()[term]
            translated = record.with_context(lang=code)
            if name != translated.name == english:
                translated.name = name

    def _member_setup_accounts(self):
        """Create the accounts and the journal that are not set yet."""
        names = self.with_context(lang="en_US")._member_setup_names()
        for field, term, account_type, reconcile in (
            ("member_deposit_account_id", "deposit", "liability_current", True),
            ("member_bonus_account_id", "bonus_liability", "liability_current", False),
            ("member_discount_account_id", "discount", "income", False),
        ):
            if not self[field]:
                self[field] = (
                    self.env["account.account"]
                    .with_context(lang="en_US")
                    .create(
                        {
                            "name": names[term],
                            "code": self._member_setup_account_code(account_type),
                            "account_type": account_type,
                            "reconcile": reconcile,
                            "company_ids": [Command.set(self.ids)],
                        }
                    )
                )
            self._member_setup_translate(self[field], term)
        if not self.member_journal_id:
            self.member_journal_id = (
                self.env["account.journal"]
                .with_context(lang="en_US")
                .create(
                    {
                        "name": names["journal"],
                        "type": "general",
                        "code": self._member_setup_journal_code(),
                        "company_id": self.id,
                        "show_on_dashboard": False,
                    }
                )
            )
        self._member_setup_translate(self.member_journal_id, "journal")
        if not self.member_topup_product_id:
            self.member_topup_product_id = self.env.ref(
                "member_card.product_topup", raise_if_not_found=False
            )

    def _member_setup_account_code(self, account_type):
        """Return a free code after the accounts of that type."""
        Account = self.env["account.account"]
        codes = Account.search(
            [
                *Account._check_company_domain(self),
                ("account_type", "=", account_type),
            ]
        ).mapped("code")
        fallback = "220300" if account_type == "liability_current" else "600100"
        if account_type == "income":
            start = self.income_account_id.code
        else:
            lengths = [len(code) for code in codes if code]
            usual = max(set(lengths), key=lengths.count) if lengths else 0
            start = max((c for c in codes if c and len(c) == usual), default=None)
        return Account._search_new_account_code(start or fallback)

    def _member_setup_journal_code(self):
        taken = set(
            self.env["account.journal"]
            .search(self.env["account.journal"]._check_company_domain(self))
            .mapped("code")
        )
        candidates = ["MBR", *(f"MBR{n}" for n in range(2, 100))]
        return next(code for code in candidates if code not in taken)

    def _member_setup_assets(self):
        """Create the pockets principal and bonus; give them their accounts."""
        names = self.with_context(lang="en_US")._member_setup_names()
        for kind, order, account in (
            ("principal", 20, self.member_deposit_account_id),
            ("bonus", 10, self.member_bonus_account_id),
        ):
            asset = self.env["member.asset"].search(
                [("company_id", "=", self.id), ("code", "=", kind)]
            )
            if not asset:
                asset = (
                    self.env["member.asset"]
                    .with_context(lang="en_US")
                    .create(
                        {
                            "name": names[kind],
                            "code": kind,
                            "kind": kind,
                            "company_id": self.id,
                            "spending_order": order,
                            "is_cashable": kind == "principal",
                        }
                    )
                )
            self._member_setup_translate(asset, kind)
            if not asset.liability_account_id:
                asset.liability_account_id = account

    def _member_setup_payment_methods(self):
        """Give this company (a branch too) a payment method per pocket.

        New methods go to every till of the company that has no open session: Odoo does
        not let an open one change its methods.
        """
        names = self.with_context(lang="en_US")._member_setup_names()
        Method = self.env["pos.payment.method"].with_context(lang="en_US")
        created = Method.browse()
        for sequence, kind in ((2, "principal"), (3, "bonus")):
            asset = self._member_asset(kind)
            if not asset:
                continue
            method = Method.search(
                [("company_id", "=", self.id), ("member_asset_id", "=", asset.id)],
                limit=1,
            )
            if not method:
                method = Method.create(
                    {
                        "name": names[f"wallet_{kind}"],
                        "sequence": sequence,
                        "member_asset_id": asset.id,
                        "company_id": self.id,
                    }
                )
                created |= method
            if not method.open_session_ids:
                self._member_setup_translate(method, f"wallet_{kind}")
        if created:
            tills = self.env["pos.config"].search([("company_id", "=", self.id)])
            for till in tills.filtered(lambda till: not till.has_active_session):
                if till.currency_id == self._member_root().currency_id:
                    till.payment_method_ids = [Command.link(pm.id) for pm in created]

    def _member_forget_accounts(self):
        """Let go of the accounts of a chart that is about to be replaced."""
        root = self._member_root()
        root.env["member.asset"].with_context(active_test=False).search(
            [("company_id", "=", root.id)]
        ).liability_account_id = False
        root.write(
            {
                "member_deposit_account_id": False,
                "member_bonus_account_id": False,
                "member_discount_account_id": False,
                "member_journal_id": False,
            }
        )

    def _member_follow_currency(self):
        """Give unused pockets and plain pricelists the company's new currency.

        Odoo lets a company change it only while nothing is booked: mostly when its
        country and chart of accounts are chosen after this add-on was installed.
        """
        # sudo: archived ones and those that the user may not see follow as well
        env = self.sudo().with_context(active_test=False).env
        for company in self.with_env(env):
            assets = env["member.asset"].search(
                [("company_id", "=", company.id), ("currency_id", "!=", False)]
            )
            used = env["member.balance"].search([("asset_id", "in", assets.ids)])
            (assets - used.asset_id).currency_id = company.currency_id
            pricelists = env["product.pricelist"]
            pricelists.search([("company_id", "=", company.id)]).filtered(
                lambda pricelist: (
                    set(pricelist.item_ids.mapped("compute_price")) <= {"percentage"}
                )
            ).currency_id = company.currency_id
