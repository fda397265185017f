import { _t } from "@web/core/l10n/translation";
import { WARNINGS, describeProblem } from "@member_hw_proxy/core/hw_errors";

/** How a till's devices are, in words: pure, out of the connection's state. */

/** What fits beside an icon. */
const SHORT = {
    paper_out: _t("No paper"),
    paper_low: _t("Paper is low"),
    cover_open: _t("Printer is open"),
};

/**
 * How one device is.
 *
 * @param {{state, code, message}} device
 * @returns {{level: "ok"|"warning"|"danger"|"busy", text: string}} with an empty text when well
 */
export function describeDevice({ state, code, message }) {
    if (state === "connected") {
        const level = !code ? "ok" : WARNINGS.includes(code) ? "warning" : "danger";
        return { level, text: code ? describeProblem({ code, message }) : "" };
    }
    if (state === "connecting") {
        return { level: "busy", text: _t("Connecting …") };
    }
    return { level: "danger", text: describeProblem({ code: code || "no_device", message }) };
}

/** How the way to the agent is, as `describeDevice` tells it. */
export function describeAgent({ status, code, message }) {
    if (status === "connected") {
        return { level: "ok", text: "" };
    }
    if (status === "refused") {
        return { level: "danger", text: message || describeProblem({ code }) };
    }
    return code
        ? { level: "danger", text: describeProblem({ code, message }) }
        : { level: "busy", text: _t("Connecting …") };
}

/**
 * The one thing that the status button says: the worst first, nothing when all is well.
 *
 * @param {object} state of HwSocket
 * @returns {{level: string, label: string, text: string}}
 */
export function summarize(state) {
    const agent = describeAgent(state);
    if (agent.level !== "ok") {
        const label = agent.level === "busy" ? "" : _t("Devices offline");
        return { ...agent, label };
    }
    const devices = Object.values(state.devices).map((device) => ({
        ...describeDevice(device),
        label: SHORT[device.code] || device.name || device.id,
    }));
    const worst = ["danger", "warning"]
        .map((level) => devices.find((each) => each.level === level))
        .find(Boolean);
    return worst || { level: "ok", label: "", text: "" };
}
