import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { formatMonetary } from "@web/views/fields/formatters";
import { useMemberReads } from "@member_card/backend/member_reads/member_reads";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Hands tickets over in the office: scan a card, a ticket or type an order or a name. */
export class TicketDesk extends Component {
    static template = "member_ticketing.TicketDesk";
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.input = useRef("query");
        this.state = useState({ query: "", answer: null, chosen: {}, busy: false });
        useBus(useService("barcode").bus, "barcode_scanned", (event) =>
            this.find(event.detail.barcode),
        );
        useMemberReads(({ number, partner_id: partnerId }) => this.find(number, partnerId));
        onMounted(() => this.focus());
    }

    focus() {
        this.input.el?.focus();
        this.input.el?.select();
    }

    /** Look for what was typed or scanned; `partnerId` is the one chosen of several. */
    async find(query = this.state.query, partnerId = false) {
        if (!query.trim() || this.state.busy) {
            return;
        }
        this.state.query = query;
        this.state.busy = true;
        try {
            this.show(
                await this.orm.call("event.registration", "member_desk_find", [query, partnerId]),
            );
        } finally {
            this.state.busy = false;
        }
    }

    show(answer) {
        this.state.answer = answer;
        this.state.chosen = Object.fromEntries(
            (answer.tickets || []).map((ticket) => [ticket.id, true]),
        );
        this.focus();
    }

    onKeydown(event) {
        if (event.key === "Enter") {
            event.preventDefault();
            this.find();
        }
    }

    toggle(ticket) {
        this.state.chosen[ticket.id] = !this.state.chosen[ticket.id];
    }

    get chosenIds() {
        const tickets = [...(this.state.answer?.tickets || [])];
        return tickets.map((ticket) => ticket.id).filter((id) => this.state.chosen[id]);
    }

    get unpaid() {
        const tickets = this.state.answer?.tickets || [];
        return tickets.some((ticket) => this.state.chosen[ticket.id] && !ticket.is_paid);
    }

    until(reservation) {
        return reservation.until && formatDateTime(deserializeDateTime(reservation.until));
    }

    handedOver(ticket) {
        return formatDateTime(deserializeDateTime(ticket.collected_at));
    }

    money(reservation) {
        return formatMonetary(reservation.total, { currencyId: reservation.currency_id });
    }

    handOver() {
        return this.collect(this.chosenIds);
    }

    /** Print a ticket that was handed over before: only after the question. */
    again(ticket) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Print again?"),
            body: _t(
                "This ticket was handed over before. Print it again only when the first one is lost: only one of the two opens the door.",
            ),
            confirmLabel: _t("Print Again"),
            confirm: () => this.collect([ticket.id], true),
            cancel: () => {},
        });
    }

    async collect(ids, again = false) {
        if (this.state.busy || !ids.length) {
            return;
        }
        this.state.busy = true;
        try {
            const answer = await this.orm.call("event.registration", "member_desk_collect", [
                ids,
                again,
            ]);
            if (answer.status !== "ok") {
                this.notification.add(answer.message, { type: "warning" });
            } else {
                this.notification.add(_t("%s tickets handed over.", ids.length), {
                    type: "success",
                });
                await this.action.doAction(answer.action);
            }
        } finally {
            this.state.busy = false;
        }
        await this.find(this.state.query, this.state.answer?.member?.partner_id || false);
    }

    openReservation(reservation) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: reservation.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("member_ticketing.ticket_desk", TicketDesk);
