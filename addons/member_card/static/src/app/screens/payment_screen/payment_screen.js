import { onMounted, onWillUnmount, useState } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { uuidv4 } from "@point_of_sale/utils";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { MemberButton } from "@member_card/app/components/member_button/member_button";
import { MemberPinPopup } from "@member_card/app/components/popups/member_pin_popup/member_pin_popup";
import { canPayTopUp, isWalletMethod, walletOffer } from "@member_card/app/utils/member_wallet";

/** Answers that say nothing about what an earlier request of the same attempt has done. */
const UNDECIDED = ["offline", "busy", "wrong_pin", "bad_format", "pin_needed"];

patch(PaymentScreen, { components: { ...PaymentScreen.components, MemberButton } });

patch(PaymentScreen.prototype, {
    setup() {
        super.setup(...arguments);
        this.memberTyped = useState({ amount: 0 });
        // a card scanned here may be another payer's; the scan itself is the store's
        const payWithScanned = (match) => this.payWithWallet(match, this.takeTypedAmount());
        onMounted(() => (this.pos.payWithScannedWallet = payWithScanned));
        onWillUnmount(() => (this.pos.payWithScannedWallet = null));
    },

    /** One button stands for all pockets; a top-up is not offered what cannot pay it. */
    offersPaymentMethod(paymentMethod) {
        if (this.currentOrder?.isMemberTopUp) {
            return canPayTopUp(paymentMethod);
        }
        const firstWallet = this.payment_methods_from_config.find(isWalletMethod);
        return !isWalletMethod(paymentMethod) || paymentMethod.id === firstWallet.id;
    },

    async addNewPaymentLine(paymentMethod) {
        const typed = this.takeTypedAmount();
        if (isWalletMethod(paymentMethod)) {
            return this.currentOrder.totalDue < 0
                ? this.refundToWallet()
                : this.payWithWallet(null, typed);
        }
        const order = this.currentOrder;
        order.uiState.memberTyped = typed;
        try {
            return await super.addNewPaymentLine(...arguments);
        } finally {
            order.uiState.memberTyped = 0;
        }
    },

    refuseWallet(body) {
        this.dialog.add(AlertDialog, { title: _t("Member wallet"), body });
        return false;
    },

    // === AN AMOUNT TYPED FIRST === //

    // core would start a line of the first method; a part is typed before its wallet is chosen
    updateSelectedPaymentline(amount = false) {
        const line = this.selectedPaymentLine;
        if (this.isTypedFirst(line)) {
            this.memberTyped.amount = Math.max(this.numberBuffer.getFloat() || 0, 0);
            if (this.numberBuffer.get() === null) {
                this.numberBuffer.reset();
            }
            return;
        }
        if (line?.isMemberWallet) {
            // its amount is what the server holds or plans
            this.numberBuffer.reset();
            return;
        }
        return super.updateSelectedPaymentline(amount);
    },

    isTypedFirst(line) {
        const order = this.currentOrder;
        const isSale = order.totalDue > 0 && !order.isMemberTopUp;
        const isMembers = order.memberHolds.length || order.partner_id?.is_member;
        return isSale && isMembers && (!line || line.isMemberWallet);
    },

    takeTypedAmount() {
        const { amount } = this.memberTyped;
        if (amount) {
            this.clearTypedAmount();
        }
        return this.pos.currency.round(amount);
    },

    clearTypedAmount() {
        this.memberTyped.amount = 0;
        this.numberBuffer.reset();
    },

    // === PAYING === //

    get offersOtherWallet() {
        const order = this.currentOrder;
        return (
            this.payment_methods_from_config.some(isWalletMethod) &&
            !order.isMemberTopUp &&
            this.pos.currency.isPositive(order.remainingDue) &&
            Boolean(order.memberHolds.length || order.partner_id?.is_member)
        );
    },

    /** Another member's wallet pays a part, with that member's own PIN. */
    async payWithOtherWallet() {
        const typed = this.takeTypedAmount();
        const match = await this.pos.findMember();
        return match ? this.payWithWallet(match, typed) : false;
    },

    /**
     * @param {{partner, card_id}|null} match whose wallet pays; by default the customer's, then
     *  the next member's
     * @param {number} typed what is asked of it; 0 for all that is due
     */
    async payWithWallet(match, typed) {
        const order = this.currentOrder;
        if (this.pos.data.network.offline) {
            return this.refuseWallet(this.pos.memberTill.offlineMessage);
        }
        if (!this.pos.currency.isPositive(order.remainingDue)) {
            return this.refuseWallet(_t("There is nothing left to pay."));
        }
        if (!match && !order.partner_id && !(await this.pos.chooseMember())) {
            return false;
        }
        const payer = match || this.customerAsPayer(order) || (await this.pos.findMember());
        if (!payer) {
            return false;
        }
        const { partner, card_id: cardId = false } = payer;
        return this.pos.memberTill.exclusively(() =>
            this.askForPin(order, { partner, cardId, typed }),
        );
    },

    /** The customer, with the card that was read, unless their wallet pays a part already. */
    customerAsPayer(order) {
        const { partner_id: partner, uiState } = order;
        const hasPaid = order.memberHolds.some((line) => line.memberPayerId === partner.id);
        if (hasPaid) {
            return null;
        }
        const card = uiState.memberCard;
        return { partner, card_id: card?.partnerId === partner.id ? card.cardId : false };
    },

    async askForPin(order, payer) {
        const attempt = await this.prepareAttempt(order, payer);
        if (!attempt) {
            return false;
        }
        const answer = await makeAwaitable(this.dialog, MemberPinPopup, {
            memberName: payer.partner.name,
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
        order.addMemberHold(answer.lines, payer.partner);
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
    async prepareAttempt(order, { partner, cardId, typed }) {
        const due = order.remainingDue;
        const asked = typed ? Math.min(typed, due) : due;
        const earlier = order.uiState.memberAttempt;
        if (earlier?.partnerId === partner.id && earlier.due === due && earlier.asked === asked) {
            return { ...earlier, isLost: true };
        }
        await this.pos.releaseMemberAttempt(order);
        const isCustomer = partner.id === order.partner_id?.id;
        const info = await (isCustomer
            ? this.pos.refreshMember(order)
            : this.pos.memberTill.info(partner));
        if (info?.status !== "ok") {
            return this.refuseWallet(
                info?.message ||
                    _t("%s is not a member. Scan the card or find the member.", partner.name),
            );
        }
        const offer = walletOffer(info.pockets, asked, this.pos.currency);
        if (!offer.amount) {
            return this.refuseWallet(
                _t(
                    "The balance is %s. Top up first (tap the member), or take another payment.",
                    this.env.utils.formatCurrency(offer.available),
                ),
            );
        }
        const card = info.cards.find((each) => each.id === cardId);
        return {
            requestKey: uuidv4(),
            partnerId: partner.id,
            cardId,
            amount: offer.amount,
            asked,
            due,
            offer: {
                ...offer,
                isPinless: Boolean(card?.may_skip_pin) && offer.amount <= info.pinless,
            },
        };
    },

    async holdForAttempt(order, attempt, pin) {
        // kept before asking: the page may be gone before the answer is there, or just after,
        // and core saves a moment later
        order.uiState.memberAttempt = attempt;
        await this.pos.data.synchronizeLocalDataInIndexedDB();
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

    // === PAYMENT LINES === //

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
