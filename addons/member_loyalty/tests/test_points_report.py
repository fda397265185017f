from datetime import datetime, timedelta
from io import BytesIO
from uuid import uuid4

from openpyxl import load_workbook

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.member_card import ledger

from ..models.member_points_report import MEASURES
from .common_member_points import PointsCase
from .common_pos_points import PosPointsCase


@tagged("post_install", "-at_install")
class TestPointsReport(PointsCase):
    """B7: points earned, spent, expired and outstanding; the figures tie."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["member.store"].create(
            {"name": "Shop", "code": "PSHOP", "company_id": cls.company.id}
        )
        cls.ann, cls.bob = cls.member("Ann"), cls.member("Bob")
        cls.ann.member_store_id = cls.shop
        cls.supervisor = cls.person("points_supervisor", "supervisor")
        cls.accountant = cls.person("points_accountant", "accountant")
        cls.company.write(
            {"member_point_value": 0.05, "member_point_redemption_rate": 80}
        )

    @classmethod
    def person(cls, login, role, **values):
        return new_test_user(
            cls.env,
            login,
            groups=f"member_card.group_member_{role}",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            **values,
        )

    def post(self, partner, points, kind, *, expires_at=None, store=None):
        context = ledger.Context(store_id=store and store.id)
        posting = ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=partner.id,
                    asset_id=self.points.id,
                    amount=points,
                    kind=kind,
                    request_key=str(uuid4()),
                    expires_at=expires_at,
                    context=context,
                )
            ],
        )
        self.post_commit()
        return posting

    def redeem(self, partner, points):
        key = str(uuid4())
        self.hold(partner, points, key, self.points)
        posting = ledger.capture(self.env, key, kind="redeem")
        self.post_commit()
        return posting

    def trade(self):
        """Earn 1000 + 300, give 50, redeem 200 of which 80 come back, claw 100 back."""
        earned = self.post(self.ann, 1000, "earn", store=self.shop)
        self.post(self.bob, 300, "earn")
        self.post(self.ann, 50, "award")
        redeemed = self.redeem(self.ann, 200)
        reverse = {"request_key": str(uuid4()), "kind": "refund"}
        ledger.reverse(self.env, redeemed, amount=80, **reverse)
        reverse = {"request_key": str(uuid4()), "kind": "clawback"}
        ledger.reverse(self.env, earned, amount=100, allow_owed=True, **reverse)
        self.post_commit()

    def expire(self, partner, points):
        """Have points come in that expire at once."""
        # the time of a transaction stands still
        past = self.env.cr.now() - timedelta(seconds=1)
        self.post(partner, points, "earn", expires_at=past)
        ledger.expire(self.env)
        self.env.invalidate_all()

    def wizard(self, model, user=None, **values):
        wizards = self.env[model].with_user(user or self.accountant)
        return wizards.with_context(allowed_company_ids=self.company.ids).create(values)

    def period(self, user=None, **values):
        today = fields.Date.today()
        dates = {
            "date_from": today - timedelta(days=1),
            "date_to": today + timedelta(days=1),
        }
        return self.wizard(
            "member.points.period", user, **{"period": "other", **dates, **values}
        )

    def workbook(self, report, wizard):
        content, kind = (
            self.env["ir.actions.report"]
            .with_user(wizard.env.user)
            .with_context(allowed_company_ids=self.company.ids)
            ._render(f"member_loyalty.{report}", wizard.ids)
        )
        self.assertEqual(kind, "xlsx")
        return load_workbook(BytesIO(content))

    # === THE PERIOD === #

    def test_each_way_points_move_has_its_column(self):
        before = self.period()._sums()
        self.trade()
        self.expire(self.bob, 70)
        sums = self.period()._sums()
        self.assertEqual(
            {name: sums[name] - before[name] for name in MEASURES},
            {
                "earned": 1370,
                "awarded": 50,
                "redeemed": 200,
                "returned": 80,
                "expired": 70,
                "taken_back": 100,
                "other": 0,
                "points": 1130,
            },
        )

    def test_figures_tie(self):
        """Before + earned + given + returned - redeemed - expired - back = after."""
        self.trade()
        self.expire(self.ann, 70)
        wizard = self.period()
        self.assertTrue(wizard.is_whole)
        self.assertEqual(
            wizard.opening
            + wizard.earned
            + wizard.awarded
            + wizard.returned
            + wizard.other
            - wizard.redeemed
            - wizard.expired
            - wizard.taken_back,
            wizard.closing,
        )
        balances = self.env["member.balance"].search(
            [("asset_id", "=", self.points.id), ("merged_into_id", "=", False)]
        )
        self.assertEqual(wizard.closing, sum(balances.mapped("amount")))
        outstanding = self.env["member.points.outstanding"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(wizard.closing, sum(outstanding.mapped("points")))

    def test_every_grouping(self):
        self.trade()
        wizard = self.period()
        for group, _label in wizard._fields["group_by"].selection:
            with self.subTest(group=group):
                wizard.group_by = group
                self.assertEqual(
                    sum(each["points"] for _name, each in wizard._lines()),
                    wizard.points,
                )

    def test_a_store_sees_its_own(self):
        self.trade()
        bound = self.person(
            "points_bound", "supervisor", member_store_ids=[Command.set(self.shop.ids)]
        )
        elsewhere = self.env["member.store"].create(
            {"name": "Bar", "code": "PBAR", "company_id": self.company.id}
        )
        barkeeper = self.person(
            "points_bar", "supervisor", member_store_ids=[Command.set(elsewhere.ids)]
        )
        self.assertEqual(
            self.period(bound).earned - self.period(barkeeper).earned, 1000
        )
        self.assertFalse(self.period(bound).is_whole)
        with self.assertRaisesRegex(AccessError, "every store"):
            self.env["member.points.provision"].with_user(bound).action_open()

    def test_other_companies_see_nothing(self):
        self.trade()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "points_stranger",
            groups="member_card.group_member_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for model in ("member.points.report", "member.points.outstanding"):
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(stranger).search([]))
                with self.assertRaises(AccessError):
                    self.env[model].with_user(
                        self.person(f"cashier_{model}", "cashier")
                    ).search([])
        for model in ("member.points.period", "member.points.provision"):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(stranger).create(
                    {"company_id": self.company.id}
                ).sudo(False).read(["display_name"])
                self.env[model].with_user(stranger).create(
                    {"company_id": self.company.id}
                ).action_reckon()

    def test_workbook_has_the_same_figures(self):
        self.trade()
        wizard = self.period(group_by="store")
        book = self.workbook("member_points_period_xlsx", wizard)
        summary = dict(
            row[:2] for row in book["Summary"].iter_rows(values_only=True) if row[0]
        )
        self.assertEqual(
            (summary["Earned"], summary["Redeemed"], summary["After"]),
            (wizard.earned, wizard.redeemed, wizard.closing),
        )
        lines = dict(row[:2] for row in book["Store"].iter_rows(values_only=True))
        self.assertEqual(lines["Shop"], 1000)
        entries = list(book["Entries"].iter_rows(min_row=2, values_only=True))
        self.assertEqual(sum(row[-1] for row in entries), wizard.points)
        with self.assertRaisesRegex(AccessError, "export"):
            self.period(self.supervisor).action_xlsx()

    # === THE PROVISION === #

    def provision(self, user=None, **values):
        wizard = self.wizard("member.points.provision", user, **values)
        wizard.action_reckon()
        return wizard

    def test_provision_by_hand(self):
        """IFRS 15 B39-B43: points × value × expected redemption."""
        before = self.provision().points
        self.trade()
        wizard = self.provision()
        self.assertEqual(wizard.points - before, 1130)
        currency = self.company.currency_id
        self.assertEqual(wizard.amount, currency.round(wizard.points * 0.05 * 0.8))
        self.assertEqual(wizard.points, self.period().closing)
        wizard.write({"point_value": 0.1, "redemption_rate": 50})
        wizard.action_reckon()
        self.assertEqual(wizard.amount, currency.round(wizard.points * 0.1 * 0.5))
        # what was tried here is not kept
        self.assertEqual(self.company.member_point_value, 0.05)

    def test_lines_add_up(self):
        self.trade()
        self.post(self.bob, 7, "earn", expires_at=datetime(2131, 6, 1))
        wizard = self.provision(point_value=0.033)
        for lines in (
            wizard.class_line_ids,
            wizard.store_line_ids,
            wizard.year_line_ids,
        ):
            with self.subTest(dimension=lines[:1].dimension):
                self.assertEqual(sum(lines.mapped("points")), wizard.points)
                self.assertAlmostEqual(sum(lines.mapped("amount")), wizard.amount)
        years = dict(wizard.year_line_ids.mapped(lambda each: (each.name, each.points)))
        self.assertEqual(years["2131"], 7)
        self.assertEqual(wizard.year_line_ids[-1].name, "Never")
        stores = dict(
            wizard.store_line_ids.mapped(lambda each: (each.name, each.points))
        )
        self.assertEqual(stores["Shop"], 830)

    def test_as_of_an_earlier_day(self):
        """What moved later is not in it: neither what came in nor what was used."""
        wizard = self.provision(date=fields.Date.today() - timedelta(days=2))
        before = wizard.points
        self.trade()
        wizard.action_reckon()
        self.assertEqual(wizard.points, before)

    def test_gone_at_the_end_of_the_day(self):
        """Points that expire at midnight are no liability of that day."""
        wizard = self.provision()
        before = wizard.points
        self.post(self.bob, 40, "earn", expires_at=wizard._cutoff())
        wizard.action_reckon()
        self.assertEqual(
            (wizard.points, wizard.lapsed_points, wizard.ledger_points),
            (before, 40, before + 40),
        )

    def test_provision_workbook(self):
        self.trade()
        wizard = self.provision()
        book = self.workbook("member_points_provision_xlsx", wizard)
        rows = dict(
            row[:2] for row in book["Provision"].iter_rows(values_only=True) if row[0]
        )
        self.assertEqual(rows["Points in the ledger"], wizard.ledger_points)
        self.assertEqual(rows["Provision"], "=B8*B9*B10")
        self.assertEqual(rows["Expected redemption"], 0.8)
        with self.assertRaisesRegex(AccessError, "export"):
            self.provision(self.supervisor).action_xlsx()


@tagged("post_install", "-at_install")
class TestPointsReportByRule(PosPointsCase):
    """B7: which rule gave how many points."""

    def test_by_rule(self):
        """A line for each rule of an order; together they are what it earned."""
        sales = self.rule("Sales")
        tea = self.rule("Tea", mode="unit", rate_points=5)
        tea.product_tmpl_ids = self.tea.product_tmpl_id
        self.cash_sale([(self.tea, 2, 100), (self.book, 1, 40)])
        lines = self.env["member.points.report"].search(
            [("partner_id", "=", self.ann.id)]
        )
        earning = self.env["member.point.earning"].search(
            [("partner_id", "=", self.ann.id)]
        )
        self.assertEqual(lines.rule_id, sales | tea)
        self.assertEqual(lines.filtered(lambda each: each.rule_id == tea).points, 10)
        self.assertEqual(sum(lines.mapped("earned")), earning.points)
        self.assert_points(earning.points)
        entry = lines[:1].action_open_entry()
        self.assertEqual(
            (entry["res_model"], entry["res_id"]), ("member.entry", lines.entry_id.id)
        )

    # === WHAT RULES EARNED IS SPENT === #

    def spend(self, points, store=None):
        key = self.hold(self.ann, points, self.points)
        posting = ledger.capture(
            self.env,
            key,
            kind="redeem",
            context=ledger.Context(store_id=store and store.id),
        )
        self.post_commit()
        return posting

    def balance(self):
        """Return Ann's points."""
        return self.env["member.balance"].search(
            [("partner_id", "=", self.ann.id), ("asset_id", "=", self.points.id)]
        )

    def let_expire(self):
        """Let all that Ann has expire now."""
        balance = self.balance()
        past = fields.Datetime.now() - timedelta(days=1)
        for query in (
            "UPDATE member_lot SET expires_at = %s WHERE balance_id = %s",
            "UPDATE member_balance SET next_expiry_at = %s WHERE id = %s",
        ):
            self.env.cr.execute(query, [past, balance.id])
        self.env.invalidate_all()
        ledger.expire(self.env)
        self.env.invalidate_all()

    def by(self, model, *names):
        """Return `{group: points}` of Ann's."""
        rows = self.env[model]._read_group(
            [("partner_id", "=", self.ann.id)], names, ["points:sum"]
        )
        return {tuple(key): points for *key, points in rows if points}

    def assert_ties(self):
        """What rules and stores earned, less what went, is what is outstanding."""
        owned = self.balance().amount
        for names in (("rule_id",), ("earned_store_id",), ("rule_id", "date:day")):
            with self.subTest(by=names):
                changes = self.by("member.points.report", *names)
                left = self.by("member.points.outstanding", *names)
                self.assertEqual(sum(changes.values()), owned)
                self.assertEqual(sum(left.values()), owned)
                if "date:day" not in names:
                    self.assertEqual(changes, left)
        lines = self.env["member.points.report"].search(
            [("partner_id", "=", self.ann.id)]
        )
        for entry, each in lines.grouped("entry_id").items():
            self.assertEqual(sum(each.mapped("points")), entry.amount)
        shown = lines.mapped("points")
        self.assertEqual(shown, [round(points) for points in shown])
        self.assertEqual(len(set(lines.ids)), len(lines))

    def test_spent_by_rule(self):
        """B7: what rules earned is spent, given back and expires in proportion."""
        sales = self.rule("Sales")
        books = self.rule("Books", mode="unit", rate_points=10)
        books.product_tmpl_ids = self.book.product_tmpl_id
        self.cash_sale([(self.book, 6, 40)])
        self.assertEqual(
            self.by("member.points.outstanding", "rule_id"),
            {(sales,): 240, (books,): 60},
        )
        redeemed = self.spend(50)
        self.assert_ties()
        self.assertEqual(
            self.by("member.points.report", "rule_id", "kind")[books, "redeem"], -10
        )
        ledger.reverse(
            self.env, redeemed, amount=20, request_key=str(uuid4()), kind="refund"
        )
        self.post_commit()
        self.assert_ties()
        self.assertEqual(
            self.by("member.points.outstanding", "rule_id"),
            {(sales,): 216, (books,): 54},
        )
        self.let_expire()
        self.assert_ties()
        expired = self.env["member.points.report"]._read_group(
            [("partner_id", "=", self.ann.id)], ["rule_id"], ["expired:sum"]
        )
        self.assertEqual(dict(expired), {sales: 216, books: 54})
        self.assertFalse(self.by("member.points.outstanding", "rule_id"))

    def test_no_point_is_lost_between_rules(self):
        """B7: three rules, points that go one by one: none is lost, none is split."""
        rules = [self.rule("Sales", mode="order", rate_points=7)]
        rules += [
            self.rule(name, mode="order", rate_points=points)
            for name, points in (("Opening", 11), ("Autumn", 5))
        ]
        self.cash_sale([50])
        for points in (1, 1, 3, 1, 7, 1, 8):
            self.spend(points)
            self.assert_ties()
        self.spend(1)
        self.assert_ties()
        redeemed = self.env["member.points.report"]._read_group(
            [("partner_id", "=", self.ann.id)], ["rule_id"], ["redeemed:sum"]
        )
        self.assertEqual(dict(redeemed), dict(zip(rules, (7, 11, 5), strict=True)))

    def test_taken_back_by_rule(self):
        """B7: what a refund takes back goes off the rules; the rest is no rule's."""
        sales = self.rule("Sales")
        order = self.cash_sale([100])
        self.spend(90)
        ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=self.ann.id,
                    asset_id=self.points.id,
                    amount=25,
                    kind="award",
                    request_key=str(uuid4()),
                )
            ],
        )
        self.post_commit()
        self.cash_back([(order.lines, 1)])
        self.assert_points(0, 65)
        self.assert_ties()
        taken = self.env["member.points.report"]._read_group(
            [("partner_id", "=", self.ann.id)], ["rule_id"], ["taken_back:sum"]
        )
        none = self.env["member.point.rule"]
        self.assertEqual(dict(taken), {sales: 10, none: 25})

    def test_store_where_earned(self):
        """B7: what is spent elsewhere counts against the store that it came from."""
        self.rule("Sales")
        foyer, bar = self.env["member.store"].create(
            [
                {"name": "Foyer", "code": "RFOY", "company_id": self.company.id},
                {"name": "Bar", "code": "RBAR", "company_id": self.company.id},
            ]
        )
        self.till.member_store_id = foyer
        self.cash_sale([80])
        self.spend(30, store=bar)
        spent = self.env["member.points.report"].search(
            [("partner_id", "=", self.ann.id), ("kind", "=", "redeem")]
        )
        self.assertEqual((spent.store_id, spent.earned_store_id), (bar, foyer))
        left = self.env["member.points.outstanding"].search(
            [("partner_id", "=", self.ann.id)]
        )
        self.assertEqual((left.earned_store_id, left.points), (foyer, 50))
        self.assert_ties()
