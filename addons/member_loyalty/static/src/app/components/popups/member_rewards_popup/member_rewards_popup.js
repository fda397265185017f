import { Component } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { MemberPointsPopup } from "@member_loyalty/app/components/popups/member_points_popup/member_points_popup";
import { formatPoints, moneyOff, pointsChoices } from "@member_loyalty/app/utils/member_points";

const ICONS = { gift: "fa-gift", bonus: "fa-money", coupon: "fa-ticket" };

/**
 * What the member may take for points, one tap each; what is not possible says why.
 *
 * Resolves to `{reward, points}`, or to `{remove}`, the key of a redemption to take off again.
 */
export class MemberRewardsPopup extends Component {
    static template = "member_loyalty.MemberRewardsPopup";
    static components = { Dialog };
    static props = {
        memberName: String,
        available: Number,
        expiring: Array,
        rewards: Array,
        redemptions: Array,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.formatPoints = formatPoints;
        this.icons = ICONS;
    }

    formatDay(date) {
        return formatDate(deserializeDate(date));
    }

    get moneyOffRewards() {
        return this.props.rewards.filter(({ kind }) => kind === "discount");
    }

    get otherRewards() {
        return this.props.rewards.filter(({ kind }) => kind !== "discount");
    }

    /** Numbers of points to choose from, each with what it takes off. */
    choices(reward) {
        return pointsChoices(reward, this.mostPoints(reward)).map((points) => ({
            points,
            value: moneyOff(reward, points, this.pos.currency),
        }));
    }

    /** The server has looked at the balance and at what the order costs. */
    mostPoints(reward) {
        return reward.reason_not ? 0 : Math.floor(reward.max_points);
    }

    stillThere(reward) {
        return _t("%s still available", formatPoints(reward.left));
    }

    async chooseOther(reward) {
        const points = await makeAwaitable(this.pos.dialog, MemberPointsPopup, {
            reward,
            available: this.props.available,
            most: this.mostPoints(reward),
        });
        if (points) {
            this.choose(reward, points);
        }
    }

    choose(reward, points = reward.points) {
        this.answer({ reward, points });
    }

    remove(key) {
        this.answer({ remove: key });
    }

    answer(payload) {
        this.props.getPayload(payload);
        this.props.close();
    }
}
