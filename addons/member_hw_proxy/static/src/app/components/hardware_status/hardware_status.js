import { Component, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { useHwState } from "@member_hw_proxy/core/hw_hook";
import { HardwarePopup } from "@member_hw_proxy/app/components/popups/hardware_popup/hardware_popup";
import { summarize } from "@member_hw_proxy/app/utils/hardware_words";

/** How the till's devices are, at a glance; a tap tells it all. Not there without an agent. */
export class HardwareStatus extends Component {
    static template = "member_hw_proxy.HardwareStatus";
    static props = {};

    setup() {
        this.pos = usePos();
        this.ui = useService("ui");
        this.dialog = useService("dialog");
        this.hw = useHwState();
        this.waiting = useState(this.pos.memberHardware.waiting);
        this.news = useState(this.pos.memberHardware.news);
    }

    get isShown() {
        // read, so that it shows by itself when the back office pairs a computer
        return this.news.agentId !== false && this.pos.memberHardware.isUsed;
    }

    get summary() {
        return summarize(this.hw);
    }

    open() {
        this.dialog.add(HardwarePopup);
    }
}
