"""What earns points: plain Python without Odoo, exact, the same answer every time.

`compute(rules, basket, member)` answers with an `Earning`. All that goes in is a value
that can be written as JSON and read again, so a document keeps what it was computed
with, and a refund computes the rest of it with the same rules, facts and figures:
taking lines away, or making them smaller, never earns more.

In Odoo, `member.point.rule` makes these values: `_active_rules`, `_basket`,
`_for_member`; `member.point.cap` counts what rules gave in a day and a month.
"""

from .discounts import discounted
from .engine import compute, kept
from .matching import birthday_in, expires, mismatch, takes
from .values import WHY_NOT, Basket, Earning, Fired, Line, Member, Record, Rule, Skipped
