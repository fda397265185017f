import { patch } from "@web/core/utils/patch";
import { HardwareProxy } from "@point_of_sale/app/services/hardware_proxy_service";
import { AgentPrinter } from "@member_hw_proxy/app/utils/agent_printer";

patch(HardwareProxy.prototype, {
    // core keeps a drawer shut, without a word, while what it is connected to is away
    async openCashbox(action = false) {
        if (!(this.printer instanceof AgentPrinter)) {
            return super.openCashbox(...arguments);
        }
        if (this.pos.config.iface_cashdrawer) {
            this.printer.openCashbox();
            if (action) {
                this.pos.logEmployeeMessage(action, "CASH_DRAWER_ACTION");
            }
        }
    },
});
