import { patch } from "@web/core/utils/patch";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { refundDeviates } from "@member_card/app/utils/member_wallet";

patch(PosOrder.prototype, {
    get refundedLines() {
        return this.lines.map((line) => line.refunded_orderline_id).filter(Boolean);
    },

    /** Whether a wallet may have paid for what is given back: then the server plans it. */
    get isMemberRefund() {
        const origins = new Set(this.refundedLines.map((line) => line.order_id).filter(Boolean));
        return [...origins].some(
            (order) => order.walletLines.length || order.isMemberTopUp || order.tookGoodsBack,
        );
    },

    /** Whether this was an exchange; the sale it took back need not be loaded here. */
    get tookGoodsBack() {
        return this.lines.some(
            (line) => line.refunded_orderline_id || line.raw?.refunded_orderline_id,
        );
    },

    /** Goods brought back while nothing says that they were sold. */
    get linesWithoutReceipt() {
        return this.lines.filter(
            (line) => line.qty < 0 && !line.refunded_orderline_id && line.price_unit > 0,
        );
    },

    /** What the server wants an approval for when no receipt covers it. */
    get linesToApprove() {
        const { linesWithoutReceipt, refundedLines } = this;
        if (linesWithoutReceipt.length || refundedLines.length || !this.amountGivenBack) {
            return linesWithoutReceipt;
        }
        return this.lines.filter((line) => line.qty * line.price_unit < 0);
    },

    /** What is given back; 0 when an exchange is for something dearer. */
    get amountGivenBack() {
        return this.currency.round(Math.max(-this.totalDue, 0));
    },

    /** Make the payment lines that the server proposes, cash last: it may be rounded. */
    addMemberRefund(parts) {
        this.assertEditable();
        this.uiState.memberPlan = { amount: this.amountGivenBack, parts };
        for (const { payment_method_id: methodId, amount, partner_id: id, name } of parts) {
            const method = this.models["pos.payment.method"].get(methodId);
            if (id) {
                this.createWalletLine(methodId, -amount, { id, name }, { member_refund_ref: id });
                continue;
            }
            const { status, data: line } = this.addPaymentline(method);
            if (status && !this.shouldRound(method)) {
                line.setAmount(-amount);
            }
        }
    },

    /** Take the proposed lines away again; what a terminal has given back stays. */
    removeMemberRefund() {
        this.uiState.memberPlan = null;
        for (const line of [...this.payment_ids]) {
            if (line.amount < 0 && !line.isElectronic()) {
                this.removePaymentline(line);
            }
        }
    },

    get isMemberPlanOld() {
        const { memberPlan } = this.uiState;
        return Boolean(memberPlan) && memberPlan.amount !== this.amountGivenBack;
    },

    /** Whether the payment lines give back otherwise than the server planned. */
    get deviatesFromMemberPlan() {
        const { memberPlan, memberPayers = {} } = this.uiState;
        if (!memberPlan?.parts.length) {
            return false;
        }
        const given = this.payment_ids.map((line) => ({
            amount: -line.amount,
            payment_method_id: line.payment_method_id.id,
            partner_id: line.isMemberWallet ? memberPayers[line.uuid]?.id : false,
        }));
        const dust = this.config.cash_rounding ? this.config.rounding_method.rounding : 0;
        return refundDeviates(memberPlan.parts, given, this.currency, dust);
    },

    // === EXCHANGE === //

    // core ends a refund before anything is sold
    isSaleDisallowed() {
        return !this.uiState.isMemberExchange && super.isSaleDisallowed(...arguments);
    },

    // core turns all amounts of a refund round; here some come back and others are sold
    get orderSign() {
        return this.uiState.isMemberExchange ? 1 : super.orderSign;
    },

    /** An exchange is a refund as long as something is given back. */
    followMemberExchange() {
        if (this.uiState.isMemberExchange) {
            this.is_refund = this.totalDue < 0;
        }
    },
});
