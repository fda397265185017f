import { EventBus, reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { backoff, renewalDelay } from "@member_hw_proxy/core/hw_backoff";
import { HwError } from "@member_hw_proxy/core/hw_errors";

/** A token must be presented within 60 s of its making; ours is younger than that. */
const GRANT_FRESH_MS = 40_000;
/** The browser may be asking the person for a permission. */
const OPEN_MS = 60_000;
/** The agent pings every 15 s. */
const SILENCE_MS = 40_000;
const CALL_MS = 15_000;
/** Who is refused tries again rarely by itself; a tap on the icon tries at once. */
const REFUSED_MS = 300_000;
const REPORT_MS = 2_000;

/** Close codes that say why. */
const REFUSED = 4401;
const REASONS = { 4403: "scope", 4408: "connection_lost", 4429: "rate" };
const CROWDED = "busy";
/** Why a token is refused, in the agent's words and ours; all else needs a new pairing. */
const REFUSALS = {
    clock: "clock",
    expired: "clock",
    replayed: "connection_lost",
    timeout: "server_offline",
    wrong_origin: "forbidden",
};

/**
 * The one connection of this tab to the hardware agent on this computer.
 *
 * It connects again by itself, after growing pauses, when the agent or the computer sleeps or
 * restarts; while it is away each call is refused at once and nothing waits. Odoo is asked for a
 * token only when an agent answers. What it dispatches has the agent's message as `detail`:
 * `card` {device, reading, type, masked}, `card_removed` {device}, `scan` {device, code}, `status`
 * {device, state, code, message}, `ready` {version} after each connection, and `refused`
 * {code, message} when Odoo says no.
 *
 * @param {Object} provider
 * @param {() => Promise<{status, message?, url?, token?}>} provider.connect asks Odoo for the
 *  agent's address and a token; any status but "ok" is a refusal with its sentence
 * @param {(report: string) => Promise} [provider.report] hands Odoo a sealed report
 */
export class HwSocket extends EventBus {
    constructor(provider) {
        super();
        this.provider = provider;
        /**
         * status: idle, connecting, connected, disconnected (tries again), refused (by Odoo).
         * devices: by id, {id, kind, name, state, code, message …}, the agent's DeviceState.
         */
        this.state = reactive({ status: "idle", code: "", message: "", version: "", devices: {} });
        this.isRunning = false;
        this.ws = null;
        this.address = null;
        this.grant = null;
        this.lastEvent = null;
        this.failures = 0;
        this.calls = new Map();
        this.lastCall = 0;
        this.timers = {};
        this.wake = () => document.visibilityState === "visible" && this.onWake();
    }

    // === START AND END === //

    start() {
        if (this.isRunning) {
            return;
        }
        this.isRunning = true;
        document.addEventListener("visibilitychange", this.wake);
        browser.addEventListener("online", this.wake);
        this.open();
    }

    stop() {
        this.isRunning = false;
        document.removeEventListener("visibilitychange", this.wake);
        browser.removeEventListener("online", this.wake);
        this.drop("not_connected");
        Object.keys(this.timers).forEach((name) => this.clear(name));
        this.address = this.grant = this.lastEvent = null;
        this.setState("idle");
    }

    /** Somebody asks for it: try now and not after the pause. */
    retry() {
        if (this.isRunning && !["connected", "connecting"].includes(this.state.status)) {
            this.open();
        }
    }

    /**
     * Odoo may give another answer than before: ask again. A connection that is still right goes
     * on; one to a computer that Odoo trusts no longer, or to another one, is closed.
     */
    async refresh() {
        if (this.state.status === "connected") {
            await this.authenticate(this.ws, true);
        } else if (this.isRunning) {
            this.address = null;
            await this.open();
        }
    }

    /** The tab or the computer woke up: a connection that died meanwhile shows as open. */
    onWake() {
        if (this.state.status === "connected" && Date.now() - this.heardAt > SILENCE_MS) {
            this.fail("connection_lost");
        }
        if (this.state.status === "disconnected") {
            this.retry();
        }
    }

    // === CONNECTING === //

    async open() {
        this.clear("again");
        this.drop("connection_lost");
        // what was wrong stays to be read until it is known to be right
        this.state.status = "connecting";
        const round = (this.round = {});
        if (!this.address) {
            const refused = await this.askGrant();
            if (round !== this.round) {
                return;
            }
            if (refused) {
                return this.fail(refused.code, refused.message, refused.isFinal);
            }
        }
        let ws;
        try {
            ws = new WebSocket(this.address);
        } catch (error) {
            // a page that may not reach this computer at all: a SecurityError
            return this.fail("agent_down", error.message);
        }
        this.ws = ws;
        this.wait("silence", OPEN_MS, () => this.fail("agent_down"));
        ws.addEventListener("open", () => this.ws === ws && this.authenticate(ws));
        ws.addEventListener("message", (ev) => this.ws === ws && this.onMessage(ev.data));
        ws.addEventListener("close", (ev) => this.ws === ws && this.onClose(ev));
    }

    /** Ask Odoo for address and token; returns why not, or nothing. */
    async askGrant() {
        this.grant = null;
        let answer;
        try {
            answer = await this.provider.connect();
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return { code: "server_offline" };
            }
            if (error instanceof RPCError) {
                return { code: "server_error" };
            }
            throw error;
        }
        const { status, message, url, token } = answer;
        if (status === "offline") {
            return { code: "server_offline" };
        }
        if (status !== "ok") {
            return { code: status, message, isFinal: true };
        }
        const address = new URL("/v1/socket", url);
        address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
        this.address = address.href;
        this.grant = { token, at: Date.now(), address: this.address };
        return null;
    }

    /** Present a token that nobody has seen yet. */
    async authenticate(ws, isRenewal = false) {
        const isFresh = this.grant && Date.now() - this.grant.at < GRANT_FRESH_MS;
        const refused = isFresh && !isRenewal ? null : await this.askGrant();
        if (this.ws !== ws) {
            return;
        }
        if (refused && isRenewal && !refused.isFinal) {
            // good until the permission ends: ask again before that
            return this.wait("renewal", 30_000, () => this.authenticate(ws, true));
        }
        if (refused) {
            return this.fail(refused.code, refused.message, refused.isFinal);
        }
        const { token, address } = this.grant;
        if (ws.url !== address) {
            // the till was given another agent meanwhile
            return this.open();
        }
        this.grant = null;
        this.send({ type: "auth", token, after: this.lastEvent });
    }

    onReady({ version, until, devices, event, report }) {
        this.wait("steady", 10_000, () => (this.failures = 0));
        this.wait("renewal", renewalDelay(until, Date.now()), () =>
            this.authenticate(this.ws, true),
        );
        // a restarted agent counts from the beginning
        if (this.lastEvent === null || event < this.lastEvent) {
            this.lastEvent = event;
        }
        this.state.version = version;
        this.state.devices = Object.fromEntries(devices.map((device) => [device.id, device]));
        this.setState("connected");
        this.report(report);
        this.trigger("ready", { version });
    }

    onClose({ code, reason }) {
        if (code === REFUSED) {
            // paired anew, or given another agent: ask Odoo where and with what
            this.address = null;
            // a token that was made before the agent started is refused as expired, once
            const isFirst = reason === "expired" && !this.failures;
            return this.fail(isFirst ? "connection_lost" : REFUSALS[reason] || "not_authorised");
        }
        const wasConnected = this.state.status === "connected";
        if (reason === CROWDED) {
            return this.fail("too_many_tabs");
        }
        this.fail(REASONS[code] || (wasConnected ? "connection_lost" : "agent_down"));
    }

    /** Say why there is no connection, and try again later. */
    fail(code, message = "", isFinal = false) {
        this.drop(code);
        if (!this.isRunning) {
            return;
        }
        this.failures += 1;
        this.setState(isFinal ? "refused" : "disconnected", code, message);
        if (isFinal) {
            this.address = null;
            this.trigger("refused", { code, message });
        }
        const pause = isFinal ? REFUSED_MS : backoff(this.failures);
        this.wait("again", pause, () => this.open());
    }

    /** Let go of the connection; whoever waits for an answer hears that there is none. */
    drop(code) {
        const { ws } = this;
        this.round = null;
        this.ws = null;
        ["silence", "steady", "renewal"].forEach((name) => this.clear(name));
        for (const call of this.calls.values()) {
            call.settle(() => call.reject(new HwError(code)));
        }
        ws?.close();
        for (const device of Object.values(this.state.devices)) {
            Object.assign(device, { state: "disconnected", code: "", message: "" });
        }
    }

    setState(status, code = "", message = "") {
        Object.assign(this.state, { status, code, message });
    }

    // === MESSAGES === //

    send(message) {
        this.ws.send(JSON.stringify(message));
    }

    onMessage(text) {
        this.heardAt = Date.now();
        this.wait("silence", SILENCE_MS, () => this.fail("connection_lost"));
        const message = JSON.parse(text);
        const takers = {
            ready: () => this.onReady(message),
            ping: () => this.send({ type: "pong" }),
            event: () => this.onEvent(message),
            result: () => this.onAnswer(message),
            error: () => this.onAnswer(message),
        };
        takers[message.type]?.();
    }

    onEvent({ id, device, kind, data, at }) {
        if (id <= this.lastEvent) {
            return;
        }
        this.lastEvent = id;
        const { report, ...detail } = data || {};
        if (kind === "status") {
            if (!this.state.devices[device]) {
                // plugged in just now: `ready` comes again and says what it is
                this.authenticate(this.ws, true);
            }
            this.state.devices[device] = { id: device, ...this.state.devices[device], ...detail };
            this.report(report);
        }
        this.trigger(kind, { ...detail, device, at });
    }

    /** Hand Odoo how the devices are; of several in a row the last one tells it all. */
    report(sealed) {
        if (!sealed || !this.provider.report) {
            return;
        }
        this.lastReport = sealed;
        if (!this.timers.report) {
            this.wait("report", REPORT_MS, () => (this.reporting = this.sendReport()));
        }
    }

    async sendReport(isSecond = false) {
        try {
            const answer = await this.provider.report(this.lastReport);
            if (answer?.status === "busy" && !isSecond) {
                this.wait("report", REPORT_MS, () => (this.reporting = this.sendReport(true)));
            }
        } catch (error) {
            // the next connection reports again
            if (!(error instanceof ConnectionLostError || error instanceof RPCError)) {
                throw error;
            }
        }
    }

    /** Wait until Odoo knows what is known here: for a screen that shows what Odoo knows. */
    async flushReport() {
        if (this.timers.report) {
            this.clear("report");
            this.reporting = this.sendReport();
        }
        await this.reporting;
    }

    // === CALLS === //

    /**
     * Ask a device to do something.
     *
     * @param {string} device its id
     * @param {string} action such as `print_image`
     * @param {Object} [params]
     * @param {Object} [options]
     * @param {string} [options.key] the same for each attempt at one job: done once at most
     * @param {number} [options.timeout] milliseconds
     * @returns {Promise} what the device answers
     * @throws {HwError} with the device's code, `not_connected`, `connection_lost` or `timeout`
     */
    call(device, action, params = {}, { key, timeout = CALL_MS } = {}) {
        if (this.state.status !== "connected") {
            return Promise.reject(new HwError("not_connected"));
        }
        const id = ++this.lastCall;
        return new Promise((resolve, reject) => {
            const timer = browser.setTimeout(
                () => settle(() => reject(new HwError("timeout"))),
                timeout,
            );
            const settle = (answer) => {
                browser.clearTimeout(timer);
                this.calls.delete(id);
                answer();
            };
            this.calls.set(id, { resolve, reject, settle });
            this.send({ type: "call", id, device, action, params, ...(key && { key }) });
        });
    }

    onAnswer({ id, type, value, code, message }) {
        const call = this.calls.get(id);
        call?.settle(() =>
            type === "result" ? call.resolve(value) : call.reject(new HwError(code, message)),
        );
    }

    // === TIMERS === //

    /** Run `act` after a while, instead of what waits under the same name. */
    wait(name, ms, act) {
        this.clear(name);
        this.timers[name] = browser.setTimeout(() => {
            delete this.timers[name];
            act();
        }, ms);
    }

    clear(name) {
        browser.clearTimeout(this.timers[name]);
        delete this.timers[name];
    }
}
