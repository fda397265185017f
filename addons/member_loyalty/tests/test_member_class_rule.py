from datetime import timedelta

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_class import ClassCase


@tagged("post_install", "-at_install")
class TestMemberClassRule(ClassCase):
    """A6: who reaches a class, by points earned and by spending."""

    def test_rises_when_the_threshold_is_reached(self):
        rule = self.rule()
        self.earn(self.ann, 999)
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.ordinary)
        self.earn(self.ann, 1)
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.discount)
        self.assertEqual(self.bob.member_class_id, self.ordinary)
        last, before = self.history(self.ann)[:2]
        self.assertEqual((last.reason, last.rule_id), ("rule", rule))
        self.assertEqual(last.class_id, self.discount)
        self.assertFalse(last.user_id or last.date_to)
        self.assertTrue(before.date_to)
        self.assertIn("1000 points earned", last.note)

    def test_nothing_happens_twice(self):
        self.rule()
        self.earn(self.ann, 1000)
        self.rise()
        rows = len(self.history(self.ann))
        self.rise()
        self.review()
        self.assertEqual(len(self.history(self.ann)), rows)

    def test_the_best_class_wins(self):
        self.rule(self.gold, 2000)
        self.rule(self.discount, 1000)
        self.earn(self.ann, 2500)
        self.earn(self.bob, 1500)
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.gold)
        self.assertEqual(self.bob.member_class_id, self.discount)

    def test_at_once_nobody_falls(self):
        self.rule(demotes=True)
        self.ann.member_class_id = self.discount
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.discount)

    def test_a_review_lets_fall_who_reaches_it_no_longer(self):
        rule = self.rule(self.gold, 2000, demotes=True)
        self.rule(self.discount, 1000)
        (self.ann | self.bob).member_class_id = self.gold
        self.earn(self.ann, 1200)
        self.earn(self.bob, 10)
        self.review()
        self.assertEqual(self.ann.member_class_id, self.discount)
        self.assertEqual(self.bob.member_class_id, self.ordinary)
        self.assertEqual(self.history(self.bob)[0].rule_id, rule)
        self.assertIn("less than 2,000", self.history(self.bob)[0].note)

    def test_nobody_falls_from_a_class_that_no_rule_takes(self):
        self.rule(self.discount, 1000, demotes=True)
        self.rule(self.gold, 2000)
        self.ann.member_class_id = self.gold
        self.review()
        self.assertEqual(self.ann.member_class_id, self.gold)

    def test_one_of_two_rules_is_enough_to_stay(self):
        self.rule(self.gold, 2000, demotes=True)
        self.rule(self.gold, 100, metric="spending", demotes=True)
        self.ann.member_class_id = self.gold
        self.sell_cash(self.ann, 100)
        self.review()
        self.assertEqual(self.ann.member_class_id, self.gold)

    def test_a_rule_for_the_review_waits_for_it(self):
        self.rule(timing="review")
        self.earn(self.ann, 1000)
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.ordinary)
        self.review()
        self.assertEqual(self.ann.member_class_id, self.discount)

    def test_only_from_some_classes(self):
        self.rule(self.gold, 1000, from_class_ids=[Command.set(self.discount.ids)])
        (self.ann | self.bob).member_class_id = self.ordinary
        self.bob.member_class_id = self.discount
        self.earn(self.ann, 1000)
        self.earn(self.bob, 1000)
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.ordinary)
        self.assertEqual(self.bob.member_class_id, self.gold)

    def test_cancelled_members_and_archived_classes_stay(self):
        self.rule()
        self.rule(self.gold, 10)
        self.gold.active = False
        self.earn(self.ann, 1000)
        self.earn(self.bob, 1000)
        self.spend_points(self.bob, 1000)
        self.bob.action_member_cancel()
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.discount)
        self.assertEqual(self.bob.member_class_id, self.ordinary)

    def test_another_company_has_other_rules(self):
        other = self.env["res.company"].create({"name": "Other Theatre"})
        self.rule(company_id=other.id)
        self.earn(self.ann, 1000)
        self.rise()
        self.rules._raise_at_once(other)
        self.assertEqual(self.ann.member_class_id, self.ordinary)

    # === FIGURES === #

    def test_what_was_taken_back_does_not_count(self):
        """Also what was spent already, and is owed now."""
        self.rule()
        posting = self.earn(self.ann, 1200)
        self.spend_points(self.ann, 1100)
        self.claw_back(posting, 300)
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.ordinary)
        self.earn(self.ann, 100)
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.discount)

    def test_points_spent_count_and_points_given_do_not(self):
        self.rule()
        self.earn(self.ann, 1000)
        self.spend_points(self.ann, 1000)
        self.earn(self.bob, 5000, kind="award")
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.discount)
        self.assertEqual(self.bob.member_class_id, self.ordinary)

    def test_the_last_months(self):
        self.rule(window="months", window_months=3, demotes=True)
        self.earn(self.ann, 1000)
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.discount)
        # what was earned carries the time at which the transaction began
        today = self.env.cr.now().date()
        with freeze_time(today + relativedelta(months=3)):
            self.review()
        self.assertEqual(self.ann.member_class_id, self.discount)
        with freeze_time(today + relativedelta(months=3, days=1)):
            self.review()
        self.assertEqual(self.ann.member_class_id, self.ordinary)

    def test_a_calendar_year_and_the_one_before(self):
        """At once this year counts; a review keeps who reached it last year."""
        self.rule(window="year", demotes=True)
        self.earn(self.ann, 1000)
        next_year = self.env.cr.now().year + 1
        with freeze_time(f"{next_year}-01-02"):
            self.rise()
            self.assertEqual(self.ann.member_class_id, self.ordinary)
            self.review()
            self.assertEqual(self.ann.member_class_id, self.discount)
        with freeze_time(f"{next_year + 1}-01-02"):
            self.review()
        self.assertEqual(self.ann.member_class_id, self.ordinary)

    def test_since_joining(self):
        self.rule(window="joined")
        self.earn(self.ann, 1000)
        self.earn(self.bob, 1000)
        today = self.company._member_today()
        # sudo: a date that only joining sets
        self.ann.sudo().member_since = today - timedelta(days=1)
        self.bob.sudo().member_since = today + timedelta(days=1)
        with freeze_time(today + relativedelta(years=20)):
            self.rise()
        self.assertEqual(self.ann.member_class_id, self.discount)
        self.assertEqual(self.bob.member_class_id, self.ordinary)

    def test_spending_at_the_till(self):
        """With taxes, less refunds, without top-ups; an invoice counts once."""
        rule = self.rule(metric="spending", threshold=115)
        self.top_up(self.ann, 500)
        self.rise()
        self.assertEqual(self.ann.member_class_id, self.ordinary)
        order = self.sell_cash(self.ann, 100, product=self.tea, to_invoice=True)
        self.assertEqual(order.amount_total, 115)
        self.assertEqual(self.figure(rule, self.ann), 115)
        self.assertEqual(self.ann.member_class_id, self.discount)
        self.refund(order, [(self.cash, -115, None)])
        self.assertEqual(self.figure(rule, self.ann), 0)

    def test_spending_by_invoice(self):
        rule = self.rule(metric="spending", threshold=40, timing="review")
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.ann.id,
                "invoice_date": self.company._member_today(),
                "invoice_line_ids": [
                    Command.create({"product_id": self.book.id, "price_unit": 40})
                ],
            }
        )
        self.assertEqual(self.figure(rule, self.ann), 0)
        invoice.action_post()
        self.assertEqual(self.figure(rule, self.ann), 40)
        refund = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        refund.action_post()
        self.assertEqual(self.figure(rule, self.ann), 0)

    # === AT THE TILL === #

    def test_the_next_sale_has_the_new_class(self):
        """The till that has the member open is told."""
        self.rule(metric="spending", threshold=40)
        pricelist = self.env["product.pricelist"].create(
            {"name": "Discount", "company_id": self.company.id}
        )
        self.discount.with_company(self.company).pricelist_id = pricelist
        here = self.till.with_user(self.cashier)
        before = here.member_info(self.ann.id)
        self.assertEqual(before["class"]["id"], self.ordinary.id)
        self.sell_cash(self.ann, 40)
        self.assertEqual(here.member_info(self.ann.id)["class"]["id"], self.discount.id)
        (loaded,) = here.member_lookup(self.ann.member_number)["records"]["res.partner"]
        self.assertEqual(loaded["member_class_id"], self.discount.id)
        self.assertEqual(loaded["property_product_pricelist"], pricelist.id)
        self.env.cr.precommit.run()
        heard = self.env["bus.bus"].sudo()
        self.assertTrue(heard.search_count([("message", "like", "MEMBER_CHANGED")]))

    def test_a_sale_costs_nothing_without_rules_at_once(self):
        self.rule(timing="review")
        self.post_commit()
        self.rules._judge_after_commit(self.ann, self.company)
        self.assertFalse(self.env.cr.postcommit._funcs)
        with self.assertQueryCount(0):
            self.rules._judge_after_commit(self.ann, self.company)

    @mute_logger("odoo.addons.member_loyalty.models.member_class_rule_apply")
    def test_a_rule_that_fails_fails_no_sale(self):
        self.rule(metric="spending", threshold=10)
        # beyond what a date can hold: the query fails
        self.rules.search([]).write({"window_months": 100000})
        order = self.sell_cash(self.ann, 40)
        self.assertEqual(order.state, "paid")
        self.assertEqual(self.ann.member_class_id, self.ordinary)

    # === BY HAND === #

    def test_a_class_that_is_kept(self):
        self.rule(self.discount, 1000, demotes=True)
        today = self.company._member_today()
        self.change(self.ann, self.gold, keep="until", until=today)
        self.change(self.bob, self.ordinary, keep="always")
        self.earn(self.bob, 5000)
        self.rule(self.gold, 9000, demotes=True)
        self.rise()
        self.review()
        self.assertEqual(self.ann.member_class_id, self.gold)
        self.assertEqual(self.bob.member_class_id, self.ordinary)
        self.assertEqual(self.ann.member_class_lock, "until")
        self.assertEqual(self.bob.member_class_lock, "always")
        with freeze_time(today + timedelta(days=1)):
            self.review()
        self.assertEqual(self.ann.member_class_id, self.ordinary)
        self.assertEqual(self.bob.member_class_id, self.ordinary)
        self.change(self.bob, self.ordinary, keep="rules")
        self.rise()
        self.assertEqual(self.bob.member_class_id, self.discount)

    def test_changing_is_noted(self):
        self.change(self.ann, self.gold, keep="always", reason="Guest of honour")
        last = self.history(self.ann)[0]
        self.assertEqual((last.reason, last.note), ("manual", "Guest of honour"))
        log = self.env["member.operator.log"].search(
            [("action", "=", "class_change")], limit=1
        )
        self.assertEqual(log.partner_id, self.ann)
        self.assertIn("Guest of honour", log.detail)

    def test_changing_takes_the_right(self):
        with self.assertRaises(AccessError):
            self.ann.with_user(self.cashier).action_member_change_class()
        with self.assertRaises(AccessError):
            self.ann.member_class_locked_until = fields.Date.today()

    def test_what_cannot_be_changed(self):
        yesterday = self.company._member_today() - timedelta(days=1)
        with self.assertRaises(UserError):
            self.change(self.ann, self.gold, keep="until", until=yesterday)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with self.assertRaises(UserError):
            self.change(stranger, self.gold)

    # === RULES === #

    def test_the_summary_reads_as_a_sentence(self):
        rule = self.rule(self.gold, 1500.5, window="months", window_months=6)
        self.assertEqual(
            rule.summary, "Gold: points earned in the last 6 months, at least 1,500.5"
        )

    def test_rules_that_cannot_be(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        with self.assertRaises(ValidationError):
            self.rule(company_id=branch.id)
        other = self.env["res.company"].create({"name": "Other Theatre"})
        self.gold.company_id = other
        with self.assertRaises(ValidationError):
            self.rule(self.gold)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.rule(threshold=0)

    # === HELPERS === #

    def sell_cash(self, partner, amount, product=None, **values):
        product = product or self.book
        data = self.order_data([(product, 1, amount, {})], [], partner, **values)
        paid = self.order_data([], [(self.cash, data["amount_total"], None)])
        data.update({name: paid[name] for name in ("payment_ids", "amount_paid")})
        order = self.send(data)
        self.env.invalidate_all()
        return order

    def figure(self, rule, partner):
        """What a member has of a rule's metric now."""
        query = rule._values_query(
            self.company._member_today(), at_review=True, partner_ids=partner.ids
        )
        self.env.flush_all()
        self.env.cr.execute(query)
        return float(dict(self.env.cr.fetchall()).get(partner.id, 0))

    def change(self, partner, member_class, keep="rules", **vals):
        self.env["member.class.change"].create(
            {
                "partner_ids": [Command.set(partner.ids)],
                "class_id": member_class.id,
                "keep": keep,
                "reason": "Guest",
                **vals,
            }
        ).action_change()
        self.env.invalidate_all()
