import { reactive } from "@odoo/owl";
import { ConnectionLostError } from "@web/core/network/rpc";
import { HwError } from "@member_hw_proxy/core/hw_errors";
import { describeTrouble } from "@member_hw_proxy/backend/card_encoding/card_encoding_problems";

/**
 * What a card writer's screen shows of the server's answers, and of what it refused.
 *
 * `state.step` is what the screen shows:
 * loading, no_writer, put (a card is asked for), working, take (it is written), problem, paused,
 * others (the last numbers are at other writers), finished, stopped.
 */
export class EncodingAnswers {
    constructor() {
        /** A receipt that the server has not confirmed yet: [line id, receipt]. */
        this.receipt = null;
        this.state = reactive({
            step: "loading",
            queue: { name: "", total: 0, done: 0, failed: 0, skipped: 0, open: 0 },
            line: null,
            problem: null,
            notice: "",
        });
    }

    /** Show where the queue is, with the line that it gave us. */
    show(answer) {
        this.take(answer);
        const { line, queue } = this.state;
        if (queue.state === "paused" || queue.state === "stopped") {
            this.state.step = queue.state;
        } else if (line) {
            this.state.step = "put";
        } else {
            this.state.step = queue.open ? "others" : "finished";
        }
        this.state.problem = null;
        this.state.notice = "";
    }

    take({ line, ...queue }) {
        delete queue.order;
        Object.assign(this.state.queue, queue);
        this.state.line = line || null;
    }

    /** Ask the server, go on with its answer, or show its refusal. */
    async ask(call, goOn) {
        let answer;
        try {
            answer = await call();
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return this.refuse({ code: "server_offline" });
            }
            this.refuse({ code: "server_error" });
            throw error;
        }
        if (answer.status === "ok") {
            return goOn(answer);
        }
        if (answer.status === "paused" || answer.status === "stopped") {
            this.state.step = answer.status;
            return;
        }
        if (answer.status === "bad_receipt" || answer.status === "card_used") {
            this.receipt = null;
        }
        this.refuse(answer);
    }

    refuse(trouble) {
        const isBegun = this.state.line?.state === "writing";
        this.state.problem = describeTrouble(trouble, isBegun);
        this.state.step = "problem";
    }

    /** Let through what is no trouble of the writer but a fault of ours. */
    isOurs(error) {
        if (!(error instanceof HwError)) {
            throw error;
        }
        return true;
    }
}
