import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { uuidv4 } from "@point_of_sale/utils";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { MemberButton } from "@member_card/app/components/member_button/member_button";
import { MemberPinPopup } from "@member_card/app/components/popups/member_pin_popup/member_pin_popup";
import {
    canPayTopUp,
    isWalletMethod,
    refundParts,
    walletOffer,
} from "@member_card/app/utils/member_wallet";

/** Answers that say nothing about what an earlier request of the same attempt has done. */
const UNDECIDED = ["offline", "busy", "wrong_pin", "bad_format"];

patch(PaymentScreen, { components: { ...PaymentScreen.components, MemberButton } });

patch(PaymentScreen.prototype, {
    /** One button stands for all pockets; a top-up is not offered what cannot pay it. */
    offersPaymentMethod(paymentMethod) {
        if (this.currentOrder?.isMemberTopUp) {
            return canPayTopUp(paymentMethod);
        }
        const firstWallet = this.payment_methods_from_config.find(isWalletMethod);
        return !isWalletMethod(paymentMethod) || paymentMethod.id === firstWallet.id;
    },

    async addNewPaymentLine(paymentMethod) {
        if (!isWalletMethod(paymentMethod)) {
            return super.addNewPaymentLine(...arguments);
        }
        return this.currentOrder.isRefund ? this.refundToWallet() : this.payWithWallet();
    },

    refuseWallet(body) {
        this.dialog.add(AlertDialog, { title: _t("Member wallet"), body });
        return false;
    },

    // === PAYING === //

    async payWithWallet() {
        const order = this.currentOrder;
        if (this.pos.data.network.offline) {
            return this.refuseWallet(this.pos.memberTill.offlineMessage);
        }
        if (order.memberHolds.length) {
            return this.refuseWallet(
                _t("The wallet pays a part already. To change it, reverse that payment first."),
            );
        }
        if (!this.pos.currency.isPositive(order.remainingDue)) {
            return this.refuseWallet(_t("There is nothing left to pay."));
        }
        if (!order.partner_id && !(await this.pos.chooseMember())) {
            return false;
        }
        return this.pos.memberTill.exclusively(() => this.askForPin(order));
    },

    async askForPin(order) {
        const attempt = await this.prepareAttempt(order);
        if (!attempt) {
            return false;
        }
        const answer = await makeAwaitable(this.dialog, MemberPinPopup, {
            memberName: order.partner_id.name,
            offer: attempt.offer,
            submit: (pin) => this.holdForAttempt(order, attempt, pin),
        });
        if (!answer) {
            return false;
        }
        if (answer.status !== "ok") {
            this.pos.refreshMember(order);
            return this.refuseWallet(answer.message);
        }
        order.addMemberHold(answer.lines);
        this.numberBuffer.reset();
        this.pos.refreshMember(order);
        if (order.isPaid() && this.pos.config.auto_validate_terminal_payment) {
            await this.validateOrder(false);
        }
        return true;
    },

    /**
     * What is asked of the wallet, under a key of its own. An attempt whose answer was lost may
     * hold the money already: it is taken up again unchanged, or given back first.
     */
    async prepareAttempt(order) {
        const partner = order.partner_id;
        const due = order.remainingDue;
        const earlier = order.uiState.memberAttempt;
        if (earlier?.partnerId === partner.id && earlier.due === due) {
            return { ...earlier, isLost: true };
        }
        await this.pos.releaseMemberAttempt(order);
        const info = await this.pos.refreshMember(order);
        if (info?.status !== "ok") {
            return this.refuseWallet(
                info?.message ||
                    _t("%s is not a member. Scan the card or find the member.", partner.name),
            );
        }
        const offer = walletOffer(info.pockets, due, this.pos.currency);
        if (!offer.amount) {
            return this.refuseWallet(
                _t(
                    "The balance is %s. Top up first (tap the member), or take another payment.",
                    this.env.utils.formatCurrency(offer.available),
                ),
            );
        }
        const card = order.uiState.memberCard;
        return {
            requestKey: uuidv4(),
            partnerId: partner.id,
            cardId: card?.partnerId === partner.id ? card.cardId : false,
            amount: offer.amount,
            due,
            offer,
        };
    },

    async holdForAttempt(order, attempt, pin) {
        // kept before asking: the page may be reloaded while the answer is on its way
        order.uiState.memberAttempt = attempt;
        const answer = await this.pos.memberTill.hold(attempt, pin);
        attempt.isLost ||= answer.status === "offline";
        if (attempt.isLost && UNDECIDED.includes(answer.status)) {
            return answer;
        }
        if (attempt.isLost && answer.status !== "ok") {
            // refused now, but an earlier request whose answer was lost may hold the money
            await this.pos.releaseMemberAttempt(order);
        }
        order.uiState.memberAttempt = null;
        return answer;
    },

    // === REFUND === //

    refundToWallet() {
        const order = this.currentOrder;
        if (order.walletLines.length) {
            return this.refuseWallet(_t("The wallet gets its part back already."));
        }
        const parts = refundParts(
            order.refundedWalletLines,
            -order.remainingDue,
            this.pos.currency,
        );
        if (!parts.length) {
            return this.refuseWallet(
                _t("The wallet did not pay for this sale. Give the money back as it was paid."),
            );
        }
        order.addMemberRefund(parts);
        this.numberBuffer.reset();
        return true;
    },

    // === PAYMENT LINES === //

    // a wallet line's amount is what the server holds: typing never changes it
    updateSelectedPaymentline() {
        if (this.selectedPaymentLine?.isMemberWallet) {
            this.numberBuffer.reset();
            return;
        }
        return super.updateSelectedPaymentline(...arguments);
    },

    async sendPaymentReverse(line) {
        if (!line.isMemberHold) {
            return super.sendPaymentReverse(...arguments);
        }
        this.numberBuffer.reset();
        return this.pos.releaseMemberHold(line);
    },

    deletePaymentLine(uuid) {
        const line = this.paymentLines.find((candidate) => candidate.uuid === uuid);
        return line?.isMemberHold ? this.sendPaymentReverse(line) : super.deletePaymentLine(uuid);
    },
});
