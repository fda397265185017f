import { browser } from "@web/core/browser/browser";

/** So many are remembered: those that nobody came for are forgotten at last. */
const MOST = 1000;

/**
 * Which tickets should have been printed here and did not come out, by id.
 *
 * The browser keeps them: a printer that fails may take the till's computer down with it, and
 * of an order that the server has, the till itself keeps nothing.
 */
export class MemberTicketsLeft {
    constructor(pos) {
        this.pos = pos;
    }

    get key() {
        return `${this.pos.data.databaseName}:member_tickets_left`;
    }

    get ids() {
        return JSON.parse(browser.localStorage.getItem(this.key) || "[]");
    }

    set ids(ids) {
        browser.localStorage.setItem(this.key, JSON.stringify(ids.slice(-MOST)));
    }

    among(tickets) {
        const ids = new Set(this.ids);
        return tickets.filter(({ id }) => ids.has(id));
    }

    add(tickets) {
        this.ids = [...new Set([...this.ids, ...tickets.map(({ id }) => id)])];
    }

    remove(tickets) {
        const printed = new Set(tickets.map(({ id }) => id));
        this.ids = this.ids.filter((id) => !printed.has(id));
    }
}
