import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { accountTaxHelpers } from "@account/helpers/account_tax";
import { PosOrder } from "@point_of_sale/app/models/pos_order";

patch(PosOrder.prototype, {
    // === REDEMPTIONS === //

    /** What was redeemed with this order: `{key, name, kind, points, value, lines}` each. */
    get memberRedemptions() {
        const known = this.uiState.memberRedemptions || {};
        const found = new Map();
        for (const line of this.lines.filter((line) => line.isMemberRedemption)) {
            const key = line.member_redemption_key;
            if (!found.has(key)) {
                found.set(key, {
                    name: line.getFullProductName(),
                    kind: line.isMoneyOff ? "discount" : "gift",
                    ...known[key],
                    key,
                    lines: [],
                });
            }
            found.get(key).lines.push(line);
        }
        return [...found.values()];
    },

    get memberPointsSpent() {
        return this.memberRedemptions.reduce((sum, { points }) => sum + (points || 0), 0);
    },

    /** The order's own figures of the member, while they are those of its customer. */
    get memberPoints() {
        const { member } = this.uiState;
        return member?.status === "ok" && member.partner_id === this.partner_id?.id
            ? member.points || null
            : null;
    },

    /** What this order will earn for its customer, or null while that is not known. */
    get memberEarns() {
        const { memberEarns } = this.uiState;
        return memberEarns?.points > 0 && memberEarns.partner_id === this.partner_id?.id
            ? memberEarns
            : null;
    },

    get memberLock() {
        const lock = super.memberLock;
        if (lock || !this.memberRedemptions.length) {
            return lock;
        }
        return _t(
            "Points of %s are redeemed with this order. Take them off first.",
            this.partner_id?.name,
        );
    },

    /** Why the order cannot be paid with its redemptions, or null. */
    get memberPointsProblem() {
        const takesOff = this.memberRedemptions.some(({ kind }) => kind === "discount");
        return takesOff && this.totalDue < 0
            ? _t(
                  "The points take off more than the goods cost now. Take them off, then redeem them again.",
              )
            : null;
    },

    removeRedemption(key) {
        this.assertEditable();
        for (const line of this.lines.filter((each) => each.member_redemption_key === key)) {
            line.delete();
        }
        const others = { ...this.uiState.memberRedemptions };
        delete others[key];
        this.uiState.memberRedemptions = others;
        this.selectOrderline(this.getLastOrderline());
    },

    // === MONEY OFF === //

    /** Lines that points can take something off. */
    get linesForMoneyOff() {
        return this.lines.filter(
            (line) =>
                !line.isMemberRedemption && line.qty * line.price_unit > 0 && !line.isTipLine(),
        );
    },

    /** Take `value` off the goods, by a line for each of their taxes: all of it is with tax. */
    setMoneyOff(key, value) {
        this.assertEditable();
        const parts = this.computeMoneyOff(value);
        const before = this.lines.filter((line) => line.member_redemption_key === key);
        if (!parts.length || isSame(before, parts)) {
            return;
        }
        for (const line of before) {
            line.delete();
        }
        for (const part of parts) {
            const line = this.models["pos.order.line"].create({
                ...part,
                tax_ids: part.tax_ids.map((tax) => ["link", tax]),
                order_id: this,
                price_type: "manual",
                member_redemption_key: key,
            });
            this.selectOrderline(line);
        }
    },

    computeMoneyOff(value) {
        const product = this.models["product.product"].get(
            this.config._member_points_discount_product_id,
        );
        const goods = this.linesForMoneyOff;
        const baseLines = goods.map((line) =>
            accountTaxHelpers.prepare_base_line_for_taxes_computation(
                line,
                line.prepareBaseLineForTaxesComputationExtraValues(),
            ),
        );
        if (!product || !baseLines.length) {
            return [];
        }
        // a fiscal position replaces taxes when it counts: the lines have those of the goods
        const ownTaxes = new Map(
            baseLines.map((baseLine, index) => [taxKey(baseLine.tax_ids), goods[index].tax_ids]),
        );
        accountTaxHelpers.add_tax_details_in_base_lines(baseLines, this.company_id);
        accountTaxHelpers.round_base_lines_tax_details(baseLines, this.company_id);
        return accountTaxHelpers
            .prepare_global_discount_lines(baseLines, this.company_id, "fixed", value, {
                computation_key: "member_points",
                grouping_function: () => ({
                    grouping_key: { product_id: product },
                    raw_grouping_key: { product_id: product.id },
                }),
            })
            .map((baseLine) => ({
                product_id: product,
                qty: baseLine.quantity,
                price_unit: baseLine.price_unit,
                tax_ids: ownTaxes.get(taxKey(baseLine.tax_ids)) || baseLine.tax_ids,
                extra_tax_data: accountTaxHelpers.export_base_line_extra_tax_data(baseLine),
            }));
    },

    /** Divide what points take off among the taxes of the goods as they are now. */
    splitMoneyOff() {
        for (const { key, kind, value } of this.memberRedemptions) {
            if (kind === "discount" && value) {
                this.setMoneyOff(key, value);
            }
        }
    },
});

function taxKey(taxes) {
    return taxes
        .map((tax) => tax.id)
        .sort((one, other) => one - other)
        .join();
}

function isSame(lines, parts) {
    const describe = ({ qty, price_unit: price, tax_ids: taxes }) =>
        `${(qty * price).toFixed(6)} ${taxKey(taxes)}`;
    const before = lines.map(describe).sort();
    return (
        lines.length === parts.length &&
        parts
            .map(describe)
            .sort()
            .every((part, index) => part === before[index])
    );
}
