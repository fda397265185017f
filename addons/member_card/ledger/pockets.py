"""Pockets: dividing a payment over what a member has."""

from decimal import Decimal

from .balances import figures
from .holds import settle


def split(env, partner_id, company, amount, kinds=("bonus", "principal")):
    """Divide a payment over the member's pockets, in their spending order.

    Before it says that they hold too little, it settles what is due.

    :return: `[(member.asset, Decimal)]`; their sum is at most `amount`, and less when
        the pockets hold less.
    """
    # sudo: which pockets a company has is no secret to whoever may take a payment
    assets = env["member.asset"].sudo()
    assets = assets.browse(
        asset_id
        for asset_id, kind in assets._spent_first(company.sudo().root_id.id)
        if kind in kinds
    )
    amount = Decimal(str(amount))
    parts = _divide(amount, assets, figures(env, partner_id, assets.ids))
    if sum(part for _asset, part in parts) < amount:
        settle(env, [partner_id])
        found = figures(env, partner_id, assets.ids, fresh=True)
        parts = _divide(amount, assets, found)
    return parts


def _divide(amount, assets, found):
    parts = []
    for asset in assets:
        part = min(found[asset.id].available, amount)
        if part > 0:
            parts.append((asset, part))
            amount -= part
    return parts
