from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from .. import approvals
from ..refunds import divide
from ..refusals import attempts_logged
from ..till import TillRefusal

PAID_STATES = ("paid", "done")


@dataclass(frozen=True)
class RefundPart:
    """One line of a refund: what goes back by one method, to one member or to nobody.

    `member` is empty for money, which goes to whoever stands at the counter.
    """

    method: models.Model
    member: models.Model
    amount: Decimal


class PosOrder(models.Model):
    """How a refund is given back: as the sale was paid.

    Each means of payment gets its share of what remains of it, a wallet for each of its
    members and pockets. A wallet never gets more than it paid (the ledger sees to it);
    money never replaces what a wallet paid, unless somebody with the right says so.

    An exchange passes on what it took back: refunding what was bought in exchange goes
    back to the first sale as well.
    """

    _inherit = "pos.order"

    # === THE PLAN === #

    def _member_refund_plan(self, amount, till, besides=None):
        """Divide `amount` over what paid for these orders.

        Of the orders that were refunded before, `besides` is left out: the one which is
        being paid.

        :param amount: positive; at most what is left.
        :return: `[RefundPart]`, empty when no wallet has paid.
        :raise TillRefusal: nothing_left, unsettled, no_method.
        """
        sources = self._member_refund_sources()
        wallet = sources.payment_ids._member_wallet().filtered(lambda p: p.amount > 0)
        if not wallet and not any(self.mapped("is_member_topup")):
            return []
        currency = till.currency_id
        unit = Decimal(1).scaleb(-currency.decimal_places)
        lefts = [
            (self._member_pocket_method(asset, till), member, left)
            for (member, asset), left in wallet._member_left_by_pocket().items()
            if left
        ]
        money = self.env["res.partner"]
        lefts += [
            (method, money, left)
            for method, left in self._member_money_left(
                sources, till, unit, besides
            ).items()
        ]
        total = sum((left for *_means, left in lefts), Decimal(0))
        asked = Decimal(str(currency.round(amount)))
        if asked - total > self._member_refund_dust(till, unit):
            raise TillRefusal(
                "nothing_left",
                self.env._(
                    "Only %(left)s of this sale is left to be given back, not "
                    "%(asked)s: a part was refunded before.",
                    left=currency.format(float(total)),
                    asked=currency.format(float(asked)),
                ),
            )
        parts = divide(min(asked, total), [left for *_means, left in lefts], unit)
        return [
            RefundPart(method, member, part)
            for (method, member, _left), part in zip(lefts, parts, strict=True)
            if part
        ]

    def _member_refund_sources(self):
        """Return these orders and those whose goods they took back in exchange."""
        # sudo: a sale of another till, which this one refunds, may have been one too
        sources = found = self.sudo()
        while found := found.lines.refunded_orderline_id.order_id - sources:
            sources |= found
        return sources

    def _member_money_left(self, sources, till, unit, besides):
        """Return what remains of the payments that were no wallet's, by method here.

        Cash goes last: it takes the rounding.
        """
        refunds = sources._member_refunding() - (besides or self.browse())
        left = defaultdict(float)
        for method, amount in sources._member_money():
            left[method] += amount
        for order in refunds - sources:
            for method, amount in order._member_money():
                left[method] += min(amount, 0)
        for payment in self._member_excused(sources):
            cash = till.payment_method_ids.filtered("is_cash_count")[:1]
            left[cash or payment.payment_method_id] += payment.amount
        # an exchange may have given back elsewhere what these orders brought in
        family = sources._member_refund_family() - (besides or self.browse())
        most = sum(amount for _method, amount in family._member_money())
        most += sum(self._member_excused(family).mapped("amount"))
        total = min(sum(left.values()), most)
        if till.currency_id.compare_amounts(total, 0) <= 0:
            return {}
        here = defaultdict(Decimal)
        for method, amount in left.items():
            if amount > 0:
                own = self._member_money_method(method, till)
                here[own] += Decimal(str(till.currency_id.round(amount)))
        methods = sorted(here, key=lambda method: (method.is_cash_count, method.id))
        parts = divide(
            min(
                Decimal(str(till.currency_id.round(total))),
                sum(here.values(), Decimal(0)),
            ),
            [here[method] for method in methods],
            unit,
        )
        return dict(zip(methods, parts, strict=True))

    def _member_money(self):
        """Return `[(method, net amount)]` of each order's payments but the wallets'."""
        net = []
        for order in self:
            money = order.payment_ids - order.payment_ids._member_wallet()
            net += [
                (method, sum(payments.mapped("amount")))
                for method, payments in money.grouped("payment_method_id").items()
            ]
        return net

    def _member_excused(self, orders):
        """Return wallet payments that no wallet made and the member has settled since.

        :raise TillRefusal: unsettled; nobody knows yet what to give back.
        """
        # sudo: cashiers cannot read exceptions
        exceptions = (
            self.env["member.exception"]
            .sudo()
            .search([("order_id", "in", orders.ids), ("reason", "=", "unpaid")])
        )
        if "open" in exceptions.mapped("state"):
            raise TillRefusal(
                "unsettled",
                self.env._(
                    "The wallet could not pay for this sale and the member owes for "
                    "it. Have a supervisor settle that first (Membership: Wallet "
                    "Exceptions)."
                ),
            )
        return exceptions.payment_id

    def _member_refunding(self):
        """Return the paid orders that give back something of these."""
        return self.lines.refund_orderline_ids.order_id.filtered(
            lambda order: order.state in PAID_STATES
        )

    def _member_refund_family(self):
        """Return all orders that refunds and exchanges link to these."""
        family = found = self
        while (
            found := (
                found.lines.refunded_orderline_id.order_id | found._member_refunding()
            )
            - family
        ):
            family |= found
        return family

    def _member_pocket_method(self, asset, till):
        method = till._member_wallet_methods().filtered(
            lambda method: method.member_asset_id == asset
        )[:1]
        if not method:
            raise TillRefusal(
                "no_method",
                self.env._(
                    "%(till)s has no payment method for %(pocket)s. Refund this sale "
                    "at another till.",
                    till=till.name,
                    pocket=asset.name,
                ),
            )
        return method

    def _member_money_method(self, method, till):
        """Return this till's method for what another till may have taken."""
        here = till.payment_method_ids - till._member_wallet_methods()
        if method in here:
            return method
        same = here.filtered(lambda own: own.type == method.type)
        found = same or here.filtered("is_cash_count") or here
        if not found:
            raise TillRefusal(
                "no_method",
                self.env._(
                    "%(till)s takes no other money than wallets. Refund this sale at "
                    "another till.",
                    till=till.name,
                ),
            )
        return found[0]

    def _member_refund_dust(self, till, unit):
        """How far a refund may be from its share: one unit, or the cash rounding."""
        if not till.cash_rounding:
            return unit
        return max(unit, Decimal(str(till.rounding_method.rounding)))

    # === WHEN IT IS PAID === #

    @attempts_logged
    def _check_member_refund(self):
        """Refuse to give back otherwise than planned, or much, without the right."""
        objection = self._member_plan_objection() or self._member_limit_objection()
        if objection:
            given_back = -self.amount_total
            self._member_authorise("refund_limit", given_back, objection)
            self._member_log("refund_changed", given_back)

    def _member_plan_objection(self):
        """Say how this goes back, when its payments give it back otherwise.

        :raise UserError: more comes back than was sold, or is left of the payments.
        """
        refunded = self.lines.refunded_orderline_id.filtered(
            lambda line: not line._is_member_topup()
        )
        origin = refunded.order_id
        sources = origin._member_refund_sources()
        if not sources.payment_ids._member_wallet():
            return None
        self._check_member_total()
        sources._member_lock_refunds()
        self._check_member_refunded_quantity(refunded)
        given_back = -self.amount_total
        if self.currency_id.compare_amounts(given_back, 0) <= 0:
            return None  # an exchange for something dearer gives nothing back
        plan = origin._member_refund_plan(given_back, self.config_id, besides=self)
        if not self._member_deviates(plan):
            return None
        return self.env._(
            "This goes back as it was paid: %(plan)s. To give it back in another way, "
            "have a supervisor approve it.",
            plan=", ".join(self._member_part_names(plan)),
        )

    def _member_limit_objection(self):
        """Say that this is more than a cashier gives back alone, when it is."""
        if self.is_member_topup or self.amount_total >= 0:
            return None
        # sudo: a setting of the head office, which the cashier may not read
        limit = self.company_id._member_root().sudo().member_refund_limit
        if (
            not limit
            or self.currency_id.compare_amounts(-self.amount_total, limit) <= 0
        ):
            return None
        return self.env._(
            "More than %(limit)s is given back by a supervisor, or with the approval "
            "of one.",
            limit=self.currency_id.format(limit),
        )

    def _member_lock_refunds(self):
        """Let one refund of an order be paid at a time; the later one starts afresh.

        An UPDATE, since a lock alone would let the later one go on with what it saw
        before (REPEATABLE READ).
        """
        self.env.cr.execute(
            "UPDATE pos_order SET write_date = write_date WHERE id = ANY(%s)",
            [sorted(self.ids)],
            log_exceptions=False,  # the loser of the race is replayed
        )

    def _check_member_refunded_quantity(self, refunded):
        """Refuse to take back more than was sold: core leaves that to the browser."""
        for line in refunded.sudo():  # sudo: refunds at all tills count
            if line._member_is_refunded_twice(self):
                raise UserError(
                    self.env._(
                        "%(product)s was refunded already, perhaps at another till. "
                        "Look at the order again.",
                        product=line.full_product_name or line.product_id.name,
                    )
                )

    def _member_deviates(self, plan):
        """Whether anybody gets more than their part, money counting as one means."""
        planned, given = defaultdict(Decimal), defaultdict(Decimal)
        for part in plan:
            key = (part.member, part.method.member_asset_id) if part.member else None
            planned[key] += part.amount
        for payment in self.payment_ids:
            asset = payment.payment_method_id.member_asset_id
            key = (self._member_refund_member(payment), asset) if asset else None
            given[key] += Decimal(str(self.currency_id.round(-payment.amount)))
        unit = Decimal(1).scaleb(-self.currency_id.decimal_places)
        dust = self._member_refund_dust(self.config_id, unit)
        return any(
            amount - planned[key] > (unit if key else dust)
            for key, amount in given.items()
        )

    def _member_part_names(self, plan):
        """Say what goes where, as a cashier reads it."""
        return [
            " ".join(
                filter(
                    None,
                    (
                        part.method.name,
                        part.member.sudo().name,  # sudo: the till shows them anyway
                        self.currency_id.format(float(part.amount)),
                    ),
                )
            )
            for part in plan
        ]

    # === RIGHTS === #

    def _member_authorise(self, act, amount, sentence):
        """Refuse an act that neither the user's right nor an approval allows.

        :param amount: positive; an approval for less does not cover it.
        :raise UserError: `sentence`, which says what next.
        """
        granted = self.env["member.approval"]
        if self.env.user._member_may(granted._right(act)):
            return
        subject = self._member_approval_subject(act)
        if not granted._use_bound(act, self.config_id, subject, amount, self.uuid):
            raise UserError(sentence)

    def _member_approval_subject(self, act):
        """Return what an approval of this order must have been asked for."""
        if act == "refund_no_receipt":
            lines = (
                self._member_lines_without_receipt() or self._member_lines_below_zero()
            )
        elif act == "discount":
            lines = self.lines.filtered(lambda line: line.qty > 0 < line.price_unit)
        else:
            lines = self.lines.filtered(lambda line: line.qty < 0)
        return approvals.of_goods(
            self.partner_id,
            [
                (line.product_id.id, line.qty, line.refunded_orderline_id.id)
                for line in lines
            ],
        )

    def _member_log(self, action, amount):
        """Note a privileged act with the order's member and figures."""
        self.env["member.operator.log"]._log(
            action,
            partner=self.partner_id,
            till=self.config_id,
            reference=self.pos_reference,
            detail=self.currency_id.format(amount),
        )


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _member_is_refunded_twice(self, refund):
        """Tell whether more came back of this line than was sold, with this refund."""
        back = self.refund_orderline_ids.filtered(
            lambda line: (
                line._member_takes_back()
                and (line.order_id == refund or line.order_id.state in PAID_STATES)
            )
        )
        over = self.qty + sum(back.mapped("qty"))
        return self.product_uom_id.compare(over, 0) < 0
