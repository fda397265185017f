import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { MemberDesk } from "@member_card/app/utils/member_desk";
import { formatPoints } from "@member_loyalty/app/utils/member_points";

patch(MemberDesk.prototype, {
    /** The points beside the money; none before they are set up. */
    figures(member) {
        const figures = super.figures(member);
        if (member.points) {
            const value = formatPoints(member.points.available);
            figures.push({ key: "points", label: _t("Points"), value });
        }
        return figures;
    },

    formatAmount(entry, amount) {
        return entry.asset_kind === "points"
            ? _t("%s points", formatPoints(amount))
            : super.formatAmount(entry, amount);
    },
});
