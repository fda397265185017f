import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
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
        const format = (amount) => pos.env.utils.formatCurrency(amount);
        const acts = [];
        const amount = order.amountGivenBack;
        const limit = pos.config._member_refund_limit;
        const isOverLimit = limit && pos.currency.isPositive(amount - limit);
        if (order.deviatesFromMemberPlan) {
            const plan = order.uiState.memberPlan.parts
                .map((part) => {
                    const method = pos.models["pos.payment.method"].get(part.payment_method_id);
                    return [method.name, part.name, format(part.amount)].filter(Boolean).join(" ");
                })
                .join(", ");
            const text = _t("Give back %(amount)s otherwise than it was paid: %(plan)s", {
                amount: format(amount),
                plan,
            });
            acts.push({ act: "refund_limit", amount, text });
        } else if (isOverLimit && !order.isMemberTopUp) {
            const text = _t("Give back %(amount)s, which is over the limit of %(limit)s", {
                amount: format(amount),
                limit: format(limit),
            });
            acts.push({ act: "refund_limit", amount, text });
        }
        const percent = order.memberDiscountPercent;
        if (needsApproval(percent, pos.memberDiscountLimit)) {
            const text = _t("%(percent)s % off the whole order", {
                percent: formatFloat(percent, { trailingZeros: false }),
            });
            acts.push({ act: "discount", amount: Math.min(percent, 100), text });
        }
        const returned = order.linesWithoutReceipt;
        const isToWallet = order.walletLines.some((line) => line.amount < 0);
        if (returned.length && (isToWallet || pos.config._member_refund_needs_right)) {
            const value = pos.currency.round(
                returned.reduce((sum, line) => sum + Math.abs(line.priceIncl), 0),
            );
            const text = _t("Take back goods for %s without a receipt", format(value));
            acts.push({ act: "refund_no_receipt", amount: value, text });
        }
        return acts;
    },

    /** Ask for each approval once: it is good for this order, up to its amount. */
    async areMemberActsApproved() {
        const { order, pos } = this;
        for (const request of this.memberActs) {
            const { act, amount } = request;
            const approved = order.uiState.memberApproved || {};
            if (approved[act] >= amount) {
                continue;
            }
            if (!(await pos.memberApproval({ ...request, subject: order.uuid }))) {
                return false;
            }
            order.uiState.memberApproved = { ...approved, [act]: amount };
        }
        return true;
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
