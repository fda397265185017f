import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { rpc, ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { effect } from "@web/core/utils/reactive";
import { isWalletMethod } from "@member_card/app/utils/member_wallet";
import { HwError, WARNINGS, describeProblem } from "@member_hw_proxy/core/hw_errors";
import { AgentPrinter } from "@member_hw_proxy/app/utils/agent_printer";
import { PoleDisplay } from "@member_hw_proxy/app/utils/pole_display";

/** A long receipt on a slow line takes its time; the sale does not wait for it. */
const PRINT_MS = 60_000;
/** Nobody waits longer for a card to be looked up. */
const LOOK_UP_MS = 10_000;

/** The two actions that a till may have done without a token: Odoo may be away. */
const STOCK = {
    print_image: ({ image }) => ({ action: "print_receipt", receipt: image }),
    open_drawer: () => ({ action: "cashbox" }),
};

/** A till's devices behind the hardware agent; does nothing on a till that has none. */
export class TillHardware {
    constructor(pos, hw) {
        this.pos = pos;
        this.hw = hw;
        this.chosen = { printer: false, display: false };
        /** What the back office said since the till was opened; undefined when nothing. */
        this.news = reactive({ agentId: undefined });
        this.proxyUrl = undefined;
        this.isListening = false;
        this.isReading = false;
        /** Receipts to be printed when the printer is well again. */
        this.waiting = reactive([]);
        this.alarms = {};
        this.pole = new PoleDisplay(() => this.findPole());
    }

    /** Whether the back office has given this till an agent. */
    get isUsed() {
        const { agentId } = this.news;
        return Boolean(agentId === undefined ? this.pos.config.raw.member_hw_agent_id : agentId);
    }

    // === CONNECTION === //

    start() {
        if (!this.isUsed) {
            return;
        }
        if (!this.isListening) {
            this.isListening = true;
            this.listen();
        }
        this.takePrinter();
        this.connect();
    }

    listen() {
        const { hw } = this;
        hw.listen({
            card: (detail) => this.onCard(detail),
            scan: ({ code }) => this.pos.barcodeReader?.scan(code),
        });
        hw.socket.addEventListener("ready", () => this.onReady());
        hw.socket.addEventListener("status", ({ detail }) => this.onStatus(detail));
        effect((state) => this.tellCore(state), [hw.state]);
    }

    /** The back office gave the till another computer, or other devices, or took it away. */
    onChanged({ agent_id: agentId }) {
        const isConnected = this.isListening && this.isUsed;
        this.news.agentId = agentId;
        if (!agentId) {
            return this.stop();
        }
        return isConnected ? this.hw.refresh() : this.start();
    }

    /** Leave printing to whatever the till has besides. */
    stop() {
        const { hardwareProxy } = this.pos;
        this.hw.release();
        if (hardwareProxy.printer instanceof AgentPrinter) {
            hardwareProxy.printer = undefined;
        }
        Object.keys(this.alarms).forEach((device) => this.endAlarm(device));
    }

    connect() {
        this.hw.use({
            connect: () => this.askServer(),
            report: (sealed) => this.pos.memberTill.ask("member_hw_report", sealed),
        });
    }

    async askServer() {
        const answer = await this.pos.memberTill.ask("member_hw_connect");
        if (answer.devices) {
            this.chosen = answer.devices;
            this.proxyUrl = answer.proxy_url;
            this.takePrinter();
        }
        return answer;
    }

    onReady() {
        this.takePrinter();
        for (const device of Object.values(this.hw.state.devices)) {
            this.onStatus({ device: device.id, ...device });
        }
        this.pole.forget();
    }

    /** The secret address of Odoo's own routes, which need no token. */
    get stockUrl() {
        return (this.proxyUrl ?? this.pos.config.proxy_ip) || "";
    }

    /** Tell what core's own status, drawer and scale go by. */
    tellCore({ status, devices }) {
        this.pos.hardwareProxy.host = this.isUsed ? this.stockUrl : "";
        const driverOf = (kinds) => {
            const device = Object.values(devices).find((each) => kinds.includes(each.kind));
            return { status: device ? device.state : "disconnected", messages: [] };
        };
        this.pos.hardwareProxy.setConnectionInfo({
            status: { connected: "connected", connecting: "connecting" }[status] || "disconnected",
            drivers: { printer: driverOf(["printer"]), scanner: driverOf(["scanner", "reader"]) },
        });
    }

    // === PRINTER AND DRAWER === //

    get printer() {
        return this.hw.device("printer", this.chosen.printer);
    }

    /** Print by the agent, unless the till prints by something else. */
    takePrinter() {
        const { config, hardwareProxy } = this.pos;
        const hasOther = config.other_devices && config.epson_printer_ip;
        const isHere = this.chosen.printer || this.printer || config.iface_print_via_proxy;
        if (hasOther || !isHere || hardwareProxy.printer instanceof AgentPrinter) {
            return;
        }
        hardwareProxy.printer = new AgentPrinter({
            ask: (action, params, key) => this.askPrinter(action, params, key),
            onDrawerProblem: (problem, retry) => this.onDrawerProblem(problem, retry),
        });
    }

    /**
     * @param {string} key of the job: the same for each attempt
     * @throws {HwError}
     */
    askPrinter(action, params, key) {
        const { hw, printer } = this;
        if (hw.state.status !== "connected") {
            return this.askStockRoute(STOCK[action](params), key);
        }
        if (!printer) {
            return Promise.reject(new HwError("no_device"));
        }
        return hw.call(printer.id, action, params, { key, timeout: PRINT_MS });
    }

    /** Without a token, which only Odoo makes: so that receipts are printed while it is away. */
    async askStockRoute(data, key) {
        const url = this.stockUrl;
        if (!url) {
            throw new HwError(this.hw.state.code || "not_connected");
        }
        let answer;
        try {
            answer = await rpc(
                `${url}/hw_proxy/default_printer_action`,
                { data: { ...data, key } },
                { silent: true },
            );
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                throw new HwError("agent_down");
            }
            if (error instanceof RPCError) {
                // the agent's own refusals are named; all else is not the agent
                const [, code] = error.exceptionName?.match(/^member_hw\.(.+)/) || [];
                throw new HwError(code || "device_error", error.message);
            }
            throw error;
        }
        if (!answer || answer.result === false) {
            throw new HwError(answer?.code || "device_error", answer?.message);
        }
    }

    onDrawerProblem(problem, retry) {
        const close = this.pos.notification.add(problem, {
            title: _t("The drawer did not open"),
            type: "danger",
            sticky: true,
            buttons: [
                {
                    name: _t("Try again"),
                    primary: true,
                    onClick: () => {
                        close();
                        retry();
                    },
                },
            ],
        });
    }

    // === RECEIPTS FOR LATER === //

    /** Keep a receipt until the printer works again or somebody asks for it. */
    printLater(print) {
        this.waiting.push(print);
    }

    /** Print what waits, until one fails: that one asks what to do, the others wait on. */
    async printWaiting() {
        while (this.waiting.length) {
            const print = this.waiting.shift();
            if (!(await print())) {
                return;
            }
        }
    }

    // === HOW DEVICES ARE === //

    /** Say it when the printer needs a hand, and take it back when it has had it. */
    onStatus({ device, state, code, message }) {
        const { printer } = this;
        if (device !== printer?.id || state === "connecting") {
            return;
        }
        const isWell = state === "connected" && (!code || WARNINGS.includes(code));
        if (!isWell) {
            this.raiseAlarm(device, describeProblem({ code: code || "no_device", message }));
            return;
        }
        this.endAlarm(device);
        if (this.waiting.length) {
            this.offerWaiting();
        }
    }

    raiseAlarm(device, text) {
        if (this.alarms[device]?.text !== text) {
            this.endAlarm(device);
            const close = this.pos.notification.add(text, {
                title: _t("Receipt printer"),
                type: "danger",
                sticky: true,
            });
            this.alarms[device] = { text, close };
        }
    }

    endAlarm(device) {
        this.alarms[device]?.close();
        delete this.alarms[device];
    }

    offerWaiting() {
        this.endAlarm("waiting");
        const close = this.pos.notification.add(
            _t("The printer is ready again. Receipts that wait: %s", this.waiting.length),
            {
                title: _t("Receipt printer"),
                type: "success",
                sticky: true,
                buttons: [
                    {
                        name: _t("Print now"),
                        primary: true,
                        onClick: () => {
                            this.endAlarm("waiting");
                            this.printWaiting();
                        },
                    },
                ],
            },
        );
        this.alarms.waiting = { close };
    }

    // === CARDS === //

    /** A member's card lies on the reader. Only Odoo can read who it is. */
    async onCard({ reading }) {
        const { pos } = this;
        const { memberTill } = pos;
        if (memberTill.busy && !memberTill.readTaker) {
            return;
        }
        if (this.isReading) {
            this.sayWait();
            return;
        }
        const refusal = !memberTill.readTaker && this.whyNoCard();
        if (refusal) {
            pos.notification.add(refusal, { type: "warning" });
            return;
        }
        await pos.onMemberRead(() => this.lookUp(reading), {
            use: (order, match) => this.useTapped(order, match),
        });
    }

    /** Ask whose card it is; what Odoo does not answer in time is as lost as without a network. */
    async lookUp(reading) {
        const { memberTill } = this.pos;
        let timer;
        const tooLate = new Promise((resolve) => {
            const lost = { status: "offline", message: memberTill.offlineMessage };
            timer = browser.setTimeout(() => resolve(lost), LOOK_UP_MS);
        });
        this.isReading = true;
        try {
            const asked = memberTill.ask("member_hw_card", reading);
            return memberTill.load(await Promise.race([asked, tooLate]));
        } finally {
            browser.clearTimeout(timer);
            this.isReading = false;
            this.endWait?.();
        }
    }

    sayWait() {
        this.endWait?.();
        this.endWait = this.pos.notification.add(
            _t("One moment: the card before this one is still being looked up."),
            { type: "info" },
        );
    }

    /** Why a card cannot be taken now, and what to do; nothing when it can. */
    whyNoCard() {
        if (this.pos.ui.activeElement !== document) {
            return _t("Finish or close the open window first, then put the card on again.");
        }
        return this.pos.takesMember
            ? ""
            : _t("A card chooses the member of a sale: open an order, then put it on again.");
    }

    /**
     * A card on the reader is meant: on the payment screen its wallet is asked to pay, with the
     * PIN as the wallet's rules say. Another customer's card only takes the customer's place.
     */
    useTapped(order, match) {
        const { pos } = this;
        const isOther = order.partner_id && order.partner_id.id !== match.partner.id;
        const hasHolds = order.memberHolds.length > 0;
        pos.useScannedMember(order, match);
        const isTaken = order.partner_id?.id === match.partner.id;
        if (!isOther && !hasHolds && isTaken && this.canPayByWallet(order)) {
            return pos.payWithScannedWallet(match);
        }
    }

    canPayByWallet(order) {
        const { pos } = this;
        return (
            pos.router.state.current === "PaymentScreen" &&
            Boolean(pos.payWithScannedWallet) &&
            !order.isMemberTopUp &&
            order.totalDue > 0 &&
            pos.currency.isPositive(order.remainingDue) &&
            pos.config.payment_method_ids.some(isWalletMethod)
        );
    }

    // === CUSTOMER DISPLAY === //

    findPole() {
        const { hw } = this;
        const device = hw.device("display", this.chosen.display);
        if (hw.state.status !== "connected" || device?.state !== "connected") {
            return null;
        }
        return (lines) => hw.call(device.id, "show", { lines });
    }

    showToCustomer(data) {
        if (this.isUsed) {
            this.pole.show(data);
        }
    }
}
