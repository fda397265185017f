import { _t } from "@web/core/l10n/translation";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { formatPoints, formatSigned } from "@member_loyalty/app/utils/member_points";

/** The slip of what a member has at once for points: bonus money, or coupons with their codes. */
export function redemptionSlip(order, reward, answer, formatCurrency) {
    const { kind, points, points_left: left, value, coupons = [] } = answer;
    const { member } = order.uiState;
    const lines = coupons.flatMap(({ code, expires }) => [
        { label: _t("Coupon"), value: code, strong: true },
        ...(expires
            ? [{ label: _t("Good until"), value: formatDate(deserializeDate(expires)) }]
            : []),
    ]);
    if (kind === "bonus") {
        lines.push({ label: _t("Bonus"), value: formatCurrency(value), strong: true });
    }
    return {
        title: reward.name,
        member: [order.partner_id.name, member?.number].filter(Boolean).join(" "),
        card_masked: member?.card_masked,
        lines: [
            ...lines,
            { label: _t("Points"), value: formatSigned(-points) },
            { label: _t("Points after"), value: formatPoints(left) },
        ],
    };
}
