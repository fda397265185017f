/** What is typed or scanned when somebody joins: pure, as the server checks it again. */

/** A phone has at most 15 digits (E.164): so many and a right check digit are a card. */
const SCANNED_LENGTHS = [16, 17, 18, 19];
const PHONE = /^\+?[\d\s()./-]{5,}$/;

/** Luhn's check digit, as on every card. */
export function isCardNumber(text) {
    const digits = [...text].reverse().map(Number);
    const sum = digits.reduce((total, digit, index) => {
        const value = index % 2 ? digit * 2 : digit;
        return total + (value > 9 ? value - 9 : value);
    }, 0);
    return /^\d{10,19}$/.test(text) && sum % 10 === 0;
}

/**
 * Find the card that a scanner typed into a field meant for something else.
 *
 * @returns {{rest: string, number: string}|null} what was there before, and the card's number
 */
export function takeScan(text) {
    const length = SCANNED_LENGTHS.find(
        (each) => text.length >= each && isCardNumber(text.slice(-each)),
    );
    return length ? { rest: text.slice(0, -length), number: text.slice(-length) } : null;
}

/** Put what was looked for in vain into the field of the join popup where it belongs. */
export function joinPrefill(query) {
    const text = query.trim();
    const scan = takeScan(text.replace(/[\s-]/g, ""));
    if (scan && !scan.rest) {
        return { card_number: scan.number };
    }
    const digits = text.replace(/\D/g, "").length;
    return PHONE.test(text) && digits >= 5 ? { phone: text } : { name: text };
}
