import { markRaw } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { TillHardware } from "@member_hw_proxy/app/utils/till_hardware";

PosStore.serviceDependencies.push("member_hw");

patch(PosStore.prototype, {
    async setup(env, { member_hw: hw }) {
        this.memberHardware = markRaw(new TillHardware(this, hw));
        await super.setup(...arguments);
        this.data.connectWebSocket("MEMBER_HW_CHANGED", (news) =>
            this.memberHardware.onChanged(news),
        );
        this.memberHardware.start();
    },

    // the till opens without waiting for it, and the connection comes back by itself
    connectToProxy() {
        const { memberHardware } = this;
        if (!memberHardware.isUsed) {
            return super.connectToProxy(...arguments);
        }
        memberHardware.hw.retry();
        return Promise.resolve();
    },
});
