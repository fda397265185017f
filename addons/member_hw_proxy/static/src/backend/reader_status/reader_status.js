import { Component, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import {
    describeAgent,
    describeDevice,
    summarize,
} from "@member_hw_proxy/app/utils/hardware_words";
import { ChooseComputerDialog } from "@member_hw_proxy/backend/choose_computer/choose_computer";
import { useHwState } from "@member_hw_proxy/core/hw_hook";

/** How the reader of this computer is; not there in a browser that uses none. */
export class ReaderStatus extends Component {
    static template = "member_hw_proxy.ReaderStatus";
    static components = { Dropdown, DropdownItem };
    static props = {};

    setup() {
        this.dialog = useService("dialog");
        this.member_hw = useService("member_hw");
        this.computer = useService("member_hw_computer");
        this.chosen = useState(this.computer.state);
        this.hw = useHwState();
    }

    get isShown() {
        return this.computer.mayRead && this.chosen.agentId;
    }

    get summary() {
        return summarize(this.hw);
    }

    get lines() {
        if (this.hw.status !== "connected") {
            return [{ id: "agent", ...describeAgent(this.hw) }];
        }
        return Object.values(this.hw.devices).map((device) => ({
            id: device.id,
            name: device.name || device.id,
            ...describeDevice(device),
        }));
    }

    choose() {
        this.dialog.add(ChooseComputerDialog);
    }
}

registry
    .category("systray")
    .add("member_hw_proxy.reader", { Component: ReaderStatus }, { sequence: 40 });
