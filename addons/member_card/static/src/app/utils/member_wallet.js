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
 * Divide a refund over the wallet payments of the original order, in proportion, the last
 * one taking the rounding.
 *
 * @param {number} amount positive; what the refund order gives back
 * @returns {{payment, amount}[]} never more than was paid
 */
export function refundParts(payments, amount, currency) {
    const paid = payments.reduce((sum, payment) => sum + payment.amount, 0);
    const total = Math.min(amount, paid);
    let left = total;
    return payments
        .map((payment, index) => {
            const isLast = index === payments.length - 1;
            const part = isLast ? left : currency.round((total * payment.amount) / paid);
            left = currency.round(left - part);
            return { payment, amount: currency.round(part) };
        })
        .filter((part) => currency.isPositive(part.amount));
}
