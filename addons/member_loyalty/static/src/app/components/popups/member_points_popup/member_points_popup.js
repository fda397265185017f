import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { MemberKeypad } from "@member_card/app/components/member_keypad/member_keypad";
import { takeEnter } from "@member_card/app/utils/member_popup";
import { formatPoints, moneyOff, pointsChoices } from "@member_loyalty/app/utils/member_points";

/** Asks how many points the member spends; what they are worth stands beside it. */
export class MemberPointsPopup extends Component {
    static template = "member_loyalty.MemberPointsPopup";
    static components = { Dialog, MemberKeypad };
    static props = {
        reward: Object,
        available: Number,
        most: Number,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.state = useState({ text: "", message: "" });
        this.input = useRef("points");
        this.choices = pointsChoices(this.props.reward, this.props.most, 6);
        this.formatPoints = formatPoints;
        onMounted(() => this.input.el.focus());
    }

    /** The points typed, or 0 when that is no whole number of them. */
    get points() {
        const text = this.state.text.trim();
        return /^\d{1,9}$/.test(text) ? Number(text) : 0;
    }

    valueOf(points) {
        return this.env.utils.formatCurrency(
            moneyOff(this.props.reward, points, this.pos.currency),
        );
    }

    edit(change) {
        this.state.text = change(this.state.text);
    }

    onKeydown(ev) {
        if (takeEnter(ev)) {
            this.confirm(this.points);
        }
    }

    problemOf(points) {
        const { most, reward } = this.props;
        if (!points) {
            return _t("Type how many points, as a whole number.");
        }
        if (points > most) {
            return _t("At most %s points can be used here.", formatPoints(most));
        }
        if (points < reward.min_points) {
            return _t("At least %s points are needed.", formatPoints(reward.min_points));
        }
        return "";
    }

    confirm(points) {
        this.state.message = this.problemOf(points);
        if (this.state.message) {
            this.input.el.focus();
            return;
        }
        this.props.getPayload(points);
        this.props.close();
    }
}
