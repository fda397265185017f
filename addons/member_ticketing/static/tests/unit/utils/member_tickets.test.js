import { describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import {
    attendeesByTicket,
    dayRange,
    describeChanges,
    groupByDay,
    groupPurchases,
    mostOf,
    timeLeft,
} from "@member_ticketing/app/utils/member_tickets";

const { DateTime } = luxon;

describe("mostOf", () => {
    const ticket = (values) => ({ status: "open", seats_left: null, limit_left: null, ...values });

    test("the nearest of all limits counts", () => {
        expect(mostOf(ticket({}))).toBe(Infinity);
        expect(mostOf(ticket({ status: "free", seats_left: 5 }))).toBe(5);
        expect(mostOf(ticket({ seats_left: 5, limit_left: 2 }))).toBe(2);
        expect(mostOf(ticket({ seats_left: 5, order_limit: 4 }))).toBe(4);
        expect(mostOf(ticket({ seats_left: 0 }))).toBe(0);
    });

    test("what a line holds already is not among what is left", () => {
        expect(mostOf(ticket({ seats_left: 0, limit_left: 1 }), 2)).toBe(2);
        expect(mostOf(ticket({ seats_left: 9, order_limit: 4 }), 2)).toBe(4);
    });

    test("what is not for sale can only be kept", () => {
        expect(mostOf(ticket({ status: "closed", seats_left: 5 }))).toBe(0);
        expect(mostOf(ticket({ status: "closed", seats_left: 5 }), 2)).toBe(2);
    });
});

test("days are those of the till, both included", () => {
    const now = DateTime.fromISO("2026-11-28T23:30:00");
    expect(dayRange("today", now)).toEqual(["2026-11-28", "2026-11-28"]);
    expect(dayRange("tomorrow", now)).toEqual(["2026-11-29", "2026-11-29"]);
    expect(dayRange("week", now)).toEqual(["2026-11-28", "2026-12-04"]);
    expect(dayRange("all", now)).toEqual([false, false]);
});

test("performances of one day stand together, in their order", () => {
    const groups = groupByDay([
        { id: 1, date_begin: "2026-11-28 10:00:00" },
        { id: 2, date_begin: "2026-11-28 12:00:00" },
        { id: 3, date_begin: "2026-11-30 10:00:00" },
    ]);
    expect(groups.map(({ performances }) => performances.map(({ id }) => id))).toEqual([
        [1, 2],
        [3],
    ]);
});

test("a hold counts down to nothing", () => {
    const now = DateTime.fromISO("2026-11-28T12:00:00Z");
    expect(timeLeft("2026-11-28 12:09:05", now)).toEqual({
        seconds: 545,
        text: "9:05",
        isSoon: false,
        isOver: false,
    });
    expect(timeLeft("2026-11-28 12:01:00", now).isSoon).toBe(true);
    expect(timeLeft("2026-11-28 11:00:00", now)).toEqual({
        seconds: 0,
        text: "0:00",
        isSoon: true,
        isOver: true,
    });
});

test("only prices that changed are told", () => {
    allowTranslations();
    const before = [
        { uuid: "a", name: "Stalls", price: 100 },
        { uuid: "b", name: "Circle", price: 50 },
    ];
    const after = [
        { uuid: "a", price: 80, policy_name: "Gold" },
        { uuid: "b", price: 50, policy_name: "" },
    ];
    expect(describeChanges(before, after, String).map(String)).toEqual(["Stalls: 100 → 80 (Gold)"]);
});

test("tickets of one order for one performance are handed out together", () => {
    const ticket = { order_id: 5, event_id: 1, begins_at: "x", event: "E", is_paid: true };
    const groups = groupPurchases([
        { ...ticket, id: 1 },
        { ...ticket, id: 2 },
        { ...ticket, id: 3, order_id: 6 },
    ]);
    expect(groups.map(({ ids }) => ids)).toEqual([[1, 2], [3]]);
});

test("answers of core's questions become people, those for all first", () => {
    const questions = {
        1: { question_type: "name" },
        2: { question_type: "email" },
        3: { question_type: "simple_choice" },
        4: { question_type: "text_box" },
    };
    const people = attendeesByTicket(
        {
            byOrder: { 2: "all@example.com" },
            byRegistration: { 5: [{ 1: "Ann", 2: "ann@example.com", 3: "9", 4: "" }] },
        },
        (id) => questions[id],
    );
    expect(people).toEqual({
        5: [
            {
                identity: { name: "Ann", email: "all@example.com" },
                texts: { 1: "Ann", 2: "all@example.com" },
                choices: { 3: 9 },
            },
        ],
    });
});
