import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { describeAgent, describeDevice } from "@member_hw_proxy/app/utils/hardware_words";
import { HwError, describeProblem } from "@member_hw_proxy/core/hw_errors";
import { useHwReader, useHwState } from "@member_hw_proxy/core/hw_hook";

const SCOPES = ["events", "print", "display", "card.read", "setup"];

/** What can be tried, by kind of device: the agent's action and what shows that it worked. */
const TRIALS = {
    printer: [
        {
            action: "test",
            label: _t("Print a Test Page"),
            done: _t("Sent: the printer prints a test page now."),
        },
        {
            action: "open_drawer",
            label: _t("Open the Drawer"),
            done: _t("Sent: the cash drawer opens now."),
            isLogged: true,
        },
    ],
    display: [
        { action: "test", label: _t("Show a Text"), done: _t("The display shows a text now.") },
        { action: "clear", label: _t("Clear It"), done: _t("The display is empty now.") },
    ],
};

/** Only the end of what a scanner read: it may be a card number. */
export function maskScan(code) {
    return code.length > 8 ? `•••• ${code.slice(-4)}` : code;
}

/** Tries one device of the computer that shows this page. */
export class TestDeviceDialog extends Component {
    static template = "member_hw_proxy.TestDeviceDialog";
    static components = { Dialog };
    static props = {
        agentId: Number,
        close: Function,
        device: String,
        kind: String,
        name: String,
    };

    setup() {
        this.computer = useService("member_hw_computer");
        this.member_hw = useService("member_hw");
        this.orm = useService("orm");
        this.hw = useHwState();
        this.state = useState({ busy: "", done: "", error: "", seen: [] });
        this.trials = TRIALS[this.props.kind] || [];
        this.waits = ["reader", "scanner"].includes(this.props.kind);
        let giveBack;
        onMounted(() => (giveBack = this.computer.borrow(this.props.agentId, SCOPES)));
        onWillUnmount(() => giveBack());
        useHwReader({
            card: (seen) => this.onSeen(seen, seen.masked),
            scan: (seen) => this.onSeen(seen, maskScan(seen.code)),
        });
    }

    /** How the way to the device is: the agent first, then the device itself. */
    get line() {
        const agent = describeAgent(this.hw);
        if (agent.level !== "ok") {
            return this.hw.code === "not_authorised"
                ? {
                      level: "danger",
                      text: _t(
                          "This page is not open on the device's own computer, or that was paired with another server. Open it there.",
                      ),
                  }
                : agent;
        }
        const device = this.hw.devices[this.props.device];
        return describeDevice(device || { state: "disconnected", code: "no_device" });
    }

    onSeen({ device }, text) {
        if (device === this.props.device) {
            this.state.seen.unshift(text);
            this.state.seen.splice(5);
        }
    }

    async run({ action, done, isLogged }) {
        const { agentId, device } = this.props;
        Object.assign(this.state, { busy: action, done: "", error: "" });
        try {
            if (isLogged) {
                const args = [agentId, device];
                const answer = await this.orm.call("member.hw.agent", "report_drawer", args);
                if (answer.status !== "ok") {
                    this.state.error = answer.message;
                    return;
                }
            }
            await this.member_hw.call(device, action, {});
            this.state.done = done;
        } catch (error) {
            if (!(error instanceof HwError)) {
                throw error;
            }
            this.state.error = describeProblem(error);
        } finally {
            this.state.busy = "";
        }
    }
}

registry.category("actions").add("member_hw_test", (env, action) => {
    const { agent_id, device, kind, name } = action.params;
    env.services.dialog.add(
        TestDeviceDialog,
        { agentId: agent_id, device, kind, name },
        { onClose: () => env.services.action.doAction("soft_reload") },
    );
});
