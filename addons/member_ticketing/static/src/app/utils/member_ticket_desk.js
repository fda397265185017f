import { _t } from "@web/core/l10n/translation";
import { AlertDialog, ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { MemberTicketSlips } from "@member_ticketing/app/components/member_ticket_slip/member_ticket_slip";
import { MemberCollectPopup } from "@member_ticketing/app/components/popups/member_collect_popup/member_collect_popup";
import { MemberTicketsLeft } from "@member_ticketing/app/utils/member_tickets_left";

/** Prints tickets, and hands out what members have bought or reserved elsewhere. */
export class MemberTicketDesk {
    constructor(pos) {
        this.pos = pos;
        this.left = new MemberTicketsLeft(pos);
    }

    get till() {
        return this.pos.memberTill;
    }

    refuse(body) {
        this.pos.dialog.add(AlertDialog, { title: _t("Tickets"), body });
        return false;
    }

    // === COLLECTING === //

    get mayCollect() {
        return this.pos.memberBoxOffice.may("process");
    }

    /** Ask what waits for the order's member. Nothing waits for the answer. */
    async refresh(order, isForced = false) {
        const partner = order?.partner_id;
        const isKnown = order?.uiState.memberWaiting?.partner_id === partner?.id;
        if (!this.mayCollect || !partner?.is_member || (isKnown && !isForced)) {
            return;
        }
        const answer = await this.till.ticketsOf(partner);
        if (order.partner_id?.id === partner.id && answer.status === "ok") {
            order.uiState.memberWaiting = { ...answer, partner_id: partner.id };
        }
    }

    /** What waits for the customer of the order, or null. */
    waitingFor(order) {
        const waiting = order?.uiState.memberWaiting;
        return waiting?.summary && waiting.partner_id === order.partner_id?.id ? waiting : null;
    }

    async open(order = this.pos.getOrder()) {
        await this.refresh(order, true);
        const waiting = order.uiState.memberWaiting;
        if (waiting?.partner_id !== order.partner_id?.id) {
            return this.refuse(this.till.offlineMessage);
        }
        this.pos.dialog.add(MemberCollectPopup, {
            memberName: order.partner_id.name,
            waiting,
            collect: (ids, again) => this.collect(order, ids, again),
            settle: (saleOrderId) => this.settle(order, saleOrderId),
        });
        return true;
    }

    /** Put what is reserved or not paid on the order, once. */
    settle(order, saleOrderId) {
        const isThere = order.lines.some((line) => line.sale_order_origin_id?.id === saleOrderId);
        return isThere
            ? this.refuse(_t("It is on this order already. Take the payment."))
            : this.pos.onClickSaleOrder(saleOrderId);
    }

    /** Hand tickets out: the server notes it, then they are printed. Resolves to what waits then. */
    async collect(order, registrationIds, again) {
        const answer = await this.till.collectTickets(registrationIds, again);
        if (answer.status !== "ok") {
            this.refuse(answer.message);
        } else {
            await this.printOrAsk(answer.tickets);
        }
        await this.refresh(order, true);
        return order.uiState.memberWaiting;
    }

    // === PRINTING === //

    /** Print the tickets of a paid order, one slip for each seat. */
    async printOrder(order) {
        const answer = await this.till.ticketSlips(order);
        if (answer.status !== "ok") {
            return this.refuse(answer.message);
        }
        return answer.tickets.length
            ? this.printOrAsk(answer.tickets)
            : this.refuse(_t("There are no tickets on this order that are still good."));
    }

    /** Print these tickets; where some of them came out before, the rest is offered first. */
    printOrAsk(tickets) {
        const rest = this.left.among(tickets);
        if (!rest.length || rest.length === tickets.length) {
            return this.print(tickets);
        }
        return this.offerRest(rest, tickets.length - rest.length, {
            confirm: () => {
                this.print(rest, tickets.length - rest.length);
            },
            cancelLabel: _t("Print all"),
            cancel: () => {
                this.print(tickets);
            },
            dismiss: () => {},
        });
    }

    /**
     * A receipt printer cuts after each slip; a browser prints all of them at once. Stops where
     * one does not come out.
     *
     * @param {number} before how many of the same tickets are printed already
     */
    async print(tickets, before = 0) {
        const { printer, hardwareProxy, config, company } = this.pos;
        const shop = { logoUrl: config.receiptLogoUrl, name: company.name };
        this.left.add(tickets);
        const batches = hardwareProxy.printer ? tickets.map((ticket) => [ticket]) : [tickets];
        for (const [index, batch] of batches.entries()) {
            const isPrinted = await printer.print(
                MemberTicketSlips,
                { tickets: batch, shop },
                {
                    webPrintFallback: true,
                    memberPrinted: () => this.left.remove(batch),
                    // a slow printer says so when it counts as printed already
                    memberNotPrinted: () => this.left.add(batch),
                },
            );
            // why not, the printer says in a popup of its own, which tries that one again
            if (!isPrinted) {
                return batches.length > 1 && this.offerRest(tickets.slice(index), before + index);
            }
        }
        return true;
    }

    /** Say how many tickets came out, and offer to print the others: now, or asked again. */
    offerRest(tickets, printed, choice = {}) {
        this.pos.dialog.add(ConfirmationDialog, {
            title: _t("Tickets"),
            body: _t(
                "%(printed)s of %(total)s tickets are printed. When the printer is ready, print the rest.",
                { printed, total: printed + tickets.length },
            ),
            confirmLabel: _t("Print the rest"),
            confirm: () => {
                // the printer's popup would print the first of them a second time
                this.pos.dialog.closeAll();
                this.print(tickets, printed);
            },
            cancelLabel: _t("Close"),
            cancel: () => {},
            ...choice,
        });
        return false;
    }
}
