/** How long to wait before trying again: pure, so that it can be shown to end no sooner. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** Renewing tells Odoo how the devices are, too. */
const HEARD_MS = 600_000;

/**
 * Wait longer after each failure, and never all tills at the same moment.
 *
 * @param {number} failures in a row so far, at least 1
 * @param {() => number} [random] from 0 up to 1
 * @returns {number} milliseconds, between 250 and 30,000
 */
export function backoff(failures, random = Math.random) {
    const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 16));
    return Math.round(longest * (0.5 + random() / 2));
}

/**
 * When a permission to use the agent is to be renewed.
 *
 * @param {number} until seconds since 1970, as the agent said
 * @param {number} now milliseconds since 1970
 * @returns {number} milliseconds from now: two minutes before it ends, or at half time if that
 *  is sooner; never less than a second, nor more than ten minutes: a computer of which Odoo
 *  hears nothing for longer counts as switched off
 */
export function renewalDelay(until, now) {
    const left = until * 1000 - now;
    return Math.max(1000, Math.min(left - 120_000 > 0 ? left - 120_000 : left / 2, HEARD_MS));
}
