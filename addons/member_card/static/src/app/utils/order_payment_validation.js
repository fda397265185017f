import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        const problem = this.order.memberPaymentProblem || this.memberConnectionProblem;
        if (problem) {
            this.pos.dialog.add(AlertDialog, { title: _t("Member wallet"), body: problem });
            return false;
        }
        if (!(await this.isRefundApproved())) {
            return false;
        }
        const isValid = await super.isOrderValid(...arguments);
        if (isValid) {
            // asked for, never answered and now paid otherwise: the member gets it back
            this.pos.releaseMemberAttempt(this.order);
        }
        return isValid;
    },

    /** Giving back otherwise than it was paid takes a right, or somebody who has it. */
    async isRefundApproved() {
        const { order } = this;
        if (!order.deviatesFromMemberPlan) {
            return true;
        }
        const amount = order.amountGivenBack;
        if (order.uiState.memberApproved >= amount) {
            return true;
        }
        const token = await this.pos.memberApproval({
            act: "refund_limit",
            amount,
            subject: order.uuid,
            text: _t("Give back %(amount)s otherwise than it was paid: %(plan)s", {
                amount: this.pos.env.utils.formatCurrency(amount),
                plan: order.uiState.memberPlan.parts
                    .map((part) =>
                        [
                            this.pos.models["pos.payment.method"].get(part.payment_method_id).name,
                            part.name,
                            this.pos.env.utils.formatCurrency(part.amount),
                        ].join(" "),
                    )
                    .join(", "),
            }),
        });
        if (token) {
            order.uiState.memberApproved = amount;
        }
        return Boolean(token);
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
