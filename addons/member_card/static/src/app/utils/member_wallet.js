/** Arithmetic and checks of the member wallet: pure, in the currency given. */

export const WALLET_TYPE = "member_wallet";

/** Means of payment that would let a wallet be topped up with money that nobody paid. */
const NOT_FOR_TOPUP = [WALLET_TYPE, "pay_later"];

export function isWalletMethod(paymentMethod) {
    return paymentMethod?.type === WALLET_TYPE;
}

export function canPayTopUp(paymentMethod) {
    return !NOT_FOR_TOPUP.includes(paymentMethod.type);
}

/** A PIN is 4 to 6 digits; a scanned card number is not one. */
export function isPin(text) {
    return /^\d{4,6}$/.test(text);
}

/**
 * What the wallet can pay of `due`, from which pockets, and what is left.
 *
 * @param {{name: string, available: number}[]} pockets in the order they are spent
 * @returns {{amount, short, parts, available, after}} `short` is what must be paid otherwise
 */
export function walletOffer(pockets, due, currency) {
    const parts = [];
    let left = due;
    for (const pocket of pockets) {
        const amount = currency.round(Math.min(pocket.available, left));
        if (currency.isPositive(amount)) {
            parts.push({ name: pocket.name, amount });
            left = currency.round(left - amount);
        }
    }
    const available = currency.round(pockets.reduce((sum, pocket) => sum + pocket.available, 0));
    const amount = currency.round(due - left);
    return { amount, short: left, parts, available, after: currency.round(available - amount) };
}

/**
 * Whether somebody gets more back than their part of the plan; money counts as one means.
 *
 * @param {{amount, payment_method_id, partner_id}[]} plan as the server made it
 * @param {{amount, payment_method_id, partner_id}[]} given what the payment lines give back
 * @param {number} dust how far cash may be off, because it is rounded
 */
export function refundDeviates(plan, given, currency, dust = 0) {
    const sums = {};
    const keyOf = (part) => (part.partner_id ? `${part.partner_id}-${part.payment_method_id}` : "");
    for (const part of plan) {
        sums[keyOf(part)] = (sums[keyOf(part)] || 0) - part.amount;
    }
    for (const part of given) {
        sums[keyOf(part)] = (sums[keyOf(part)] || 0) + part.amount;
    }
    return Object.entries(sums).some(([key, over]) => currency.isPositive(over - (key ? 0 : dust)));
}
