"""The bonus that came with a top-up, and goes with it when that is undone."""

from decimal import Decimal

from . import ledger


def bonus_key(topup_key) -> str:
    """Name the credit of the bonus that was granted with a top-up."""
    return f"{topup_key}:bonus"


def take_bonus_back(env, topup, undo_key, context):
    """Take back the bonus's share of what was taken back of its top-up.

    Formula: granted bonus × taken back so far ÷ topped up, rounded to the unit, less
    what was taken back of the bonus before; undoing all takes all of it. It is a
    claw-back: what the member has spent of it already is owed, and settled first from
    the next bonus.

    :param topup: the posting of the top-up, reversed already.
    :param undo_key: names this undoing.
    :return: the `member.posting` that takes it; empty when none was granted.
    """
    bonus = topup._bonus()
    if not bonus:
        return bonus
    share = bonus.amount * topup.reversed_amount / topup.amount
    part = bonus.currency_id.round(share) - bonus.reversed_amount
    amount = Decimal(str(bonus.currency_id.round(part)))
    if amount <= 0:
        return bonus.browse()
    return ledger.reverse(
        env,
        bonus,
        amount=amount,
        request_key=bonus_key(undo_key),
        kind="clawback",
        allow_owed=True,
        context=context,
    ).sudo()
