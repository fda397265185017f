import { ModalRegistration } from "@website_event/interactions/modal_registration";
import { patch } from "@web/core/utils/patch";

patch(ModalRegistration.prototype, {
    /** A second tap on "Confirm" orders nothing twice. */
    async onSubmit(ev) {
        ev.preventDefault();
        const form = ev.currentTarget;
        if (form.dataset.memberSent) {
            return;
        }
        form.dataset.memberSent = "1";
        for (const button of form.querySelectorAll("button[type='submit']")) {
            button.disabled = true;
        }
        return super.onSubmit(ev);
    },
});
