import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";

/** Texts of the slips and lists of a member's entries, out of the server's figures. */

/**
 * Add to each entry its texts in the reader's language and time zone.
 *
 * @param {function(object, number): string} formatAmount of an entry and one of its amounts
 */
export function describeEntries(entries, formatAmount) {
    return entries.map((entry) => ({
        ...entry,
        when: formatDateTime(deserializeDateTime(entry.date), { showSeconds: false }),
        amountText: `${entry.amount > 0 ? "+" : ""}${formatAmount(entry, entry.amount)}`,
        balanceText: formatAmount(entry, entry.balance_after),
    }));
}

/** The slip of a balance inquiry: the pockets, then `figures` (`{label, value}`), then entries. */
export function historySlip(member, figures, entries, formatCurrency) {
    return {
        title: _t("Balance"),
        member: `${member.name} ${member.number}`,
        card_masked: member.card_masked,
        lines: [
            ...member.pockets.map((pocket) => ({
                label: pocket.name,
                value: formatCurrency(pocket.available),
            })),
            ...figures.map(({ label, value }) => ({ label, value, strong: true })),
            ...entries.map((entry) => ({
                label: `${entry.when} ${entry.kind}`,
                value: entry.amountText,
            })),
        ],
    };
}

/** The slip of one entry: a top-up, a payment, a refund. */
export function entrySlip(member, entry) {
    return {
        title: entry.kind,
        member: `${member.name} ${member.number}`,
        card_masked: member.card_masked,
        lines: [
            { label: _t("Date"), value: entry.when },
            { label: _t("Store"), value: entry.store },
            { label: _t("Pocket"), value: entry.pocket },
            { label: _t("Amount"), value: entry.amountText, strong: true },
            { label: _t("Balance after"), value: entry.balanceText },
        ].filter((line) => line.value),
    };
}
