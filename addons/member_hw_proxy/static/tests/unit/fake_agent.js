import { patchWithCleanup } from "@web/../tests/web_test_helpers";

/** A hardware agent behind a WebSocket: what it is sent is kept, what it says is told it. */
export class FakeAgent {
    constructor({ devices = [] } = {}) {
        this.devices = devices;
        this.isUp = true;
        /** Seconds that a token is good for. */
        this.lasts = 12 * 3600;
        /** Close code and reason instead of `ready`. */
        this.refusal = null;
        /** What `call` is answered: a value, an Error-like {code, message}, or silence. */
        this.answer = () => ({ value: true });
        this.sockets = [];
        this.received = [];
        this.event = 100;
    }

    get socket() {
        return this.sockets.at(-1);
    }

    /** What was received of one type. */
    all(type) {
        return this.received.filter((message) => message.type === type);
    }

    take(socket, message) {
        this.received.push(message);
        if (message.type === "auth") {
            if (this.refusal) {
                return socket.end(...this.refusal);
            }
            return socket.say({
                type: "ready",
                agent: "a1",
                version: "1.0",
                until: Date.now() / 1000 + this.lasts,
                devices: this.devices,
                event: this.event,
                report: "sealed-ready",
            });
        }
        if (message.type === "call") {
            const { value, code, message: text } = this.answer(message) || {};
            if (code) {
                socket.say({ type: "error", id: message.id, code, message: text || "" });
            } else if (value !== undefined) {
                socket.say({ type: "result", id: message.id, value });
            }
        }
    }

    /** A device says something. */
    emit(kind, device, data, id = ++this.event) {
        this.event = Math.max(this.event, id);
        this.socket.say({ type: "event", id, device, kind, data, at: Date.now() / 1000 });
    }

    crash() {
        this.isUp = false;
        this.socket.end(1006);
    }
}

/** Stand in for the agent that this tab will connect to. */
export function setupAgent(options) {
    const agent = new FakeAgent(options);
    class FakeSocket extends EventTarget {
        constructor(url) {
            super();
            this.url = String(url);
            agent.sockets.push(this);
            Promise.resolve().then(() =>
                agent.isUp ? this.dispatchEvent(new Event("open")) : this.end(1006),
            );
        }

        send(text) {
            agent.take(this, JSON.parse(text));
        }

        say(message) {
            const data = typeof message === "string" ? message : JSON.stringify(message);
            this.dispatchEvent(new MessageEvent("message", { data }));
        }

        end(code, reason = "") {
            if (!this.isClosed) {
                this.isClosed = true;
                this.dispatchEvent(new CloseEvent("close", { code, reason }));
            }
        }

        close() {
            this.isClosed = true;
        }
    }
    // Odoo's own bus has another address
    const construct = (target, [url, ...rest]) =>
        String(url).endsWith("/v1/socket") ? new FakeSocket(url) : new target(url, ...rest);
    patchWithCleanup(window, { WebSocket: new Proxy(window.WebSocket, { construct }) });
    return agent;
}

export const PRINTER = {
    id: "receipt",
    kind: "printer",
    driver: "printer.escpos",
    name: "Receipt printer",
    state: "connected",
    code: "",
    message: "",
};
export const POLE = { ...PRINTER, id: "pole", kind: "display", name: "Pole" };
export const READER = { ...PRINTER, id: "reader", kind: "reader", name: "ACR122U" };
