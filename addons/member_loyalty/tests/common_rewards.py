from uuid import uuid4

from odoo import Command

from odoo.addons.member_card import ledger
from odoo.addons.member_card.tests.common_books import BooksCase


class RewardCase(BooksCase):
    """A till whose members have points, and rewards to spend them on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.points = cls.company._member_asset("points")
        # what orders earn would blur what they redeem
        cls.env["member.point.rule"].search([]).active = False
        cls.store = cls.env["member.store"].create(
            {"name": "Old Town", "code": "OLD", "company_id": cls.company.id}
        )
        cls.till.member_store_id = cls.store
        cls.mug = cls.make_product("Mug", 25)
        cls.gift = cls.make_reward(
            name="A mug", product_id=cls.mug.id, points_cost=300, total_quantity=2
        )
        cls.money_off = cls.make_reward(
            name="Money off", kind="discount", points_per_unit=100, min_points=100
        )
        cls.give_points(cls.ann, 1000)

    @classmethod
    def make_reward(cls, **vals):
        return cls.env["member.reward"].create({"company_id": cls.company.id, **vals})

    @classmethod
    def give_points(cls, partner, points, expires_at=None):
        ledger.post(
            cls.env,
            [
                ledger.Intent(
                    partner_id=partner.id,
                    asset_id=cls.points.id,
                    amount=points,
                    kind="award",
                    request_key=str(uuid4()),
                    expires_at=expires_at,
                )
            ],
        )
        cls.post_commit()

    # === THE TILL'S VERBS === #

    def at_till(self, till=None, user=None):
        return (till or self.till).with_user(user or self.cashier)

    def offers(self, partner=None, total=None, lines=()):
        """Return what the till shows, by reward."""
        answer = self.at_till().member_rewards((partner or self.ann).id, total, lines)
        self.assertEqual(answer["status"], "ok", answer)
        rewards = self.env["member.reward"]
        return {rewards.browse(offer["id"]): offer for offer in answer["rewards"]}

    def redeem(self, reward, points=0, partner=None, key=None, **options):
        """Reserve at the till; return the answer."""
        return self.at_till().member_redeem(
            (partner or self.ann).id, reward.id, points, key or str(uuid4()), **options
        )

    def reserved(self, reward, points=0, **options):
        """Reserve at the till, which must succeed; return the key."""
        answer = self.redeem(reward, points, **options)
        self.assertEqual(answer["status"], "ok", answer)
        return answer["key"]

    def redemption(self, key):
        return self.env["member.redemption"].search([("key", "=", key)])

    def free_points(self, partner=None):
        return float(
            ledger.available(self.env, (partner or self.ann).id, self.points.id)
        )

    # === ORDERS === #

    def gift_line(self, key, product=None, quantity=1, price=0):
        return (product or self.mug, quantity, price, {"member_redemption_key": key})

    def money_off_line(self, key, amount, taxes=None):
        """Take `amount`, with taxes, off an order."""
        product = self.env.ref("member_loyalty.product_points_discount")
        taxes = taxes or self.env["account.tax"]
        untaxed = taxes.with_context(force_price_include=True).compute_all(-amount)
        return (
            product,
            1,
            untaxed["total_excluded"],
            {
                "member_redemption_key": key,
                "price_subtotal": untaxed["total_excluded"],
                "price_subtotal_incl": -amount,
                "tax_ids": [Command.set(taxes.ids)],
            },
        )

    def pay(self, lines, partner=None, **values):
        """Pay lines in cash; return the order."""
        return self.send(self.cash_order(lines, partner, **values))

    def cash_order(self, lines, partner=None, **values):
        data = self.order_data(lines, [], partner or self.ann, **values)
        total = sum(line[2]["price_subtotal_incl"] for line in data["lines"])
        tax = total - sum(line[2]["price_subtotal"] for line in data["lines"])
        payments = self.order_data([], [(self.cash, total, None)])["payment_ids"]
        return {
            **data,
            "payment_ids": payments if total else [],
            "amount_total": total,
            "amount_paid": total,
            "amount_tax": tax,
            **values,
        }
