import { _t } from "@web/core/l10n/translation";
import { uuidv4 } from "@point_of_sale/utils";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { MemberHistoryPopup } from "@member_card/app/components/popups/member_history_popup/member_history_popup";
import { MemberJoinPopup } from "@member_card/app/components/popups/member_join_popup/member_join_popup";
import { MemberNewCardPopup } from "@member_card/app/components/popups/member_new_card_popup/member_new_card_popup";
import { MemberPinChangePopup } from "@member_card/app/components/popups/member_pin_change_popup/member_pin_change_popup";
import { describeEntries, entrySlip, historySlip } from "@member_card/app/utils/member_slips";

/** What is done for members at a till beside selling: joining, cards, PINs, last entries. */
export class MemberDesk {
    constructor(pos) {
        this.pos = pos;
    }

    get offers() {
        return this.pos.config._member_offers || { rights: [], classes: [] };
    }

    may(right) {
        return this.offers.rights.includes(right);
    }

    get till() {
        return this.pos.memberTill;
    }

    /** Say what the server refused; tells whether it was done. */
    isDone(answer, title) {
        if (answer.status !== "ok") {
            this.pos.dialog.add(AlertDialog, { title, body: answer.message });
        }
        return answer.status === "ok";
    }

    notify(text) {
        this.pos.notification.add(text, { type: "success" });
    }

    formatCurrency = (amount) => this.pos.env.utils.formatCurrency(amount);

    /** Take the figures of an answer as what is shown of a member, if still the customer. */
    show(order, partner, answer) {
        if (order.partner_id?.id === partner.id) {
            order.uiState.member = { ...answer, partner_id: partner.id };
        }
    }

    // === JOINING === //

    /** Let somebody join; resolves to the partner, or to nothing when a top-up goes first. */
    join(prefill = {}) {
        return this.till.exclusively(async () => {
            const requestKey = uuidv4();
            const joined = await makeAwaitable(this.pos.dialog, MemberJoinPopup, {
                prefill,
                classes: this.offers.classes,
                rights: this.offers.rights,
                known: (phone) => this.till.known(phone),
                submit: (values) => this.till.join(values, requestKey),
            });
            return joined && this.welcome(joined);
        });
    }

    async welcome({ match, topup = 0, isNew = false }) {
        const { partner, name, number } = match;
        this.pos.setMember(match);
        if (isNew) {
            this.notify(_t("%(name)s is a member now: %(number)s", { name, number }));
        }
        if (!topup) {
            return partner;
        }
        const lineUuid = uuidv4();
        const answer = await this.till.reserveTopUp(partner, topup, lineUuid);
        if (this.isDone(answer, _t("First top-up"))) {
            await this.pos.startTopUp(partner, topup, lineUuid);
            return null;
        }
        return partner;
    }

    // === CARDS === //

    async lost(order, card) {
        const partner = order.partner_id;
        const title = _t("Card lost");
        const answer = await makeAwaitable(this.pos.dialog, MemberNewCardPopup, {
            title,
            text: _t(
                "Card %s will be blocked at once. What is on it stays with the member. Scan the new card, or only block the old one.",
                card.masked,
            ),
            submit: (number) => this.till.issueCard(partner, number, card.id, true),
            onlyBlock: () => this.till.actOnCard(card, "lost"),
        });
        this.cardChanged(order, partner, answer, _t("Card %s is blocked.", card.masked));
    }

    async replace(order, card) {
        const partner = order.partner_id;
        const answer = await makeAwaitable(this.pos.dialog, MemberNewCardPopup, {
            title: _t("New card"),
            text: _t(
                "It takes the place of card %s, which cannot be used any more then.",
                card.masked,
            ),
            submit: (number) =>
                this.till.issueCard(
                    partner,
                    number,
                    card.id,
                    card.state === "lost" && !this.may("card_replace"),
                ),
        });
        this.cardChanged(order, partner, answer, _t("The new card is ready to be used."));
    }

    async issue(order) {
        const partner = order.partner_id;
        const answer = await makeAwaitable(this.pos.dialog, MemberNewCardPopup, {
            title: _t("New card"),
            text: _t("For %s.", partner.name),
            submit: (number) => this.till.issueCard(partner, number),
        });
        this.cardChanged(order, partner, answer, _t("The new card is ready to be used."));
    }

    async act(order, card, act) {
        const partner = order.partner_id;
        const answer = await this.till.actOnCard(card, act);
        if (this.isDone(answer, _t("Member card"))) {
            const done = {
                freeze: _t("Card %s is frozen.", card.masked),
                unfreeze: _t("Card %s can be used again.", card.masked),
            };
            this.cardChanged(order, partner, answer, done[act]);
        }
    }

    cardChanged(order, partner, answer, text) {
        if (answer) {
            this.show(order, partner, answer);
            this.forgetCard(order, answer);
            this.notify(text);
        }
    }

    /** The card that was read and cannot be used now is no card of this sale any more. */
    forgetCard({ uiState }, { cards }) {
        const isUsable = ({ id, state }) => id === uiState.memberCard?.cardId && state === "issued";
        if (!cards.some(isUsable)) {
            uiState.memberCard = null;
        }
    }

    // === PIN === //

    async changePin(order) {
        const partner = order.partner_id;
        const hasPin = order.uiState.member.has_pin;
        const answer = await this.askPins(partner, {
            title: hasPin ? _t("Change the PIN") : _t("First PIN"),
            asksOld: hasPin,
            submit: this.pinSetter(partner, false),
        });
        if (answer === "forgotten") {
            return this.resetPin(order);
        }
        this.pinChanged(order, partner, answer);
    }

    async resetPin(order) {
        const partner = order.partner_id;
        const approval = await this.approvePin(partner);
        if (approval === null) {
            return;
        }
        const answer = await this.askPins(partner, {
            title: _t("New PIN"),
            asksOld: false,
            submit: this.pinSetter(partner, approval),
        });
        this.pinChanged(order, partner, answer);
    }

    /** Sends what was typed; the same again, since no answer came, is the same request. */
    pinSetter(partner, approval) {
        let sent = {};
        return (pin, old) => {
            if (sent.pin !== pin || sent.old !== old) {
                sent = { pin, old, requestKey: uuidv4() };
            }
            return this.till.setPin(partner, pin, old || false, approval, sent.requestKey);
        };
    }

    async unlockPin(order) {
        const partner = order.partner_id;
        const approval = await this.approvePin(partner);
        if (approval === null) {
            return;
        }
        const answer = await this.till.unlockPin(partner, approval);
        if (this.isDone(answer, _t("PIN"))) {
            this.show(order, partner, answer);
            this.notify(_t("The PIN of %s can be used again.", partner.name));
        }
    }

    /** A token, false for who needs none, or null when it was not approved. */
    approvePin(partner) {
        if (this.may("edit")) {
            return false;
        }
        return this.pos.memberApproval({ act: "pin_reset", about: { partner_id: partner.id } });
    }

    askPins(partner, props) {
        return makeAwaitable(this.pos.dialog, MemberPinChangePopup, {
            memberName: partner.name,
            ...props,
        });
    }

    pinChanged(order, partner, answer) {
        if (answer && this.isDone(answer, _t("PIN"))) {
            this.show(order, partner, answer);
            this.notify(_t("The PIN of %s is set.", partner.name));
        }
    }

    // === LAST ENTRIES === //

    async history(order) {
        const partner = order.partner_id;
        const answer = await this.till.history(partner);
        if (!this.isDone(answer, _t("Last entries"))) {
            return;
        }
        this.show(order, partner, answer);
        const figures = this.figures(answer);
        const entries = describeEntries(answer.entries, (entry, amount) =>
            this.formatAmount(entry, amount),
        );
        this.pos.dialog.add(MemberHistoryPopup, {
            memberName: answer.name,
            figures,
            entries,
            printAll: () =>
                this.pos.printMemberSlip(
                    historySlip(answer, figures, entries, this.formatCurrency),
                ),
            printEntry: (entry) => this.pos.printMemberSlip(entrySlip(answer, entry)),
        });
    }

    /** What the member has now, as the list and the slip of the last entries say it. */
    figures(member) {
        return [
            { key: "money", label: _t("Balance"), value: this.formatCurrency(member.available) },
        ];
    }

    /** An amount of an entry, in the unit of what it moves. */
    formatAmount(_entry, amount) {
        return this.formatCurrency(amount);
    }

    // === NEWS === //

    /** Another till or the back office changed members: look again, and say what matters here. */
    async onMembersChanged({ partner_ids: partnerIds }) {
        const order = this.pos.getOrder();
        const partner = order?.partner_id;
        if (!partner || order.finalized || !partnerIds.includes(partner.id)) {
            return;
        }
        const info = await this.pos.refreshMember(order);
        const problem = info?.status === "ok" && this.newProblem(order, info);
        // the news may come again, for another change of the same member
        if (problem && problem !== order.uiState.memberProblem) {
            this.pos.notification.add(problem, { type: "danger", sticky: true });
        }
        order.uiState.memberProblem = problem;
    }

    /** Why the member, or the card that was read, cannot pay any more; or nothing. */
    newProblem(order, info) {
        if (info.state !== "active") {
            return info.warnings[0];
        }
        const { partnerId, cardId, masked } = order.uiState.memberCard || {};
        if (partnerId !== info.partner_id || !cardId) {
            return null;
        }
        const card = info.cards.find((each) => each.id === cardId);
        if (card?.state === "issued") {
            return null;
        }
        return card
            ? _t("Card %(card)s of %(name)s cannot be used any more: %(state)s.", {
                  card: card.masked,
                  name: info.name,
                  state: card.state_name,
              })
            : _t("Card %(card)s of %(name)s was replaced. Ask for the new one.", {
                  card: masked || "",
                  name: info.name,
              });
    }
}
