from decimal import Decimal

from hypothesis import given, strategies

from odoo.tests import BaseCase, tagged

from ..refunds import divide

CENT = Decimal("0.01")
cents = strategies.integers(0, 10**7).map(lambda number: number * CENT)


@tagged("post_install", "-at_install")
class TestRefundDivision(BaseCase):
    """Each means of payment gets its share of what remains of it."""

    def parts(self, amount, *lefts):
        found = divide(Decimal(amount), [Decimal(left) for left in lefts], CENT)
        return [str(part) for part in found]

    def test_in_proportion(self):
        self.assertEqual(self.parts("50", "60", "40"), ["30.00", "20.00"])

    def test_the_last_takes_the_rounding(self):
        self.assertEqual(self.parts("10", "40", "40", "40"), ["3.33", "3.33", "3.34"])

    def test_all_of_it(self):
        self.assertEqual(
            self.parts("0.07", "0.01", "0.05", "0.01"), ["0.01", "0.05", "0.01"]
        )

    def test_dust_is_spread_when_the_last_has_no_room_for_it(self):
        parts = self.parts("0.05", "0.03", "0.03", "0.03", "0.01")
        self.assertEqual(sum(map(Decimal, parts)), Decimal("0.05"))
        self.assertLessEqual(Decimal(parts[-1]), CENT)

    def test_nothing_left(self):
        self.assertEqual(divide(Decimal(0), [Decimal(0)], CENT), [0])

    def test_always_whole_and_never_more_than_is_left(self):
        @given(strategies.lists(cents, min_size=1, max_size=6), strategies.data())
        def check(lefts, data):
            total = int(sum(lefts) / CENT)
            amount = data.draw(strategies.integers(0, total)) * CENT
            parts = divide(amount, lefts, CENT)
            self.assertEqual(sum(parts), amount)
            for part, left in zip(parts, lefts, strict=True):
                self.assertTrue(0 <= part <= left, (amount, lefts, parts))

        check()
