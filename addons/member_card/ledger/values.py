"""What goes into the ledger's verbs and comes out: plain values, exact amounts."""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from ..errors import InvalidAmount, UnknownAsset

MAX_AMOUNT = Decimal(10) ** 11
"""An amount at or above this is a slip of the keyboard, not money."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """Who, where, with what and for which document; copied onto every row."""

    store_id: int | None = None
    operator_id: int | None = None
    salesperson_id: int | None = None
    card_id: int | None = None
    pos_config_id: int | None = None
    res_model: str | None = None
    res_id: int | None = None
    reference: str | None = None
    note: str | None = None

    def columns(self, env) -> dict:
        """Return the columns, the operator being the user unless another is named."""
        values = {name: value or None for name, value in vars(self).items()}
        values["operator_id"] = self.operator_id or env.uid
        return values


@dataclass(frozen=True, kw_only=True)
class Intent:
    """One movement that a document wants: signed `amount` of an asset of a member.

    A debit needs either `hold_key` (it takes what was held) or `allow_owed` (a
    claw-back: what is free is taken, the rest is owed).
    """

    partner_id: int
    asset_id: int
    amount: Decimal | int | str | float
    kind: str
    request_key: str
    hold_key: str | None = None
    expires_at: object = None
    allow_owed: bool = False
    context: Context = field(default_factory=Context)


@dataclass(frozen=True, kw_only=True)
class Held:
    """One hold as it was placed; `available` is what is free after it."""

    key: str
    partner_id: int
    asset_id: int
    amount: Decimal
    available: Decimal
    expires_at: object


@dataclass(frozen=True, kw_only=True)
class HeldAmount:
    """The holds of one request; `available` is what its pockets have left together."""

    lines: list[Held]
    available: Decimal


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One balance as it stands; all zero when the member never had this asset."""

    amount: Decimal = Decimal(0)
    held: Decimal = Decimal(0)
    incoming: Decimal = Decimal(0)
    owed: Decimal = Decimal(0)

    @property
    def available(self) -> Decimal:
        return self.amount - self.held


# === AMOUNTS === #


def abs_of(amount):
    """Return the magnitude of an amount given in any accepted type."""
    if isinstance(amount, str):
        return amount.strip().removeprefix("-")
    return abs(amount)


def is_negative(amount) -> bool:
    return amount.strip().startswith("-") if isinstance(amount, str) else amount < 0


def exact(env, asset, amount) -> Decimal:
    """Return `amount` as a positive multiple of the asset's unit, or refuse it."""
    unit = asset._unit()
    try:
        value = Decimal(str(amount))
        # also refuses infinity and what is no number
        rounded = value.quantize(unit, rounding=ROUND_HALF_UP)
    except InvalidOperation:
        raise InvalidAmount(
            env._("“%s” is not an amount. Enter a number.", amount)
        ) from None
    if not isinstance(amount, float) and rounded != value:
        raise InvalidAmount(
            env._(
                "%(amount)s is finer than %(unit)s, the smallest unit of %(asset)s.",
                amount=amount,
                unit=unit,
                asset=asset.name,
            )
        )
    if rounded <= 0:
        raise InvalidAmount(env._("Enter an amount above zero."))
    if rounded >= MAX_AMOUNT:
        raise InvalidAmount(env._("%s is too large. Check the amount.", f"{rounded:,}"))
    return rounded


def asset_of(env, asset_id):
    """Return the asset, or refuse one that is archived or was never there."""
    # sudo: rounding and company of an asset are needed to refuse, whoever asks
    assets = env["member.asset"].sudo()
    if asset_id not in assets._facts():
        raise UnknownAsset(env._("This kind of value is not set up in this company."))
    return assets.browse(asset_id)
