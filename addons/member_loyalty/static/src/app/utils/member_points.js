import { formatFloat } from "@web/core/utils/numbers";

/** Arithmetic of points at a till: pure, in the currency given. The server counts again. */

/** Sums that people think of first when they choose how many points to spend. */
const ROUND_SUMS = [50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 100000];

/** Points as people read them: whole where they are whole. */
export function formatPoints(points) {
    return formatFloat(points || 0, { trailingZeros: false });
}

/** The same with its sign, as receipts show what came and what went. */
export function formatSigned(points) {
    return `${points > 0 ? "+" : ""}${formatPoints(points)}`;
}

/** What `points` take off, never more than they are worth. */
export function moneyOff(reward, points, currency) {
    const cents = points / reward.points_per_unit / currency.rounding;
    return currency.round(Math.floor(cents + 1e-6) * currency.rounding);
}

/** How many points to propose: all that is possible, then the largest round sums below it. */
export function pointsChoices(reward, most, count = 3) {
    const least = Math.max(reward.min_points || 0, 1);
    const sums = ROUND_SUMS.filter((sum) => sum >= least && sum < most);
    return most ? [most, ...sums.reverse()].slice(0, count) : [];
}

/** The server's line that sold what comes back; false when nothing does. */
function soldLineOf(line) {
    const id = line.refunded_orderline_id?.id;
    return line.qty < 0 && typeof id === "number" && id;
}

/** What is bought, as the server's rules for points want it. */
export function basketOf(order) {
    return order.lines.map((line) => ({
        product_id: line.product_id.id,
        quantity: line.qty,
        amount: line.priceIncl,
        refunded_orderline_id: soldLineOf(line),
    }));
}

/**
 * How much of a line that took money off goes back with some of the goods it was for.
 *
 * @param {{qty, refunded, refunding, amount}[]} goods sold pieces, those brought back before, those
 *  brought back now, and what all of them cost
 * @param {{qty, refunded}} line the one that took money off
 * @returns {number} a quantity with two digits; all that is left with the last of the goods
 */
export function refundedPart(goods, line) {
    const left = line.qty - line.refunded;
    const total = goods.reduce((sum, { amount }) => sum + amount, 0);
    const isAllBack = goods.every(({ qty, refunded, refunding }) => refunded + refunding >= qty);
    if (isAllBack || !total) {
        return left;
    }
    const back = goods.reduce(
        (sum, { qty, refunded, refunding, amount }) =>
            sum + (amount * (refunded + refunding)) / qty,
        0,
    );
    const due = Math.round(((line.qty * back) / total - line.refunded) * 100) / 100;
    return Math.min(Math.max(due, 0), left);
}

/** What a sold line knows of its taxes, for the line that takes all of it back. */
export function reversedTaxData(data) {
    if (!data) {
        return false;
    }
    const negate = (values, names) =>
        Object.fromEntries(
            Object.entries(values).map(([name, value]) => [
                name,
                names.test(name) && value ? -value : value,
            ]),
        );
    const taxes = Object.entries(data.manual_tax_amounts || {}).map(([id, amounts]) => [
        id,
        negate(amounts, /^(base|tax)_amount/),
    ]);
    return {
        ...negate(data, /^(quantity|manual_total_excluded)/),
        manual_tax_amounts: Object.fromEntries(taxes),
    };
}
