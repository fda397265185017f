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
        if (order.linesWithoutReceipt.length && !order.refundedLines.length) {
            return this.creditWithoutReceipt();
        }
        return this.refuseWallet(
            _t("The wallet did not pay for this sale. Give the money back as it was paid."),
        );
    },

    /** Into the customer's wallet itself; the supervisor is asked when it is validated. */
    async creditWithoutReceipt() {
        const order = this.currentOrder;
        const due = -order.remainingDue;
        if (!this.pos.currency.isPositive(due)) {
            return this.refuseWallet(_t("There is nothing left to give back."));
        }
        if (!order.partner_id?.is_member && !(await this.pos.chooseMember())) {
            return false;
        }
        const wallet = this.payment_methods_from_config.find(
            (method) => method.id === this.pos.config._member_principal_method_id,
        );
        if (!wallet) {
            return this.refuseWallet(_t("This till has no wallet to give money back to."));
        }
        order.createWalletLine(wallet.id, -due, order.partner_id);
        this.numberBuffer.reset();
        return true;
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
        order.triggerRecomputeAllPrices();
        this.pos.navigate("ProductScreen", { orderUuid: order.uuid });
    },
});
