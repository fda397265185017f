import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";

import {
    gridRows,
    neighbour,
} from "@member_ticketing/backend/member_policy_grid/member_policy_rows";

beforeEach(() => allowTranslations());

const GRID = {
    columns: [{ class_id: 0 }, { class_id: 4 }],
    slots: [
        { id: 1, name: "1 Dec" },
        { id: 2, name: "2 Dec" },
    ],
    tickets: [{ id: 10, name: "Stalls", price: "¥ 120.00", seats: "40 seats" }],
    policies: [
        { id: 7, ticket_id: 0, slot_id: 0, class_id: 4 },
        { id: 8, ticket_id: 10, slot_id: 2, class_id: 0 },
        { id: 9, ticket_id: 10, slot_id: 2, class_id: 0 },
    ],
    without_policy: { "10/0/4": { price: "¥ 108.00", why: "" } },
};

function keys(slotId) {
    return gridRows(GRID, slotId).map((row) => row.key);
}

describe("rows", () => {
    test("all tickets together go first, then each", () => {
        const [all, stalls] = gridRows(GRID);
        expect([all.ticketId, all.name]).toEqual([0, "All tickets"]);
        expect([stalls.ticketId, stalls.name, stalls.price]).toEqual([10, "Stalls", "¥ 120.00"]);
    });

    test("slots without policies show when they are chosen", () => {
        expect(keys()).toEqual(["0/0", "10/0", "10/2"]);
        expect(keys(1)).toEqual(["0/0", "10/0", "0/1", "10/1", "10/2"]);
        expect(keys(2)).toEqual(["0/0", "10/0", "0/2", "10/2"]);
    });

    test("a policy stands where what it names crosses", () => {
        const found = gridRows(GRID).map((row) =>
            row.cells.map((cell) => cell.policies.map((policy) => policy.id)),
        );
        expect(found).toEqual([
            [[], [7]],
            [[], []],
            [[8, 9], []],
        ]);
    });

    test("a cell knows what sells without a policy", () => {
        const [, stalls] = gridRows(GRID);
        expect(stalls.cells.map((cell) => cell.otherwise?.price)).toEqual([undefined, "¥ 108.00"]);
    });
});

describe("arrow keys", () => {
    const cells = [
        ["a", "b"],
        ["c", "d"],
    ];

    test("lead to the next cell", () => {
        expect(neighbour(cells, "a", "ArrowRight")).toBe("b");
        expect(neighbour(cells, "d", "ArrowLeft")).toBe("c");
        expect(neighbour(cells, "a", "ArrowDown")).toBe("c");
        expect(neighbour(cells, "d", "ArrowUp")).toBe("b");
    });

    test("stop at the edge, and other keys lead nowhere", () => {
        expect(neighbour(cells, "b", "ArrowRight")).toBe(undefined);
        expect(neighbour(cells, "c", "ArrowDown")).toBe(undefined);
        expect(neighbour(cells, "a", "ArrowUp")).toBe(undefined);
        expect(neighbour(cells, "a", "Enter")).toBe(undefined);
        expect(neighbour(cells, "z", "ArrowUp")).toBe(undefined);
    });
});
