from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .. import approvals
from ..prices import Finding, PriceCheck
from ..refusals import attempts_logged

LATE_MINUTES = 15
"""An order older than this waited for the network: it is listed, never refused."""


class PosOrder(models.Model):
    """The server's own view of what an order should have cost.

    The till is believed in nothing: pricelist, prices, discounts, taxes and total are
    computed again when the order is paid. A difference is listed, or refused where the
    company says so.
    """

    _inherit = "pos.order"

    member_savings = fields.Monetary(
        "Saved by the Class Price",
        readonly=True,
        copy=False,
        help="What everybody pays, less the price of the member's class; with taxes.",
    )
    member_price_exception_ids = fields.One2many(
        "member.price.exception",
        "order_id",
        "Price Exceptions",
        groups="member_card.group_member_discount,member_card.group_member_reports",
    )

    def action_pos_order_paid(self):
        check = self.with_company(self.company_id)._member_check_prices()
        if check.to_look_at:
            self._member_refuse_prices(check.to_look_at)
        result = super().action_pos_order_paid()
        if check.findings:
            self.env["member.price.exception"]._record(self, check.findings)
        if self.currency_id.compare_amounts(check.savings, 0) > 0:
            self.sudo().member_savings = check.savings  # a server field
        return result

    # === WHICH PRICES === #

    def _member_buyer(self):
        """Return the customer as a member of this legal entity, or empty."""
        # sudo: the company of a member is no secret to the till that serves them
        partner = self.partner_id.sudo()
        root = self.company_id._member_root()
        is_member = partner.is_member and partner.member_company_id == root
        return partner if is_member else partner.browse()

    def _member_own_pricelist(self, member):
        """Return the pricelist that only this member buys at, or empty."""
        member = member.with_company(self.company_id)
        pricelist = member.specific_property_product_pricelist
        if not pricelist.active:
            pricelist = member._member_pricelist() if member else pricelist.browse()
        elif pricelist not in self.config_id._get_available_pricelists():
            pricelist = pricelist.browse()
        return pricelist.filtered(lambda each: each.currency_id == self.currency_id)

    def _member_due_pricelist(self, member):
        """Return the pricelist that this customer should have been sold at.

        The member's own; else the one that the till used, if everybody may buy at it.
        """
        config = self.config_id.sudo()
        used = self.pricelist_id.sudo()
        own = self._member_own_pricelist(member)
        if own:
            return own
        everybody = config.pricelist_id | self.preset_id.sudo().pricelist_id
        if config.use_pricelist:
            everybody |= config.available_pricelist_ids
        if used in everybody or not used.is_member_pricelist:
            return used or config.pricelist_id
        return config.pricelist_id

    def _member_needs_price_check(self, member):
        if member or self.company_id._member_root().sudo().member_approve_discounts:
            return True
        used = self.pricelist_id.sudo()
        return (
            bool(used)
            and used != self.config_id.pricelist_id
            and used.is_member_pricelist
        )

    # === CHECKING === #

    def _member_check_prices(self):
        """Compare each line with what the server computes."""
        self.ensure_one()
        check = PriceCheck()
        member = self._member_buyer()
        lines = self.lines.filtered(lambda line: not line._member_is_priced_elsewhere())
        if not lines or not self._member_needs_price_check(member):
            return check
        now = fields.Datetime.now()
        pricelist = self._member_due_pricelist(member)
        prices = lines._member_unit_prices(pricelist, now)
        parts = lines.browse()
        for line in lines:
            parts |= line._member_combo()
        for line in lines:
            refunded = line._member_refunded()
            if refunded:
                found = self._member_check_line(
                    line, refunded.price_unit, refunded.discount, refunded.tax_ids
                )
            elif line in parts:
                found = self._member_check_line(line, line.price_unit)
            elif line._member_combo():
                found = self._member_check_combo(line, prices[line.id])
            else:
                found = self._member_check_line(line, prices[line.id])
            if found and not self._member_was_right(found, member, pricelist):
                check.findings.append(found)
        check.findings += self._member_check_total(check)
        for finding in check.findings:
            self._member_judge(finding, check, pricelist, prices)
        if member and pricelist != self.config_id.pricelist_id:
            check.savings = self._member_compute_savings(lines, parts, prices, now)
        return check

    def _member_check_line(self, line, unit_price, discount=0, taxes=None):
        """Return a Finding when a line does not cost `unit_price` less `discount`."""
        if taxes is None:
            taxes = line._member_expected_taxes()
        own = expected = line.member_own_amount
        actual = line._member_sent_amount(own)
        is_so_priced = (line.price_unit, line.discount) == (unit_price, discount)
        if not is_so_priced or line.tax_ids != taxes:
            expected = line._member_amount(unit_price, discount, taxes)
        if self._member_is_off(own, actual):
            return Finding(line, expected, actual, "total")
        if not self._member_is_off(expected, own, tolerance=1):
            return None
        if not line._member_same_price(unit_price):
            reason = "price"
        elif line.discount != discount:
            reason = "discount"
        else:
            reason = "tax"
        return Finding(line, expected, actual, reason)

    def _member_check_combo(self, line, unit_price):
        """Return a Finding when the parts of a combo do not come to its price."""
        parts = line._member_combo()
        expected = line._member_combo_price(unit_price)
        actual = sum(part.price_unit * part.qty for part in line | parts)
        # the last part takes the rounding of one unit, for each of its units
        tolerance = sum(abs(part.qty) for part in parts)
        if not self._member_is_off(expected, actual, tolerance=tolerance):
            return None
        included = sum((line | parts).mapped("price_subtotal_incl"))
        rate = included / actual if actual else 1
        return Finding(line, expected * rate, included, "price")

    def _member_check_total(self, check):
        """Return a Finding when the lines come to another total.

        A line that comes to something else than it says is listed as such already.
        """
        said = {
            found.line: found.actual
            for found in check.findings
            if found.reason == "total"
        }
        total = sum(said.get(line, line.member_own_amount) for line in self.lines)
        if not self._member_is_total_off(total):
            return []
        return [Finding(self.lines.browse(), total, self.amount_total, "total")]

    def _member_is_off(self, expected, actual, tolerance=None):
        """Tell whether two amounts differ by more than rounding can.

        :param tolerance: in units of the currency's rounding; by default one for each
            line, which is where rounding the whole order leaves its differences.
        """
        if tolerance is None:
            tolerance = len(self.lines)
        limit = (tolerance - 0.5) * self.currency_id.rounding
        return abs(expected - actual) > limit

    def _member_was_right(self, finding, member, pricelist):
        """Tell whether the price was right when the order was made.

        An order may arrive later than it was paid: dates of rules count as they were
        then, and so does the class that the member had. Never before the session.
        """
        line, then = finding.line, self.date_order
        now, opened = fields.Datetime.now(), self.session_id.start_at
        if finding.reason != "price" or not opened or not opened <= then < now:
            return False
        pricelists = [pricelist]
        if then < now - timedelta(minutes=1) and member:
            # sudo: the history of a member's class decides about their prices
            history = self.env["member.class.assignment"].sudo()
            classes = history.search(
                [
                    ("partner_id", "=", member.id),
                    ("date_from", "<=", then),
                    ("date_to", ">=", then),
                ]
            ).class_id
            pricelists += [each._pricelist_for(self.company_id) for each in classes]
        return any(
            line._member_same_price(
                line._member_unit_prices(each, then)[line.id],
            )
            and not line.discount
            for each in pricelists
        )

    # === JUDGING === #

    def _member_judge(self, finding, check, pricelist, prices):
        """Name the reason more closely, and say what the settings or people allow."""
        line = finding.line
        if line and line._member_is_order_discount():
            finding.reason = "discount"
            finding.is_allowed = self._member_allows_order_discount(finding, check)
        elif finding.reason == "discount" and not line.refunded_orderline_id:
            finding.is_allowed = self._member_allows(
                finding, check, "discount", line.discount
            )
        elif finding.reason == "price" and line.price_type == "manual":
            finding.is_allowed = self._member_allows_price(finding, check, prices)
        elif finding.reason == "price" and self.pricelist_id != pricelist:
            finding.reason = "pricelist"
        elif finding.reason == "price" and self._member_has_changed(line, pricelist):
            finding.reason = "stale"

    def _member_allows_order_discount(self, finding, check):
        """Tell whether so much may be taken off; all such lines count together."""
        lines = self.lines.filtered(lambda line: line._member_is_order_discount())
        percent = lines._member_order_discount_percent()
        return self._member_allows(finding, check, "discount", percent)

    def _member_allows_price(self, finding, check, prices):
        line, due = finding.line, prices[finding.line.id]
        if line.refunded_orderline_id or line.product_id.type == "combo":
            return False
        cut = 100 * (1 - line.price_unit / due) if due > 0 else 0
        allowed = self._member_allows(finding, check, "price", cut, line.price_unit)
        if allowed and line.discount:
            allowed = self._member_allows(finding, check, "discount", line.discount)
        return allowed

    def _member_allows(self, finding, check, act, percent, amount=None):
        """Tell whether a price may be cut by `percent`, or a supervisor agreed."""
        root = self.company_id._member_root().sudo()
        config = self.config_id
        if act == "discount":
            is_open = config.manual_discount or (
                config.module_pos_discount and finding.line._member_is_order_discount()
            )
        else:
            is_open = not config.restrict_price_control or self.env.user.has_group(
                "point_of_sale.group_pos_manager"
            )
        if not root.member_approve_discounts:
            return is_open
        if is_open and percent <= root.member_discount_limit + 0.005:
            return True
        if finding.line._member_is_order_discount():
            uuid, subject = self.uuid, self._member_approval_subject("discount")
        else:
            line = finding.line.combo_parent_id or finding.line
            uuid, subject = line.uuid, approvals.of_line(line.product_id, line.qty)
        if (act, uuid) not in check.approvals:
            check.approvals[act, uuid] = self.env["member.approval"]._use_bound(
                act, config, subject, percent if amount is None else amount, uuid
            )
        finding.approval = check.approvals[act, uuid]
        return bool(finding.approval)

    def _member_has_changed(self, line, pricelist):
        """Tell whether the price was changed since this till loaded it."""
        opened = self.session_id.start_at
        records = (line.product_id, line.product_id.product_tmpl_id, pricelist)
        return any(
            each.write_date > opened
            for group in (*records, pricelist.sudo().item_ids)
            for each in group.sudo()
        )

    def _member_refuse_prices(self, findings):
        """Refuse an order with a wrong price, where the company wants that.

        Not one that comes late: the goods are gone. Only its own date says that it
        does, so that is noted with the name of who sent it.
        """
        root = self.company_id._member_root().sudo()
        if root.member_price_policy != "refuse":
            return
        if self._member_is_late():
            self._member_log_late(findings[0])
            return
        self._member_refuse_price(findings[0])

    def _member_is_late(self):
        limit = fields.Datetime.now() - timedelta(minutes=LATE_MINUTES)
        return self.date_order < limit

    def _member_log_late(self, finding):
        self.env["member.operator.log"]._log(
            "price_late",
            partner=self.partner_id,
            till=self.config_id,
            reference=self.pos_reference,
            detail=self.env._(
                "%(product)s: should cost %(expected)s, cost %(actual)s; dated "
                "%(date)s by the till",
                product=finding.line.product_id.display_name or self.env._("Total"),
                date=format_datetime(self.env, self.date_order),
                **self._member_price_figures(finding),
            ),
        )

    def _member_price_figures(self, finding):
        return {
            "expected": self.currency_id.format(finding.expected),
            "actual": self.currency_id.format(finding.actual),
        }

    @attempts_logged
    def _member_refuse_price(self, finding):
        if not finding.line:
            self._member_refuse_total(finding.expected)
        raise UserError(
            self.env._(
                "%(product)s costs %(expected)s, the order says %(actual)s. Reload the "
                "till if prices have changed, or have a supervisor approve the price; "
                "then pay again.",
                product=finding.line.product_id.display_name,
                **self._member_price_figures(finding),
            )
        )

    # === SAVINGS === #

    def _member_compute_savings(self, lines, parts, prices, date):
        """Sum what these lines would have cost more without the member's pricelist."""
        public = lines._member_unit_prices(self.config_id.sudo().pricelist_id, date)
        savings = 0
        for line in lines - parts:
            sold = line | line._member_combo()
            base = sum(part.price_unit * part.qty for part in sold)
            if line.refunded_orderline_id or (
                line == sold and not line._member_same_price(prices[line.id])
            ):
                continue
            # taxes and discounts of the line apply to what it saves as well
            rate = sum(sold.mapped("price_subtotal_incl")) / base if base else 0
            savings += (public[line.id] - prices[line.id]) * line.qty * rate
        return self.currency_id.round(savings)
