"""What earns points: plain Python without Odoo, exact, the same answer every time.

`compute(rules, basket, member)` answers with an `Earning`. All that goes in is a value
that can be written as JSON and read again, so a document keeps what it was computed
with, and a refund computes the rest of it with the same rules, facts and figures:
taking lines away, or making them smaller, never earns more.
"""

from .engine import compute
from .values import Basket, Earning, Fired, Line, Member, Rule, Skipped
