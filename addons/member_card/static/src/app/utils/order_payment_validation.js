import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import { needsApproval } from "@member_card/app/utils/member_prices";

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        const problem = this.order.memberPaymentProblem || this.memberConnectionProblem;
        if (problem) {
            this.pos.dialog.add(AlertDialog, { title: _t("Member wallet"), body: problem });
            return false;
        }
        if (!(await this.areMemberActsApproved())) {
            return false;
        }
        const isValid = await super.isOrderValid(...arguments);
        if (isValid) {
            // asked for, never answered and now paid otherwise: the member gets it back
            this.pos.releaseMemberAttempt(this.order);
        }
        return isValid;
    },

    /** What the server will want a right or an approval for. */
    get memberActs() {
        const { order, pos } = this;
        const acts = [];
        const amount = order.amountGivenBack;
        const limit = pos.config._member_refund_limit;
        const isOverLimit = limit && pos.currency.isPositive(amount - limit);
        if (order.deviatesFromMemberPlan || (isOverLimit && !order.isMemberTopUp)) {
            const lines = order.lines.filter((line) => line.qty < 0);
            acts.push({ act: "refund_limit", amount, lines });
        }
        const percent = order.memberDiscountPercent;
        if (needsApproval(percent, pos.memberDiscountLimit)) {
            const lines = order.lines.filter((line) => line.qty > 0 && line.price_unit > 0);
            acts.push({ act: "discount", amount: Math.min(percent, 100), lines });
        }
        const lines = order.linesToApprove;
        const isToWallet = order.walletLines.some((line) => line.amount < 0);
        if (lines.length && (isToWallet || pos.config._member_refund_needs_right)) {
            const value = lines.reduce((sum, line) => sum + Math.abs(line.priceIncl), 0);
            const given = order.refundedLines.length ? 0 : amount;
            acts.push({
                act: "refund_no_receipt",
                amount: pos.currency.round(Math.max(value, given)),
                lines,
            });
        }
        return acts;
    },

    /** Name these lines and the customer, as an approval of them is bound. */
    memberGoods(lines) {
        return {
            partner_id: this.order.partner_id?.id || false,
            goods: lines.map((line) => [
                line.product_id.id,
                line.qty,
                line.refunded_orderline_id?.id || false,
            ]),
        };
    },

    /** Ask for each approval once: it is good for these goods, up to its amount. */
    async areMemberActsApproved() {
        const { order, pos } = this;
        for (const { act, amount, lines } of this.memberActs) {
            const about = this.memberGoods(lines);
            const goods = JSON.stringify(about);
            const approved = order.uiState.memberApproved || {};
            if (approved[act]?.goods === goods && approved[act].amount >= amount) {
                continue;
            }
            if (!(await pos.memberApproval({ act, amount, about, subject: order.uuid }))) {
                return false;
            }
            order.uiState.memberApproved = { ...approved, [act]: { amount, goods } };
        }
        return this.areMemberCutsApproved();
    },

    /** A cut was agreed to for some units: for more of them somebody is asked again. */
    async areMemberCutsApproved() {
        const { order, pos } = this;
        for (const line of order.lines.filter(({ uiState }) => uiState.memberApproved)) {
            const isApproved =
                (await pos.memberApprovesDiscount(line, line.discount)) &&
                (line.price_type !== "manual" ||
                    (await pos.memberApprovesPrice(line, line.price_unit)));
            if (!isApproved) {
                return false;
            }
        }
        return true;
    },

    /** A refusal of ours is titled as Odoo's own are, not as a fault of the server. */
    handleValidationError(error) {
        const { exception_class: shownAs } = error.data?.context || {};
        if (shownAs) {
            error.exceptionName = shownAs;
        }
        return super.handleValidationError(...arguments);
    },

    get memberConnectionProblem() {
        const { walletLines, isMemberTopUp, isMemberRefund } = this.order;
        const movesValue = walletLines.length || isMemberTopUp || isMemberRefund;
        if (!movesValue || !this.pos.data.network.offline) {
            return null;
        }
        return _t(
            "Wallets need a connection to the server. Wait for it, or remove the wallet payment and take another one.",
        );
    },
});
