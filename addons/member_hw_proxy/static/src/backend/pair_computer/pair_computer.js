import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { registry } from "@web/core/registry";
import {
    explainRefusal,
    explainSilence,
    loopbackPermission,
} from "@member_hw_proxy/backend/pair_computer/pairing_words";
import { useHwState } from "@member_hw_proxy/core/hw_hook";

const ADDRESS = "http://localhost:8073";
/** The browser may be asking the person for a permission. */
const ANSWER_MS = 60_000;

/**
 * Pairs the computer that shows this page: the person types the code of its agent, this page
 * carries the request there and the answer back. What is agreed upon it never sees.
 */
export class PairComputerDialog extends Component {
    static template = "member_hw_proxy.PairComputerDialog";
    static components = { Dialog };
    static props = { close: Function };

    setup() {
        this.action = useService("action");
        this.computer = useService("member_hw_computer");
        this.orm = useService("orm");
        this.hw = useHwState();
        this.codeInput = useRef("code");
        // step: code, asking (the agent), checking (its answer), done
        this.state = useState({ step: "code", code: "", url: ADDRESS, error: "", name: "" });
        useAutofocus({ refName: "code" });
        // ready to be typed over, once it can be typed in again
        useEffect(
            (step) => step === "code" && this.codeInput.el?.select(),
            () => [this.state.step],
        );
    }

    get isBusy() {
        return ["asking", "checking"].includes(this.state.step);
    }

    get devices() {
        return Object.values(this.hw.devices);
    }

    get pairedWith() {
        return _t("Paired with %(computer)s.", { computer: this.state.name });
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.pair();
        }
    }

    async pair() {
        if (this.isBusy) {
            return;
        }
        Object.assign(this.state, { step: "asking", error: "" });
        try {
            const error = await this.attempt();
            if (error) {
                this.refuse(error);
            }
        } catch (error) {
            this.refuse("");
            throw error;
        }
    }

    /** Do it; returns what is wrong, in words, or nothing. */
    async attempt() {
        const { code, url } = this.state;
        const begun = await this.orm.call("member.hw.agent", "pair_begin", [
            code,
            browser.location.origin,
            url.trim(),
        ]);
        if (begun.status !== "ok") {
            return begun.message;
        }
        let response;
        try {
            response = await browser.fetch(begun.url, {
                method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify(begun.body),
                signal: AbortSignal.timeout(ANSWER_MS),
            });
        } catch {
            // nobody answers, or the browser forbids it: it does not say which
            return explainSilence(await loopbackPermission(), window.isSecureContext);
        }
        const answer = await response.json().catch(() => null);
        if (!response.ok || !answer) {
            return explainRefusal(answer);
        }
        this.state.step = "checking";
        const done = await this.orm.call("member.hw.agent", "pair_finish", [begun.pairing, answer]);
        if (done.status !== "ok") {
            return done.message;
        }
        Object.assign(this.state, { step: "done", name: done.name, agentId: done.agent });
        this.computer.choose(done.agent);
    }

    refuse(error) {
        Object.assign(this.state, { step: "code", error });
    }

    async openComputer() {
        // the form shows what Odoo knows of the devices
        await this.computer.hw.socket.flushReport();
        this.props.close();
        await this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "member.hw.agent",
            res_id: this.state.agentId,
            views: [[false, "form"]],
        });
    }

    async useAtTill() {
        await this.computer.hw.socket.flushReport();
        const action = await this.orm.call("member.hw.agent", "action_use_at_till", [
            this.state.agentId,
        ]);
        this.props.close();
        await this.action.doAction(action, { onClose: () => this.openComputer() });
    }
}

registry.category("actions").add("member_hw_pair", (env) => {
    env.services.dialog.add(PairComputerDialog);
});
