import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { uuidv4 } from "@point_of_sale/utils";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { MemberSlip } from "@member_card/app/components/member_slip/member_slip";
import { MemberCardPopup } from "@member_card/app/components/popups/member_card_popup/member_card_popup";
import { MemberLookupPopup } from "@member_card/app/components/popups/member_lookup_popup/member_lookup_popup";
import { MemberTopUpPopup } from "@member_card/app/components/popups/member_topup_popup/member_topup_popup";
import { MemberDesk } from "@member_card/app/utils/member_desk";
import { MemberTill } from "@member_card/app/utils/member_till";
import { joinPrefill } from "@member_card/app/utils/member_join";
import { isWalletMethod } from "@member_card/app/utils/member_wallet";

/** Screens of a sale in progress, where a scanned card chooses the member. */
const SALE_SCREENS = ["ProductScreen", "PaymentScreen"];

/** A card that nobody has yet: somebody new may get it. */
const isFreeCard = (status) => ["not_found", "not_issued"].includes(status);

patch(PosStore.prototype, {
    async setup() {
        this.memberTill = new MemberTill(this);
        this.memberDesk = new MemberDesk(this);
        await super.setup(...arguments);
        this.data.connectWebSocket("MEMBER_CHANGED", (news) =>
            this.memberDesk.onMembersChanged(news),
        );
        // once for all screens: the payment screen of core listens to no scan
        this.barcodeReader?.register({ member: (code) => this.onMemberScanned(code) });
    },

    // === LOOK-UP === //

    onMemberScanned({ code }) {
        return this.onMemberRead(() => this.memberTill.lookup(code), {
            prefill: joinPrefill(code),
        });
    },

    /** Whether a card that is read now chooses the member of a sale. */
    get takesMember() {
        const order = this.getOrder();
        const isSelling = SALE_SCREENS.includes(this.router.state.current);
        return isSelling && !this.memberTill.busy && Boolean(order) && !order.finalized;
    },

    /**
     * A card was read, by whatever reads cards here: a popup that waits for one gets what is
     * known of it, else the sale gets the member; in the midst of a conversation nobody does.
     *
     * @param {() => Promise<{status, message?, matches?, number?}>} find asks the server
     * @param {object} [options]
     * @param {object} [options.prefill] of the popup by which a new member gets this card
     * @param {(order, match) => any} [options.use] what a sale does with the one member found
     */
    async onMemberRead(find, { prefill, use = this.useScannedMember } = {}) {
        const { readTaker } = this.memberTill;
        if (readTaker) {
            return readTaker(await find());
        }
        if (!this.takesMember) {
            return;
        }
        const order = this.getOrder();
        // what a scanner types is no amount, also when something is tapped right after it
        this.numberBuffer.eventsBuffer = [];
        const { matches, message, status, number } = await find();
        if (matches?.length === 1) {
            // the till may have gone on to another sale while the server was asked
            const isHere = this.getOrder() === order && this.takesMember;
            return isHere && use.call(this, order, matches[0]);
        }
        const card = number ? { card_number: number } : prefill;
        const canJoin = this.memberDesk.may("register") && isFreeCard(status) && card;
        const join = {
            name: _t("New member"),
            primary: true,
            onClick: () => this.memberDesk.join(card),
        };
        this.notification.add(message || _t("No member found for this card."), {
            type: "danger",
            buttons: canJoin ? [join] : [],
        });
    },

    /** While a wallet pays a part, the next card is another payer's; otherwise the customer's. */
    useScannedMember(order, match) {
        const isShared = order.memberHolds.length && this.currency.isPositive(order.remainingDue);
        if (isShared && this.payWithScannedWallet) {
            return this.payWithScannedWallet(match);
        }
        this.setMember(match);
    },

    /** Let the cashier find a member; resolves to the match, to `{join}`, or to nothing. */
    findMember(offers = {}) {
        return makeAwaitable(this.dialog, MemberLookupPopup, {
            lookup: (query) => this.memberTill.lookup(query),
            ...offers,
        });
    },

    /** Let the cashier find a member and put it on the order; resolves to the partner or nothing. */
    async chooseMember() {
        const customer = this.getOrder().partner_id;
        const found = await this.findMember({
            canJoin: this.memberDesk.may("register"),
            customer: customer && !customer.is_member ? customer : null,
        });
        if (found?.join) {
            return this.memberDesk.join(found.join);
        }
        if (found) {
            this.setMember(found);
        }
        return found?.partner;
    },

    /** Put a found member on the order, and remember the card that was read. */
    setMember({ partner, card_id: cardId, card_masked: masked }) {
        this.setPartnerToCurrentOrder(partner);
        const order = this.getOrder();
        if (order.partner_id?.id === partner.id) {
            order.uiState.memberCard = cardId ? { partnerId: partner.id, cardId, masked } : null;
        }
    },

    setPartnerToCurrentOrder(partner) {
        const order = this.getOrder();
        const lock = order.partner_id?.id !== partner?.id && order.memberLock;
        if (lock) {
            this.dialog.add(AlertDialog, { title: _t("Can't change customer"), body: lock });
            return;
        }
        super.setPartnerToCurrentOrder(...arguments);
        if (partner && order.partner_id?.id === partner.id) {
            this.refreshMember(order);
        }
    },

    /** Ask for the member's figures as they are now; they are shown and never relied upon. */
    async refreshMember(order) {
        const partner = order?.partner_id;
        if (!partner?.is_member) {
            if (order) {
                order.uiState.member = null;
            }
            return null;
        }
        const info = await this.memberTill.info(partner);
        if (order.partner_id?.id === partner.id) {
            order.uiState.member = { ...info, partner_id: partner.id };
        }
        if (info.class?.id && info.class.id !== partner.member_class_id) {
            await this.reloadMember(partner);
        }
        return info;
    },

    /** The class has changed since the till loaded the member: take over its prices. */
    async reloadMember(partner) {
        const { status } = await this.memberTill.lookup(partner.member_number);
        if (status !== "ok") {
            return;
        }
        const isOpen = (order) =>
            !order.finalized && order.partner_id?.id === partner.id && !order.payment_ids.length;
        for (const order of this.models["pos.order"].filter(isOpen)) {
            order.updatePricelistAndFiscalPosition(order.partner_id);
        }
    },

    async showMember() {
        const order = this.getOrder();
        await this.refreshMember(order);
        const next = await makeAwaitable(this.dialog, MemberCardPopup, {
            order,
            canTopUp: !order.isMemberTopUp && !order.isRefund,
        });
        return next && this.memberSteps[next.step]?.(order, next);
    },

    /** What can be done from the member's card; each gets the order and what was tapped. */
    get memberSteps() {
        const desk = this.memberDesk;
        return {
            topup: () => this.topUpMember(),
            change: () => this.chooseMember(),
            history: (order) => desk.history(order),
            pin: (order) => desk.changePin(order),
            unlock: (order) => desk.unlockPin(order),
            issue: (order) => desk.issue(order),
            lost: (order, { card }) => desk.lost(order, card),
            replace: (order, { card }) => desk.replace(order, card),
            freeze: (order, { card }) => desk.act(order, card, "freeze"),
            unfreeze: (order, { card }) => desk.act(order, card, "unfreeze"),
        };
    },

    /** Print what `MemberSlip` describes, on the till's printer or by the browser. */
    printMemberSlip(slip) {
        const { config, company } = this;
        const shop = {
            logoUrl: config.receiptLogoUrl,
            name: company.name,
            header: config.receipt_header,
            phone: company.phone,
        };
        const defaults = {
            date: luxon.DateTime.now().toLocaleString(luxon.DateTime.DATETIME_SHORT),
            operator: this.getCashier()?.name,
        };
        return this.printer.print(
            MemberSlip,
            { slip: { ...defaults, ...slip }, shop },
            { webPrintFallback: true },
        );
    },

    // === TOP-UP === //

    async topUpMember() {
        const { partner_id: partner, uiState } = this.getOrder();
        return this.memberTill.exclusively(async () => {
            const lineUuid = uuidv4();
            const amount = await makeAwaitable(this.dialog, MemberTopUpPopup, {
                memberName: partner.name,
                available: uiState.member?.available ?? null,
                reserve: (asked) => this.memberTill.reserveTopUp(partner, asked, lineUuid),
            });
            if (amount) {
                await this.startTopUp(partner, amount, lineUuid);
            }
        });
    },

    /** A top-up is an order of its own: the sale in progress stays as it is and comes back after. */
    async startTopUp(partner, amount, lineUuid) {
        const kept = this.getOrder();
        const product = this.models["product.product"].get(this.config._member_topup_product_id);
        const order = this.addNewOrder();
        order.uiState.memberTopUp = { keptUuid: kept?.uuid };
        order.setPartner(partner);
        await this.addLineToOrder(
            {
                uuid: lineUuid,
                product_id: product,
                product_tmpl_id: product.product_tmpl_id,
                qty: 1,
                price_unit: amount,
            },
            order,
            {},
            false,
        );
        this.navigate("PaymentScreen", { orderUuid: order.uuid });
    },

    async addLineToOrder(vals, order) {
        const template = vals.product_tmpl_id?.id ?? vals.product_tmpl_id;
        const topUp = this.models["product.product"].get(this.config._member_topup_product_id);
        const isTopUpProduct = Boolean(topUp) && topUp.product_tmpl_id.id === template;
        const isTopUpOrder = Boolean(order.uiState.memberTopUp);
        if (isTopUpProduct !== isTopUpOrder && !vals.refunded_orderline_id) {
            this.dialog.add(AlertDialog, {
                title: _t("Top-up"),
                body: _t(
                    "A top-up is an order of its own. Choose the member, then Top up; sell goods in another order.",
                ),
            });
            return;
        }
        return super.addLineToOrder(...arguments);
    },

    keptOrder(order) {
        const kept = this.models["pos.order"].getBy("uuid", order.uiState.memberTopUp?.keptUuid);
        return kept && !kept.finalized ? kept : null;
    },

    returnToKeptOrder(kept) {
        this.setOrder(kept);
        this.searchProductWord = "";
        this.navigateToOrderScreen(kept);
        this.refreshMember(kept);
    },

    orderDone(order) {
        const kept = this.keptOrder(order);
        if (!kept) {
            return super.orderDone(...arguments);
        }
        order.setScreenData({ name: "" });
        this.returnToKeptOrder(kept);
    },

    // going back from an unpaid top-up gives it up
    async onClickBackButton() {
        const order = this.getOrder();
        const isPaying = this.router.state.current === "PaymentScreen";
        if (!isPaying || !order.isMemberTopUp || order.payment_ids.some((p) => p.payment_status)) {
            return super.onClickBackButton(...arguments);
        }
        // leave first: the screen cannot show an order that is gone
        this.returnToKeptOrder(this.keptOrder(order) || this.getEmptyOrder());
        await this.deleteOrders([order]);
    },

    // === PAYMENT === //

    /** The balance beside the wallet's button, and after it paid the rest beside the others. */
    getPaymentMethodFmtAmount(paymentMethod, order) {
        if (isWalletMethod(paymentMethod)) {
            const { member } = order.uiState;
            const isKnown = member?.status === "ok" && member.partner_id === order.partner_id?.id;
            return isKnown ? this.env.utils.formatCurrency(member.available) : "";
        }
        if (order.memberHolds.length && this.currency.isPositive(order.remainingDue)) {
            return this.env.utils.formatCurrency(order.getDefaultAmountDueToPayIn(paymentMethod));
        }
        return super.getPaymentMethodFmtAmount(...arguments);
    },

    /** Give back what the lines of this attempt hold. Offline it runs out by itself. */
    async releaseMemberHold(line) {
        const order = line.pos_order_id;
        const { status, keys = [], message } = await this.memberTill.release(line.uuid);
        if (!["ok", "offline"].includes(status)) {
            this.dialog.add(AlertDialog, { title: _t("Member wallet"), body: message });
            return false;
        }
        if (status === "offline") {
            this.notification.add(
                _t(
                    "Without a connection the money stays reserved for up to 15 minutes, then the member can use it again.",
                ),
                { type: "warning" },
            );
        }
        // the server names none of a till that this one does not trust: nothing is held here
        for (const key of new Set([line.uuid, ...keys])) {
            const heldLine = order.getPaymentlineByUuid(key);
            if (heldLine) {
                order.removePaymentline(heldLine);
            }
        }
        this.refreshMember(order);
        return true;
    },

    /** Give back what was asked for and never answered. */
    async releaseMemberAttempt(order) {
        const { memberAttempt } = order.uiState;
        order.uiState.memberAttempt = null;
        return memberAttempt ? this.memberTill.release(memberAttempt.requestKey) : null;
    },

    async _onBeforeDeleteOrder(order) {
        while (order.memberHolds.length) {
            if (!(await this.releaseMemberHold(order.memberHolds[0]))) {
                return false;
            }
        }
        await this.releaseMemberAttempt(order);
        if (order.isMemberTopUp && !order.finalized) {
            await this.memberTill.release(order.lines[0].uuid);
        }
        return super._onBeforeDeleteOrder(...arguments);
    },

    // the receipt screen's "Edit Payment" would change what the wallet has paid
    canEditPayment(order) {
        return !order.walletLines.length && !order.isMemberTopUp && super.canEditPayment(order);
    },
});
