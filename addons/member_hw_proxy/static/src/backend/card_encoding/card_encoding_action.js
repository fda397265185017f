import { Component, onMounted, onWillStart, onWillUnmount, useEffect, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { BUTTONS } from "@member_hw_proxy/backend/card_encoding/card_encoding_problems";
import { CardEncodingStation } from "@member_hw_proxy/backend/card_encoding/card_encoding_station";
import { CardWriter } from "@member_hw_proxy/backend/card_encoding/card_writer";
import { useHwReader, useHwState } from "@member_hw_proxy/core/hw_hook";

const MODEL = "member.card.encoding";
const QUEUES = "member_hw_proxy.member_card_encoding_action";

/**
 * The screen at a card writer: one instruction at a time, the number large.
 *
 * `data-step`, `data-position` and `data-number` on `.o_member_encoding` say where it is.
 */
export class CardEncodingAction extends Component {
    static template = "member_hw_proxy.CardEncodingAction";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm").silent;
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.hw = useService("member_hw");
        this.computer = useService("member_hw_computer");
        this.hwState = useHwState();
        this.queueId = this.props.action.context.active_id;
        this.agents = useState([]);
        this.view = useState({ agentId: false });
        this.station = new CardEncodingStation({
            server: this.server(),
            writer: {
                inspect: () => this.writer.inspect(),
                write: (order) => this.writer.write(order),
                format: (order) => this.writer.format(order),
            },
            leave: () => this.leave(),
        });
        this.state = useState(this.station.state);
        onWillStart(() => this.findAgent());
        onMounted(() => this.queueId || this.leave());
        useHwReader({
            // a card that was torn away is put back at once
            takesBounces: true,
            card: ({ device, reading, masked }) =>
                this.isWriter(device) && this.station.onCard(reading, masked),
            card_removed: ({ device }) => this.isWriter(device) && this.station.onCardRemoved(),
        });
        // each time the writer comes (back): the server says where we were
        useEffect(
            (isReady) => {
                if (isReady) {
                    this.computer.choose(this.view.agentId);
                    this.station.load();
                }
            },
            () => [this.isReady],
        );
        // a blank contact chip is no card that a reader can announce
        useEffect(
            (code) => {
                if (code === "unsupported") {
                    this.isNameless = true;
                    this.station.look();
                } else if (this.isNameless) {
                    this.isNameless = false;
                    this.station.onCardRemoved();
                }
            },
            () => [this.writer?.device?.code],
        );
        useHotkey("enter", () => this.buttons.find((each) => each.isPrimary)?.act(), {
            // a button that has the focus is pressed by itself
            isAvailable: (target) => !target.closest("button, a, input, select"),
        });
        useHotkey("escape", () =>
            this.step === "paused" ? this.station.resume() : this.pauseByKey(),
        );
        onWillUnmount(() => this.writer?.end());
    }

    // === COMPUTER AND WRITER === //

    async findAgent() {
        const agents = await this.orm.searchRead(
            "member.hw.agent",
            [["state", "=", "paired"]],
            ["name"],
        );
        this.agents.push(...agents);
        const chosen = agents.find(({ id }) => id === this.computer.state.agentId);
        const known = chosen || (agents.length === 1 && agents[0]);
        if (known) {
            this.useAgent(known.id);
        }
    }

    useAgent(id) {
        const { computer, hw, hwState: state } = this;
        this.view.agentId = id;
        this.writer?.end();
        this.writer = new CardWriter({ computer, hw, state }, id);
    }

    isWriter(device) {
        return this.writer?.device?.id === device;
    }

    get isReady() {
        return Boolean(this.queueId && this.writer && !this.writer.problem);
    }

    onChooseWriter(ev) {
        this.writer.choose(ev.target.value);
        this.station.load();
    }

    retryConnection() {
        this.hw.retry();
    }

    // === SERVER === //

    server() {
        const call = (method, ...args) => this.orm.call(MODEL, method, [[this.queueId], ...args]);
        const atWriter = () => [this.view.agentId, this.writer.device.id];
        return {
            next: () => call("encode_next", ...atWriter()),
            begin: (line, reading) => call("encode_begin", ...atWriter(), line, reading),
            confirm: (line, receipt) => call("encode_confirm", line, receipt),
            fail: (line, ...error) => call("encode_fail", ...atWriter(), line, ...error),
            retry: (line) => call("encode_retry", line),
            retryFailed: () => call("encode_retry_failed"),
            skip: (line) => call("encode_skip", line),
            pause: () => call("encode_pause"),
            resume: () => call("encode_resume"),
            stop: () => call("encode_stop"),
            formatBegin: (reading) =>
                this.orm.call(MODEL, "format_begin", [this.view.agentId, reading]),
            formatConfirm: (receipt) =>
                this.orm.call(MODEL, "format_confirm", [this.view.agentId, receipt]),
        };
    }

    // === WHAT IS SHOWN === //

    get step() {
        if (!this.agents.length) {
            return "no_agent";
        }
        if (!this.view.agentId) {
            return "which_agent";
        }
        const isEnded = ["finished", "paused", "stopped"].includes(this.state.step);
        return this.isReady || isEnded ? this.state.step : "no_writer";
    }

    get instruction() {
        const { line, queue, problem } = this.state;
        const position = line?.position;
        const total = queue.total;
        switch (this.step) {
            case "no_agent":
                return _t("This computer is not paired with Odoo yet");
            case "which_agent":
                return _t("Which computer is this?");
            case "no_writer":
                return _t("The card writer is not ready");
            case "loading":
                return _t("One moment…");
            case "put":
                if (line.state === "writing") {
                    return _t("Put card %(position)s back on the writer", { position });
                }
                return total === 1
                    ? _t("Put the blank card on the writer")
                    : _t("Put card %(position)s of %(total)s on the writer", { position, total });
            case "working":
                return _t("Leave the card on the writer…");
            case "take":
                return line.card_state === "issued" && line.member
                    ? _t("Written and issued to %(member)s. Take the card.", line)
                    : _t("Card %(position)s is written. Take it away.", { position });
            case "problem":
                return problem.message;
            case "paused":
                return _t("Paused");
            case "others":
                return _t("The last cards are at other writers");
            case "stopped":
                return _t("Stopped");
            default:
                return queue.failed
                    ? _t("%(failed)s of %(total)s cards could not be written", queue)
                    : _t("Done: %(done)s of %(total)s cards are written", queue);
        }
    }

    get explanation() {
        const { line, notice, queue } = this.state;
        switch (this.step) {
            case "no_agent":
                return _t("A manager pairs it under Configuration, Card Readers and Printers.");
            case "which_agent":
                return _t("Choose the computer that the card writer is plugged into.");
            case "no_writer":
                return this.writer.problem;
            case "put":
                return line.state === "writing"
                    ? _t("Its writing broke off. It goes on where it was.")
                    : line.member && _t("For %(member)s", line);
            case "take":
                return notice;
            case "problem":
                return (
                    line && _t("Card %(position)s of %(total)s", { ...line, total: queue.total })
                );
            case "paused":
                return _t("No writer gets another card until somebody goes on.");
            case "stopped":
                return _t("Cards that were not written are blank and free again.");
            case "finished":
                return queue.skipped && _t("Skipped: %(skipped)s", queue);
            default:
                return "";
        }
    }

    get icon() {
        return {
            no_agent: "fa-desktop",
            which_agent: "fa-desktop",
            no_writer: "fa-plug",
            loading: "fa-circle-o-notch fa-spin",
            put: "fa-credit-card",
            working: "fa-circle-o-notch fa-spin",
            take: "fa-check-circle text-success",
            problem: "fa-exclamation-triangle text-warning",
            paused: "fa-pause-circle",
            others: "fa-users",
            stopped: "fa-stop-circle",
            finished: "fa-flag-checkered text-success",
        }[this.step];
    }

    /** The number as people read it: in groups of four. */
    get number() {
        const shows = ["put", "working", "take"].includes(this.step);
        return shows && this.state.line
            ? this.state.line.number.replace(/(\d{4})(?=\d)/g, "$1 ")
            : "";
    }

    get progress() {
        const { done, skipped, total } = this.state.queue;
        return total ? Math.round((100 * (done + skipped)) / total) : 0;
    }

    /** At most two: [what it does, its words, whether it is the big one]. */
    get buttons() {
        const { station } = this;
        const button = (name, label, act, isPrimary = true) => ({ name, label, act, isPrimary });
        const leave = (isPrimary = false) =>
            button("leave", String(BUTTONS.leave), () => this.leave(), isPrimary);
        switch (this.step) {
            case "no_agent":
                return [leave(true)];
            case "which_agent":
                return [leave()];
            case "no_writer":
                return [
                    button("reconnect", String(BUTTONS.again), () => this.retryConnection()),
                    leave(),
                ];
            case "put":
                return this.state.line.state === "writing"
                    ? [
                          button("again", _t("The card is there"), () => station.again()),
                          button(
                              "giveUpCard",
                              String(BUTTONS.giveUpCard),
                              () => this.giveUpCard(),
                              false,
                          ),
                      ]
                    : [
                          button("again", _t("The card is there"), () => station.again()),
                          button("skip", String(BUTTONS.skip), () => station.skip(), false),
                      ];
            case "take":
                return [
                    button("next", this.isLast ? _t("Finish") : _t("Next card"), () =>
                        station.next(),
                    ),
                ];
            case "problem": {
                const { primary, secondary } = this.state.problem;
                return [
                    button(primary, String(BUTTONS[primary]), () => this.act(primary)),
                    button(secondary, String(BUTTONS[secondary]), () => this.act(secondary), false),
                ];
            }
            case "paused":
                return [button("resume", _t("Go on"), () => station.resume()), leave()];
            case "others":
                return [button("look", _t("Look again"), () => station.next()), leave()];
            case "finished":
                return this.state.queue.failed
                    ? [
                          button("retryFailed", _t("Try those again"), () => station.retryFailed()),
                          leave(),
                      ]
                    : [leave(true)];
            case "stopped":
                return [leave(true)];
            default:
                return [];
        }
    }

    get isLast() {
        return !this.state.queue.open;
    }

    get canPause() {
        return ["put", "working", "take", "problem"].includes(this.step);
    }

    // === WHAT IS DONE === //

    act(name) {
        const asked = { erase: () => this.erase(), giveUpCard: () => this.giveUpCard() };
        return name in asked ? asked[name]() : this.station.act(name);
    }

    /** The card that ends with it was never issued, and its number is gone for good. */
    erase() {
        this.dialog.add(ConfirmationDialog, {
            title: String(BUTTONS.erase),
            body: _t(
                "What is on the chip is gone for good, and the card that it was cannot be issued any more.",
            ),
            confirmLabel: String(BUTTONS.erase),
            confirm: () => this.station.erase(),
            cancel: () => {},
        });
    }

    /** A number that may be on a chip goes on another one only if somebody says so. */
    giveUpCard() {
        this.dialog.add(ConfirmationDialog, {
            title: String(BUTTONS.giveUpCard),
            body: _t(
                "Do this only if the card is broken or lost: its number goes on another card. If it turns up again, erase it.",
            ),
            confirmLabel: String(BUTTONS.giveUpCard),
            confirm: () => this.station.giveUpCard(),
            cancel: () => {},
        });
    }

    stop() {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Stop writing?"),
            body: _t(
                "Cards that are not written stay blank and can be put in another queue. To go on later, pause instead.",
            ),
            confirmLabel: _t("Stop"),
            confirm: () => this.station.stop(),
            cancel: () => {},
        });
    }

    async leave() {
        const { breadcrumbs } = this.env.config;
        if (breadcrumbs?.length > 1) {
            return this.env.config.historyBack();
        }
        await this.action.doAction(QUEUES, { clearBreadcrumbs: true });
    }

    pauseByKey() {
        if (this.canPause) {
            this.station.pause();
        }
    }
}

registry.category("actions").add("member_card_encoding", CardEncodingAction);
