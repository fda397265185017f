"""The verbs of the seats. Nothing else sets seats aside or counts them.

Like the ledger, and for the same reason (a rush makes a counter as hot as a shared
wallet), two kinds of transaction that are never mixed:

* *hold*, *resize*, *prolong*, *release*, *expire* and *settle* are short READ COMMITTED
  transactions of their own; only they write counters and holds;
* the document that sells writes registrations; triggers write down what it changed
  (`member.seat.move`), the *gate* claims the hold behind it. What is committed is
  settled right after, or by whoever needs the seats next, or by a job.

Keys: a till's line holds under `pol:<uuid of the line>`, a line of a sale order under
`so:<order id>:<line id>:<number>`; the gate finds them by `pol:<uuid>` and
`so:<order id>:<line id>:`. A key that was given up is never used again: whoever changes
a line's hold calls `resize` with such a prefix.

The callers check rights and choose the policy; these functions check that there are
seats, and the policy's quota and limit per member.
"""

from .after import clean_after_commit
from .backing import gate, give_back
from .check import clean, recover, verify
from .errors import SeatRefusal
from .figures import left, left_of
from .holds import HOLD_SECONDS, count, expire, find, hold, prolong, release, resize
from .settling import settle
from .values import Held, Left, Problem, Want, least
