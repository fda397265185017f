"""Who may buy a ticket, when and at which price: plain Python without Odoo.

`choose(rules, wanted, left)` answers with a `Choice`: the policy that sells, or why
none does. All channels ask it, the server again for each of them when the sale arrives;
the same rules, wish and figures always give the same answer.

In Odoo, `member.ticket.policy` makes the rules (`_rules`), and
`event.event.ticket._member_offer` turns a choice into an offer with its price.
"""

from .choice import AXES, applies, choose, price, window
from .conflicts import can_win, meet, overlaps
from .offer import ClassOffer, Figures, MemberOffer
from .values import FOR_SALE, STATUSES, WHY_NOT, Choice, Rule, Wanted, Why
