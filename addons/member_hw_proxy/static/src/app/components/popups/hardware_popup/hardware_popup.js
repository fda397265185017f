import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { useService } from "@web/core/utils/hooks";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";
import { useHwState } from "@member_hw_proxy/core/hw_hook";
import { describeAgent, describeDevice } from "@member_hw_proxy/app/utils/hardware_words";

/** Each device of the till, how it is, and what to do about it. */
export class HardwarePopup extends Component {
    static template = "member_hw_proxy.HardwarePopup";
    static components = { Dialog };
    static props = { close: Function };

    setup() {
        this.service = useService("member_hw");
        this.hw = useHwState();
        this.hardware = usePos().memberHardware;
        this.waiting = useState(this.hardware.waiting);
    }

    get agent() {
        return describeAgent(this.hw);
    }

    get devices() {
        return Object.values(this.hw.devices).map((device) => ({
            id: device.id,
            name: device.name || device.id,
            ...describeDevice(device),
        }));
    }

    /** Nothing is known of a device while the agent is away. */
    get isConnected() {
        return this.hw.status === "connected";
    }

    connect() {
        this.service.retry();
    }

    print() {
        this.props.close();
        this.hardware.printWaiting();
    }
}
