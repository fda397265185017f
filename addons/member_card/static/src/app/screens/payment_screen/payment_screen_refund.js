import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";

patch(PaymentScreen.prototype, {
    onMounted() {
        this.currentOrder.followMemberExchange();
        super.onMounted();
        this.proposeMemberRefund();
    },

    /** What is given back goes as it was paid: the lines are there before anything is tapped. */
    async proposeMemberRefund() {
        const order = this.currentOrder;
        if (order.isMemberPlanOld) {
            order.removeMemberRefund();
        }
        if (!order.isMemberRefund || !order.amountGivenBack || order.payment_ids.length) {
            return;
        }
        const { amountGivenBack } = order;
        const { parts, message } = await this.pos.memberTill.refundPlan(
            order.refundedLines.map((line) => line.id),
            amountGivenBack,
        );
        if (!parts) {
            return this.refuseWallet(message);
        }
        // the cashier may have gone on meanwhile
        if (!order.payment_ids.length && order.amountGivenBack === amountGivenBack) {
            order.addMemberRefund(parts);
            this.numberBuffer.reset();
        }
    },

    async refundToWallet() {
        const order = this.currentOrder;
        if (order.isMemberRefund) {
            order.removeMemberRefund();
            await this.proposeMemberRefund();
            if (order.walletLines.length) {
                return true;
            }
        }
        return this.refuseWallet(
            _t("The wallet did not pay for this sale. Give the money back as it was paid."),
        );
    },

    // === EXCHANGE === //

    get offersExchange() {
        const order = this.currentOrder;
        return order.refundedLines.length > 0 && !order.isMemberTopUp;
    },

    /** Sell something in the place of what came back: one order, one rest to pay or give back. */
    exchangeGoods() {
        const order = this.currentOrder;
        order.removeMemberRefund();
        order.uiState.isMemberExchange = true;
        this.pos.navigate("ProductScreen", { orderUuid: order.uuid });
    },
});
