/** Arithmetic of prices and names at the till: pure. */

/** By how many percent `price` is below `due`; nothing is cut from what costs nothing. */
export function percentCut(price, due) {
    return due > 0 ? Math.max((100 * (due - price)) / due, 0) : 0;
}

/**
 * Whether a cut takes a supervisor.
 *
 * @param {number|false} limit percent that needs nobody; false when no cut does
 * @param {number} approved percent that a supervisor has agreed to already
 */
export function needsApproval(percent, limit, approved = 0) {
    return limit !== false && percent > Math.max(limit, approved) + 0.005;
}

/** A name as strangers may read it: the given name, or the family name of a Chinese one. */
export function maskName(name) {
    const [first = ""] = (name || "").trim().split(/\s+/);
    return /^[\u3400-\u9fff]/.test(first) ? `${first[0]}**` : first;
}
