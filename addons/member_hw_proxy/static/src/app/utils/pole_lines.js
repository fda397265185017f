/** What a pole display shows of a sale: two lines of so many columns; pure. */

const WIDE =
    /[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{Mn}/u;

/** Columns that a text takes: Chinese characters and full-width forms take two. */
export function displayWidth(text) {
    return [...text].reduce(
        (width, char) => width + (COMBINING.test(char) ? 0 : WIDE.test(char) ? 2 : 1),
        0,
    );
}

/** As much of the beginning of a text as fits; never half a character. */
export function cutToWidth(text, columns) {
    let width = 0;
    let cut = "";
    for (const char of text) {
        width += displayWidth(char);
        if (width > columns) {
            break;
        }
        cut += char;
    }
    return cut;
}

/** A word at the left, cut if need be, and a number at the right, which never is. */
export function fitPair(left, right, columns) {
    const room = Math.max(columns - displayWidth(right) - 1, 0);
    const label = cutToWidth(left, room);
    const gap = Math.max(columns - displayWidth(label) - displayWidth(right), 0);
    return cutToWidth(label + " ".repeat(gap) + right, columns);
}

/** Only the figures: a pole has few columns, and no sign for most currencies. */
export function bareAmount(formatted) {
    return String(formatted || "").replace(/[^\d.,-]/g, "");
}

/**
 * The lines for what the customer display is told.
 *
 * @param {object} data of CustomerDisplayPosAdapter: amounts are formatted, names are masked;
 *  and `isMemberNews` while the member was chosen last of all
 * @param {object} options
 * @param {number} options.columns of the pole
 * @param {object} options.words total, balance, change, pay, after, thanks: translated, short
 * @returns {string[]} two lines, none longer than the pole; empty ones when there is no sale
 */
export function poleLines(data, { columns, words }) {
    const pair = (left, formatted) => fitPair(left, bareAmount(formatted), columns);
    const { member, memberOffer, isMemberNews, lines = [], paymentLines = [] } = data;
    if (data.finalized) {
        const change = data.change ? pair(words.change, data.change) : "";
        return [cutToWidth(words.thanks, columns), change];
    }
    if (memberOffer) {
        return [pair(words.pay, memberOffer.amount), pair(words.after, memberOffer.after)];
    }
    if (member && (isMemberNews || !lines.length)) {
        return [cutToWidth(member.name, columns), pair(words.balance, member.balance)];
    }
    if (!lines.length) {
        return ["", ""];
    }
    if (paymentLines.length) {
        const last = paymentLines.at(-1);
        const rest = data.change ? pair(words.change, data.change) : pair(last.name, last.amount);
        return [pair(words.total, data.amount), rest];
    }
    const line = lines.find((each) => each.isSelected) || lines.at(-1);
    const name = line.qty === "1" ? line.productName : `${line.qty}x ${line.productName}`;
    return [pair(name, line.price), pair(words.total, data.amount)];
}
