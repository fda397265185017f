from uuid import uuid4

from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import ledger
from .common_refund import RefundCase


@tagged("post_install", "-at_install")
class TestPosTopupUndo(RefundCase):
    """Undoing a top-up pays out what is unspent of it, by right (A1)."""

    def setUp(self):
        super().setUp()
        self.carl = self.make_member("Carl")

    def verb(self, name, *arguments, user=None):
        return getattr(self.till.with_user(user or self.supervisor), name)(*arguments)

    def left(self, topup, user=None):
        return self.verb("member_topup_left", topup.lines.id, user=user)

    def undo_data(self, topup, amount, key=None, method=None, more=None, **values):
        """Return the order that undoes a part of a top-up, as the till sends it."""
        line = {
            "refunded_orderline_id": topup.lines.id,
            "uuid": key or str(uuid4()),
            **(more or {}),
        }
        return self.order_data(
            [(topup.lines.product_id, -1, amount, line)],
            [(method or self.cash, -amount, None)],
            topup.partner_id,
            **values,
        )

    def undo(self, topup, amount, user=None, **values):
        """Undo as the till does: set aside, then give the money back."""
        user = user or self.supervisor
        data = self.undo_data(topup, amount, **values)
        key = data["lines"][0][2]["uuid"]
        answer = self.verb(
            "member_topup_undo", topup.lines.id, amount, key, data["uuid"], user=user
        )
        self.assertEqual(answer["status"], "ok", answer)
        return self.send(data, user)

    def entries(self):
        """Return [(kind, amount)] of Carl's principal."""
        entries = self.env["member.entry"].search(
            [
                ("balance_id.partner_id", "=", self.carl.id),
                ("balance_id.asset_id", "=", self.principal.id),
            ],
            order="seq",
        )
        return [(entry.kind, entry.amount) for entry in entries]

    # === ACCEPT === #

    def test_whole(self):
        topup = self.top_up(self.carl, 500)
        answer = self.left(topup)
        self.assertEqual((answer["left"], answer["amount"]), (500, 500))
        order = self.undo(topup, 500)
        self.assertEqual(
            (order.state, order.member_topup_amount, order.member_available_after),
            ("paid", -500, 0),
        )
        self.assertEqual(self.entries(), [("topup", 500), ("cashout", -500)])
        self.assertEqual(self.left(topup)["status"], "nothing_left")
        log = self.env["member.operator.log"].search([("action", "=", "topup_undo")])
        self.assertEqual((log.partner_id, log.user_id), (self.carl, self.supervisor))

    def test_in_parts_across_sessions(self):
        topup = self.top_up(self.carl, 500)
        self.undo(topup, 120.5)
        self.close_session()
        session = self.open_session(self.till)
        self.assertEqual(self.left(topup)["left"], 379.5)
        self.undo(topup, 379.5, session=session)
        self.assertEqual(self.available(self.carl), 0)

    def test_only_what_this_top_up_brought_and_is_unspent(self):
        """Spending takes the oldest money first, so the second top-up is whole."""
        first, second = self.top_up(self.carl, 100), self.top_up(self.carl, 50)
        self.sell(self.carl, 70)
        self.assertEqual(self.left(first)["left"], 30)
        self.assertEqual(self.left(second)["left"], 50)
        answer = self.verb(
            "member_topup_undo", first.lines.id, 31, str(uuid4()), str(uuid4())
        )
        self.assertEqual((answer["status"], answer["available"]), ("insufficient", 30))
        self.assertIn("30.00", answer["message"])
        self.undo(first, 30)
        self.undo(second, 50)
        self.assertEqual(self.available(self.carl), 0)

    def test_what_is_held_cannot_be_paid_out(self):
        topup = self.top_up(self.carl, 100)
        self.hold(self.carl, 80)
        self.assertEqual(self.left(topup)["left"], 20)

    def test_lost_answers_are_asked_for_again(self):
        topup = self.top_up(self.carl, 100)
        key, order = str(uuid4()), str(uuid4())
        arguments = ("member_topup_undo", topup.lines.id, 100, key, order)
        self.assertEqual(self.verb(*arguments), self.verb(*arguments))
        data = self.undo_data(topup, 100, key=key, uuid=order)
        first = self.send({**data}, self.supervisor)
        self.assertEqual(self.send({**data}, self.supervisor), first)
        self.assertEqual(self.entries(), [("topup", 100), ("cashout", -100)])

    # === THE BONUS === #

    def grant_bonus(self, topup, amount):
        ledger.post(
            self.env,
            [
                ledger.Intent(
                    partner_id=self.carl.id,
                    asset_id=self.bonus.id,
                    amount=amount,
                    kind="bonus",
                    request_key=f"{topup.lines.uuid}:bonus",
                )
            ],
        )
        self.post_commit()

    def test_bonus_goes_in_proportion(self):
        """100 for 300: undoing 100 takes 33.33, the next 100 33.34, the last 33.33."""
        topup = self.top_up(self.carl, 300)
        self.grant_bonus(topup, 100)
        self.assertEqual(self.left(topup)["bonus"], 100)
        found = []
        for _part in range(3):
            before = self.available(self.carl, self.bonus)
            self.undo(topup, 100)
            found.append(round(before - self.available(self.carl, self.bonus), 2))
        self.assertEqual(found, [33.33, 33.34, 33.33])

    def test_spent_bonus_is_owed(self):
        """What is not there any more is settled from the next bonus."""
        topup = self.top_up(self.carl, 100)
        self.grant_bonus(topup, 20)
        key = self.hold(self.carl, 15, self.bonus)
        self.send(
            self.order_data(
                [(self.book, 1, 15, {})], [(self.wallet_bonus, 15, key)], self.carl
            )
        )
        self.undo(topup, 100)
        balance = self.env["member.balance"].search(
            [("partner_id", "=", self.carl.id), ("asset_id", "=", self.bonus.id)]
        )
        self.assertEqual((balance.amount, balance.owed), (0, 15))
        self.credit(self.carl, bonus=40)
        self.assertEqual(self.available(self.carl, self.bonus), 25)

    # === REFUSE === #

    def assert_undo_refused(self, sentence, data, user=None):
        with self.assertRaisesRegex(UserError, sentence), self.env.cr.savepoint():
            self.send(data, user or self.supervisor)
        self.env.invalidate_all()

    def test_takes_the_right_or_an_approval(self):
        topup = self.top_up(self.carl, 100)
        key, order = str(uuid4()), str(uuid4())
        arguments = ("member_topup_undo", topup.lines.id, 100, key, order)
        answer = self.verb(*arguments, user=self.cashier)
        self.assertEqual(answer["status"], "approval_needed")
        self.assertEqual(self.available(self.carl), 100)
        other = self.top_up(self.carl, 100)
        for line, member in ((other.lines, self.carl), (topup.lines, self.ann)):
            self.approve("refund_limit", 100, order, [(line, 1)], member)
            answer = self.verb(*arguments, user=self.cashier)
            self.assertEqual(answer["status"], "approval_needed")
        self.approve("refund_limit", 100, order, [(topup.lines, 1)], self.carl)
        self.assertEqual(self.verb(*arguments, user=self.cashier)["status"], "ok")
        data = self.undo_data(topup, 100, key=key, uuid=order)
        self.assertEqual(self.send(data).state, "paid")
        approvals = self.env["member.approval"].search([("subject_uuid", "=", order)])
        self.assertEqual(
            [bool(each.used_at) for each in approvals], [True, False, False]
        )

    def test_forged_undo_of_a_cashier(self):
        """The hold alone is no right: a supervisor's hold does not pay a cashier."""
        topup = self.top_up(self.carl, 100)
        data = self.undo_data(topup, 100)
        self.hold(self.carl, 100, key=data["lines"][0][2]["uuid"])
        self.assert_undo_refused("takes the right", data, self.cashier)

    def test_not_without_its_hold(self):
        topup = self.top_up(self.carl, 100)
        self.assert_undo_refused("not reserved", self.undo_data(topup, 100))
        key = self.hold(self.carl, 50)
        self.assert_undo_refused("not reserved", self.undo_data(topup, 100, key=key))
        key = self.hold(self.ann, 100)
        self.assert_undo_refused("not reserved", self.undo_data(topup, 100, key=key))

    def test_not_after_the_hold_ran_out(self):
        topup = self.top_up(self.carl, 100)
        key = self.hold(self.carl, 100, ttl=-1)
        ledger.expire(self.env)
        self.assert_undo_refused("not reserved", self.undo_data(topup, 100, key=key))
        self.assertEqual(self.available(self.carl), 100)

    def test_not_twice_though_each_was_held(self):
        """Other money of the wallet does not make up for what was spent."""
        topup = self.top_up(self.carl, 100)
        self.credit(self.carl, money=100)
        self.sell(self.carl, 40)
        keys = self.hold(self.carl, 60), self.hold(self.carl, 60)
        self.send(self.undo_data(topup, 60, key=keys[0]), self.supervisor)
        self.assert_undo_refused("Only", self.undo_data(topup, 60, key=keys[1]))

    def test_another_members_top_up(self):
        topup = self.top_up(self.carl, 100)
        key = self.hold(self.ann, 100)
        data = self.undo_data(topup, 100, key=key)
        data["partner_id"] = self.ann.id
        self.assert_undo_refused("another member's", data)

    def test_not_with_other_products_nor_twice_in_an_order(self):
        topup = self.top_up(self.carl, 100)
        for more in ((self.book, 1, 40, {}), (topup.lines.product_id, -1, 1, {})):
            data = self.order_data(
                [
                    (
                        topup.lines.product_id,
                        -1,
                        50,
                        {"refunded_orderline_id": topup.lines.id},
                    ),
                    more,
                ],
                [(self.cash, -50 + more[1] * more[2], None)],
                self.carl,
            )
            self.assert_undo_refused("order of its own", data)

    def test_no_other_price(self):
        topup = self.top_up(self.carl, 100)
        key = self.hold(self.carl, 100)
        for more in ({"qty": -2}, {"discount": 50}, {"price_unit": 200}):
            data = self.undo_data(topup, 100, key=key, more=more)
            self.assert_undo_refused("no other price", data)

    def test_not_back_into_a_wallet(self):
        topup = self.top_up(self.carl, 100)
        data = self.undo_data(topup, 100, method=self.wallet)
        self.assert_undo_refused("not with Member wallet", data)

    def test_sale_is_no_top_up(self):
        order = self.sale([(self.cash, 40)])
        answer = self.verb("member_topup_left", order.lines.id)
        self.assertEqual(answer["status"], "not_found")

    def test_frozen_member_is_unfrozen_first(self):
        """It is no refund: money leaves the wallet for the counter."""
        topup = self.top_up(self.carl, 100)
        self.carl.action_member_freeze()
        answer = self.verb(
            "member_topup_undo", topup.lines.id, 100, str(uuid4()), str(uuid4())
        )
        self.assertEqual(answer["status"], "frozen")

    # === BOOKS === #

    def test_journal_items(self):
        """Dr deposits, Cr cash; a top-up and its undoing have an item each."""
        topup = self.top_up(self.carl, 500)
        self.undo(topup, 200)
        move = self.close_session()
        self.assert_items(
            move,
            [
                (self.deposits, "Carl", -500.0),
                (self.deposits, "Carl", 200.0),
                (self.receivable, "", 300.0),
            ],
        )
        entries = self.env["member.entry"].search(
            [("balance_id.partner_id", "=", self.carl.id)], order="seq"
        )
        self.assertEqual(
            [(e.amount, e.link_ids.move_line_id.balance) for e in entries],
            [(500, -500), (-200, 200)],
        )
        session = self.open_session(self.till)
        self.undo(topup, 300, session=session, method=self.bank)
        move = self.close_session(session)
        self.assert_items(
            move, [(self.deposits, "Carl", 300.0), (self.receivable, "", -300.0)]
        )
        found = self.company._member_reconcile()
        mine = [m for m in found["members"] if m["partner_id"] == self.carl.id]
        self.assertEqual([m["difference"] for m in mine], [])

    def test_office_takes_the_bonus_back_too(self):
        """The wizard's top-up is taken back by the same formula."""
        wizard = (
            self.env["member.topup"]
            .with_user(self.env.user)
            .create(
                {
                    "partner_id": self.carl.id,
                    "company_id": self.company.id,
                    "amount": 100,
                    "bonus_amount": 10,
                }
            )
        )
        wizard.action_confirm()
        self.post_commit()
        payment = self.env["account.payment"].search(
            [("member_topup_key", "=", wizard.request_key)]
        )
        payment.action_member_take_back()
        self.post_commit()
        self.assertEqual(
            (self.available(self.carl), self.available(self.carl, self.bonus)), (0, 0)
        )
