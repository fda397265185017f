import { deserializeDateTime, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

/** Figures and texts of performances and tickets at a till: pure. The server decides. */

const { DateTime } = luxon;

/** Few enough seats to say so in a warning colour. */
const FEW = 10;

/** Seconds before its end from which a hold is shown as ending. */
const SOON = 120;

/** What core's questions ask of a person; kept on the registration itself. */
const IDENTITY = ["name", "email", "phone", "company_name"];

/** First and last day that the list of performances offers, counted from today. */
const DAYS = { today: [0, 0], tomorrow: [1, 1], week: [0, 6], all: [null, null] };

/** First and last day of one of `DAYS`, false where there is none, as the server wants them. */
export function dayRange(chip, now = DateTime.now()) {
    return DAYS[chip].map((days) => days !== null && serializeDate(now.plus({ days })));
}

/** A moment (UTC) by the clock of the place, as the printed ticket says it. */
export function formatMoment(date, tz) {
    return atPlace(date, tz).toLocaleString({
        weekday: "short",
        month: "short",
        day: "numeric",
        hour: "2-digit",
        minute: "2-digit",
    });
}

export function formatTime(date, tz) {
    return atPlace(date, tz).toLocaleString(DateTime.TIME_SIMPLE);
}

function atPlace(date, tz) {
    return deserializeDateTime(date, tz ? { tz } : {});
}

/** Part performances by the day on which they begin, in their order. */
export function groupByDay(performances) {
    const groups = [];
    for (const performance of performances) {
        const day = atPlace(performance.date_begin, performance.tz).toLocaleString({
            weekday: "long",
            month: "long",
            day: "numeric",
        });
        if (groups.at(-1)?.day !== day) {
            groups.push({ day, performances: [] });
        }
        groups.at(-1).performances.push(performance);
    }
    return groups;
}

const isNumber = (value) => typeof value === "number";

/** Whether a ticket is offered at all, by a policy or at its own price. */
export function isForSale({ status }) {
    return status === "open" || status === "free";
}

/**
 * How many of a ticket can be on a line, Infinity without a limit.
 *
 * @param {number} own seats that the line holds already: they are not among those left
 */
export function mostOf(ticket, own = 0) {
    if (!isForSale(ticket)) {
        return own;
    }
    const left = [ticket.seats_left, ticket.limit_left].filter(isNumber);
    const most = Math.min(...left.map((number) => Math.max(number, 0) + own));
    return ticket.order_limit ? Math.min(most, ticket.order_limit) : most;
}

/** How many seats are left as people read it; nothing where there is no limit. */
export function seatsText(left) {
    if (!isNumber(left)) {
        return "";
    }
    return left > 0 ? _t("%s left", left) : _t("Sold out");
}

export function seatsClass(left) {
    if (!isNumber(left) || left > FEW) {
        return "text-muted";
    }
    return left > 0 ? "text-warning-emphasis fw-bolder" : "text-danger fw-bolder";
}

/** How long a hold lasts, as `{text, isSoon, isOver}`. */
export function timeLeft(expiresAt, now = DateTime.now()) {
    const seconds = Math.max(Math.floor(deserializeDateTime(expiresAt).diff(now).as("seconds")), 0);
    const pad = String(seconds % 60).padStart(2, "0");
    return {
        seconds,
        text: `${Math.floor(seconds / 60)}:${pad}`,
        isSoon: seconds < SOON,
        isOver: !seconds,
    };
}

/** What is shown as the price of an offer: with taxes, where the till shows products so. */
export function shownPrice(offer, config) {
    return config.iface_tax_included === "total" ? offer.amount : offer.price;
}

export function shownListPrice(offer, config) {
    return config.iface_tax_included === "total" ? offer.list_amount : offer.list_price;
}

/** Sentences about what became of prices when the customer changed. */
export function describeChanges(before, after, formatCurrency) {
    return after
        .map((line) => ({ ...line, old: before.find(({ uuid }) => uuid === line.uuid) }))
        .filter(({ old, price }) => old && Math.abs(old.price - price) > 0.000001)
        .map(({ old, price, policy_name: policy }) =>
            _t("%(ticket)s: %(before)s → %(after)s%(policy)s", {
                ticket: old.name,
                before: formatCurrency(old.price),
                after: formatCurrency(price),
                policy: policy ? ` (${policy})` : "",
            }),
        );
}

/** Put tickets together that were bought with one order for one performance. */
export function groupPurchases(tickets) {
    const groups = new Map();
    for (const ticket of tickets) {
        const key = [ticket.order_id, ticket.event_id, ticket.begins_at].join();
        if (!groups.has(key)) {
            const { event, when, order, order_id: orderId, is_paid: isPaid } = ticket;
            groups.set(key, { key, event, when, order, orderId, isPaid, ids: [] });
        }
        groups.get(key).ids.push(ticket.id);
    }
    return [...groups.values()];
}

// === QUESTIONS === //

/** What was answered about one person: `identity` by field, `texts` and `choices` by question. */
export function readAnswers(answers, questionOf) {
    const read = { identity: {}, texts: {}, choices: {} };
    for (const [id, answer] of Object.entries(answers)) {
        const question = questionOf(Number(id));
        const type = question?.question_type;
        if (!question || !answer) {
            continue;
        }
        if (type === "simple_choice") {
            read.choices[id] = Number(answer);
            continue;
        }
        read.texts[id] = answer;
        if (IDENTITY.includes(type)) {
            read.identity[type] ??= answer;
        }
    }
    return read;
}

/** The answers of core's popup by ticket, a list of people each; those for all come first. */
export function attendeesByTicket({ byOrder, byRegistration }, questionOf) {
    const common = readAnswers(byOrder, questionOf);
    const merge = (own) => ({
        identity: { ...own.identity, ...common.identity },
        texts: { ...own.texts, ...common.texts },
        choices: { ...own.choices, ...common.choices },
    });
    return Object.fromEntries(
        Object.entries(byRegistration).map(([ticketId, people]) => [
            ticketId,
            people.map((answers) => merge(readAnswers(answers, questionOf))),
        ]),
    );
}
