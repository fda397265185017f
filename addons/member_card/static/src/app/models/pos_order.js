import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { canPayTopUp, isWalletMethod } from "@member_card/app/utils/member_wallet";

patch(PosOrder.prototype, {
    get isMemberTopUp() {
        return this.lines.length > 0 && this.lines.every((line) => line.isMemberTopUp);
    },

    get walletLines() {
        return this.payment_ids.filter((line) => line.isMemberWallet);
    },

    get memberHolds() {
        return this.payment_ids.filter((line) => line.isMemberHold);
    },

    /** Why the customer cannot be another one now, or null. */
    get memberLock() {
        if (this.memberHolds.length) {
            return _t(
                "The wallet of %s pays a part of this order. Reverse that payment first.",
                this.memberHolds.map((line) => line.memberPayerName).join(", "),
            );
        }
        if (this.isMemberTopUp) {
            return _t("This is a top-up for %s. Cancel it first.", this.partner_id?.name);
        }
        return null;
    },

    // === PRICES === //

    get memberPricelist() {
        const pricelist = this.partner_id?.property_product_pricelist;
        return pricelist?.is_member_pricelist ? pricelist : null;
    },

    // a preset's own pricelist goes before the customer's in core; the member's goes first
    updatePricelistAndFiscalPosition() {
        super.updatePricelistAndFiscalPosition(...arguments);
        this.applyMemberPricelist();
    },

    // core forgets the customer's pricelist here
    setPreset() {
        super.setPreset(...arguments);
        this.applyMemberPricelist();
    },

    // core compares what is free in one combo with the parts of all of them
    getFreeAndExtraChildLines(parent) {
        const quantity = parent.qty || 1;
        const parts = parent.combo_line_ids.map((line) => ({
            combo_item_id: line.combo_item_id,
            attribute_value_ids: line.attribute_value_ids,
            qty: line.qty / quantity,
        }));
        return super.getFreeAndExtraChildLines({ combo_line_ids: parts });
    },

    applyMemberPricelist() {
        const pricelist = this.memberPricelist;
        if (pricelist && this.pricelist_id?.id !== pricelist.id) {
            this.setPricelist(pricelist);
        }
    },

    /** By how much lines lower the whole order, in percent of what the others come to. */
    get memberDiscountPercent() {
        const sum = (lines) => lines.reduce((total, line) => total + line.priceIncl, 0);
        const total = sum(this.lines.filter((line) => line.priceIncl > 0));
        const taken = -sum(this.lines.filter((line) => line.isMemberOrderDiscount));
        return taken > 0 ? Math.min((100 * taken) / total, 100) : 0;
    },

    // === PAYMENT === //

    // every path of core that pays (button, numpad, only method, fast payment) ends here
    addPaymentline(paymentMethod) {
        if (isWalletMethod(paymentMethod)) {
            return {
                status: false,
                data: _t("The wallet needs the member's PIN: use its button when paying."),
            };
        }
        if (this.isMemberTopUp && !canPayTopUp(paymentMethod)) {
            return {
                status: false,
                data: _t("A top-up is paid in cash or by card, not with %s.", paymentMethod.name),
            };
        }
        return super.addPaymentline(...arguments);
    },

    /**
     * Make the payment lines of a hold that the server has placed; each line's uuid is its key.
     * Several members may pay, each with a hold of their own.
     */
    addMemberHold(lines, payer = this.partner_id) {
        this.assertEditable();
        for (const { key, payment_method_id, amount } of lines) {
            if (!this.getPaymentlineByUuid(key)) {
                this.createWalletLine(payment_method_id, amount, payer, {
                    uuid: key,
                }).setPaymentStatus("done");
            }
        }
    },

    createWalletLine(paymentMethodId, amount, payer, values = {}) {
        const line = this.models["pos.payment"].create({
            ...values,
            pos_order_id: this,
            payment_method_id: this.models["pos.payment.method"].get(paymentMethodId),
        });
        // kept with the order, since the server tells only once it is paid
        this.uiState.memberPayers = {
            ...this.uiState.memberPayers,
            [line.uuid]: { id: payer?.id, name: payer?.name },
        };
        this.selectPaymentline(line);
        line.setAmount(amount);
        return line;
    },

    // an amount that was typed before its means of payment was chosen
    getDefaultAmountDueToPayIn() {
        return this.uiState.memberTyped || super.getDefaultAmountDueToPayIn(...arguments);
    },

    /** Why the payments are not valid for a member, or null. */
    get memberPaymentProblem() {
        const cash = this.payment_ids
            .filter((line) => line.payment_method_id.is_cash_count)
            .reduce((sum, line) => sum + line.amount, 0);
        if (this.memberHolds.length && this.currency.isPositive(Math.abs(this.change) - cash)) {
            return _t(
                "The wallet pays more than the order costs now, and gives no change. Reverse the wallet payment and pay again.",
            );
        }
        const wrong =
            this.isMemberTopUp &&
            this.payment_ids.find((line) => !canPayTopUp(line.payment_method_id));
        if (wrong) {
            return _t(
                "A top-up is paid in cash or by card, not with %s.",
                wrong.payment_method_id.name,
            );
        }
        return null;
    },

    // a top-up is nothing but its payment
    getScreenData() {
        if (this.isMemberTopUp && !this.finalized) {
            return { name: "PaymentScreen", props: { orderUuid: this.uuid } };
        }
        return super.getScreenData(...arguments);
    },
});
