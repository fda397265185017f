"""How the verbs of a card writer's station answer: refusals as data, states, codes."""

from functools import wraps

from odoo.exceptions import AccessError, UserError

from odoo.addons.member_card.refusals import MemberRefusal
from odoo.addons.member_card.storable import storable

from .refusals import FORGED

RIGHT = "member_hw_proxy.group_member_card_encode"

CHIPS = ("contactless", "contact_ic")
"""The media that a card writer can write."""

QUEUE_TRANSITIONS = {
    "open": {"paused", "stopped", "done"},
    "paused": {"open", "stopped", "done"},
    "stopped": {"open"},
    "done": {"open"},
}
"""What may follow each state of a queue."""

LINE_TRANSITIONS = {
    "waiting": {"writing", "skipped"},
    "writing": {"writing", "waiting", "done", "failed", "skipped"},
    "failed": {"waiting", "done", "skipped"},
    "skipped": {"waiting", "done"},
    "done": set(),
}
"""What may follow each state of a number in a queue.

`writing` means that an order went out, so that a chip may carry the number already. A
receipt is the proof that one does: it counts also when the number was given up since.
"""

NOTHING_WRITTEN = frozenset(
    {"bad_request", "busy", "no_card", "no_device", "wrong_card"}
)
"""What a writer says when it did not touch the chip: the number is free again."""
FAILED = frozenset(
    {"auth_failed", "blocked", "unsupported", "verify_failed", "write_failed"}
)
"""What it says of a chip that will not do: the number goes on another one.

After anything else (pulled away, agent gone) only the same chip can tell.
"""

ATTEMPTS = FORGED | {"bad_receipt"}
"""Refusals that no page of ours brings about by itself: the operator log keeps them."""


class EncodingRefusal(MemberRefusal):
    """A verb of the station is refused for the reason `code`; nothing was done.

    Codes: bad_receipt, not_found, taken, paused, stopped, wrong_medium, no_uid,
    chip_used, card_used, has_number, finish_first, other_queue, in_use, not_ours.
    `facts` is data that goes with the sentence.
    """

    def __init__(self, code, message, **facts):
        super().__init__(code, message)
        self.facts = facts


def encoding_verb(method):
    """Let a model answer a station: check the right, then run, refusing as data.

    Answers `{"status": "ok", …}`, or `{"status": code, "message": sentence, …}`. Verbs
    refuse before they write, so that a reading stays used that came with a refusal.
    Texts are freed of what the database cannot keep.
    """

    @wraps(method)
    def verb(records, *args, **kwargs):
        try:
            records.env.user._member_require(RIGHT)
            records.check_access("read")
            return {
                "status": "ok",
                **method(records, *storable(args), **storable(kwargs)),
            }
        except AccessError as error:
            return {"status": "forbidden", "message": str(error)}
        except UserError as error:
            if not hasattr(error, "code"):
                raise
            if error.code in ATTEMPTS:
                records.env["member.operator.log"]._log_attempt(
                    error, reference=method.__name__
                )
            facts = getattr(error, "facts", {})
            return {"status": error.code, "message": str(error), **facts}

    return verb
