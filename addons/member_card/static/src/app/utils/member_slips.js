import { _t } from "@web/core/l10n/translation";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";

/** Texts of the slips and lists of a member's entries, out of the server's figures. */

/** Add to each entry its texts in the reader's language, time zone and currency. */
export function describeEntries(entries, formatCurrency) {
    return entries.map((entry) => ({
        ...entry,
        when: formatDateTime(deserializeDateTime(entry.date), { showSeconds: false }),
        amountText: `${entry.amount > 0 ? "+" : ""}${formatCurrency(entry.amount)}`,
        balanceText: formatCurrency(entry.balance_after),
    }));
}

/** The slip of a balance inquiry with the last entries. */
export function historySlip(member, entries, formatCurrency) {
    return {
        title: _t("Balance"),
        member: `${member.name} ${member.number}`,
        card_masked: member.card_masked,
        lines: [
            ...member.pockets.map((pocket) => ({
                label: pocket.name,
                value: formatCurrency(pocket.available),
            })),
            { label: _t("Balance"), value: formatCurrency(member.available), strong: true },
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
