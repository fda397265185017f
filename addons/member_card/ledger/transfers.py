"""Value that changes its owner: between two members, or when two contacts are one."""

from decimal import Decimal

from ..errors import MergeRefused
from .apply import apply
from .balances import ensure_balance
from .cursor import run
from .holds import hold
from .intents import apply_after_commit, capture, insert_posting
from .values import Context


def transfer(
    env,
    source_partner_id,
    target_partner_id,
    asset_id,
    amount,
    request_key,
    context=None,
):
    """Move value between two members of the company; lots keep their expiry.

    Holds the amount (an own transaction), then inserts both intents in the caller's.

    :return: `member.posting`: the debit and the credit.
    """
    context = context or Context()
    hold_key = f"{request_key}:out"
    hold(
        env,
        [(source_partner_id, asset_id, amount, hold_key)],
        hold_key,
        context=context,
    )
    out = capture(env, hold_key, kind="transfer_out", context=context)
    posting_id, is_new = insert_posting(
        env,
        partner_id=target_partner_id,
        asset_id=asset_id,
        amount=-_amount_of(env, out),
        kind="transfer_in",
        request_key=request_key,
        mirror_posting_id=out.id,
        **context.columns(env),
    )
    if is_new:
        apply_after_commit(env, [posting_id])
    return out | env["member.posting"].browse(posting_id)


def merge(env, source_partner_ids, target_partner_id, context=None):
    """Move all that the sources own or owe to the target, for a merge of contacts.

    The sources' balances stay, with their history, marked as merged; nobody can hold
    them from here on.

    :raise MergeRefused: value of a source is held, or on its way.
    """
    columns = (context or Context()).columns(env)
    env.flush_all()
    sources = list(source_partner_ids)
    apply(env, partner_ids=sources)
    cr = run(
        env,
        """UPDATE member_balance SET merged_into_id = id
            WHERE partner_id = ANY(%s) AND merged_into_id IS NULL
              AND held = 0 AND incoming = 0
        RETURNING id, asset_id, company_id, amount, owed""",
        [sources],
    )
    rows = cr.fetchall()
    cr.execute(
        """SELECT 1 FROM member_balance
            WHERE partner_id = ANY(%(sources)s) AND merged_into_id IS NULL
            UNION ALL
           SELECT 1 FROM member_posting
            WHERE partner_id = ANY(%(sources)s) AND state = 'pending'""",
        {"sources": sources},
    )
    if cr.fetchone():
        raise MergeRefused(
            env._(
                "A payment of one of these members is in progress. Finish or release "
                "it first, then merge."
            )
        )
    fresh = []
    for balance_id, asset_id, company_id, amount, owed in sorted(rows):
        target_id = ensure_balance(cr, target_partner_id, asset_id, company_id)
        cr.execute(
            "UPDATE member_balance SET merged_into_id = %s WHERE id = %s",
            [target_id, balance_id],
        )
        if not amount and not owed:
            continue
        request_key = f"merge:{balance_id}:{target_id}"
        common = {"asset_id": asset_id, "request_key": request_key, **columns}
        out_id, _new = insert_posting(
            env,
            partner_id=target_partner_id,
            amount=-amount,
            owed=-owed,
            kind="transfer_out",
            balance_id=balance_id,
            **common,
        )
        in_id, _new = insert_posting(
            env,
            partner_id=target_partner_id,
            amount=amount,
            owed=owed,
            kind="transfer_in",
            balance_id=target_id,
            mirror_posting_id=out_id,
            **common,
        )
        fresh += [out_id, in_id]
    env["member.balance"].invalidate_model(flush=False)
    apply_after_commit(env, fresh)


def _amount_of(env, posting) -> Decimal:
    query = "SELECT amount FROM member_posting WHERE id = %s"
    return run(env, query, [posting.id]).fetchone()[0]
