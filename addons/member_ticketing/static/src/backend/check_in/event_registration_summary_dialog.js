import { useState } from "@odoo/owl";
import { EventRegistrationSummaryDialog } from "@event/client_action/event_registration_summary_dialog";
import { patch } from "@web/core/utils/patch";

/** Core lets in whatever ticket is shown; here only what the server says may enter. */
patch(EventRegistrationSummaryDialog.prototype, {
    setup() {
        this.memberAnswer = useState({ registration: null });
        super.setup(...arguments);
    },

    get registration() {
        return this.memberAnswer?.registration || super.registration;
    },

    async onRegistrationConfirm() {
        if (this.needManualConfirmation) {
            this.button.enabled = false;
            try {
                const [answer] = await this.orm.call("event.registration", "member_desk_check_in", [
                    [this.registration.id],
                ]);
                this.memberAnswer.registration = answer;
                this.registrationStatus.value = answer.status;
            } finally {
                this.button.enabled = true;
            }
            if (this.registrationStatus.value !== "confirmed_registration") {
                this.props.playSound?.("error");
                return;
            }
        }
        this.props.close();
        this.props.model?.load();
        if (this.props.doNextScan) {
            this.onScanNext();
        }
    },
});
