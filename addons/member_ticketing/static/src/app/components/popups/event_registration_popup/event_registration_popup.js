import { patch } from "@web/core/utils/patch";
import { EventRegistrationPopup } from "@pos_event/app/components/popup/event_registration_popup/event_registration_popup";

/** What core asks of visitors and the till knows of the customer. */
const KNOWN = ["name", "email", "phone"];

patch(EventRegistrationPopup.prototype, {
    setup() {
        super.setup(...arguments);
        const partner = this.pos.getOrder()?.partner_id;
        const [first] = this.state.byRegistration;
        if (partner && first) {
            this.fillIn(first.questions, this.questionsByRegistration, partner);
            this.fillIn(this.state.byOrder, this.questionsOncePerOrder, partner);
        }
    },

    /** The customer is the first visitor, until somebody types another name. */
    fillIn(answers, questions, partner) {
        for (const { id, question_type: type } of questions) {
            if (KNOWN.includes(type)) {
                answers[id] ||= partner[type] || "";
            }
        }
    },
});
