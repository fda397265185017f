import { onWillStart, useState } from "@odoo/owl";
import { EventScanView } from "@event/client_action/event_barcode";
import { EventRegistrationSummaryDialog } from "@event/client_action/event_registration_summary_dialog";
import { MemberTicketsDialog } from "@member_ticketing/backend/check_in/member_tickets_dialog";
import { useMemberReads } from "@member_card/backend/member_reads/member_reads";
import { patch } from "@web/core/utils/patch";

/** The desk at the door reads members' cards beside tickets, and knows its slot. */
patch(EventScanView.prototype, {
    setup() {
        super.setup(...arguments);
        this.memberDesk = useState({ slots: [], slotId: false });
        useMemberReads(({ number }) => this.onBarcodeScanned(number));
        onWillStart(async () => {
            if (this.eventId) {
                this.memberDesk.slots = await this.orm.call("event.slot", "member_desk_slots", [
                    this.eventId,
                ]);
            }
        });
    },

    onMemberSlot(event) {
        this.memberDesk.slotId = Number(event.target.value) || false;
    },

    async onBarcodeScanned(barcode, onNextScanTriggered = () => {}) {
        const found = await this.orm.call("event.registration", "member_desk_scan", [
            barcode,
            this.eventId || false,
            this.memberDesk.slotId,
        ]);
        if (found.kind === "unknown") {
            return super.onBarcodeScanned(barcode, onNextScanTriggered);
        }
        if (found.kind === "refused") {
            this.playSound("error");
            return this.notification.add(found.message, { type: "danger" });
        }
        this.closeLastDialog?.();
        const props = {
            playSound: (type) => this.playSound(type),
            doNextScan: onNextScanTriggered,
        };
        if (found.kind === "member") {
            this.closeLastDialog = this.dialog.add(MemberTicketsDialog, {
                ...props,
                member: found.member,
                tickets: found.tickets,
            });
        } else {
            this.registrationId = found.registration.id;
            this.closeLastDialog = this.dialog.add(EventRegistrationSummaryDialog, {
                ...props,
                registration: found.registration,
            });
        }
    },
});
