import { _t } from "@web/core/l10n/translation";

const STEPS = {
    ArrowUp: [-1, 0],
    ArrowDown: [1, 0],
    ArrowLeft: [0, -1],
    ArrowRight: [0, 1],
};

/**
 * Return the rows of the grid with their cells.
 *
 * First all tickets together, then each ticket; after that rows of single slots: of the
 * chosen one, and of those that policies name.
 *
 * @param {Object} grid as `member_policy_grid` answers
 * @param {number} slotId the slot whose rows show as well, 0: none
 */
export function gridRows(grid, slotId = 0) {
    const tickets = [{ id: 0, name: _t("All tickets"), price: "", seats: "" }, ...grid.tickets];
    const slots = [{ id: 0, name: "" }, ...grid.slots];
    const rows = slots.flatMap((slot) => tickets.map((ticket) => makeRow(grid, slot, ticket)));
    return rows.filter(
        (row) =>
            !row.slotId || row.slotId === slotId || row.cells.some((cell) => cell.policies.length),
    );
}

function makeRow(grid, slot, ticket) {
    return {
        key: `${ticket.id}/${slot.id}`,
        ticketId: ticket.id,
        slotId: slot.id,
        name: ticket.name,
        slot: slot.name,
        price: ticket.price,
        seats: ticket.seats,
        cells: grid.columns.map((column) => ({
            column,
            policies: grid.policies.filter(
                (policy) =>
                    policy.ticket_id === ticket.id &&
                    policy.slot_id === slot.id &&
                    policy.class_id === column.class_id,
            ),
            otherwise: grid.without_policy[`${ticket.id}/${slot.id}/${column.class_id}`],
        })),
    };
}

/**
 * Return the cell that an arrow key leads to, undefined at the edge.
 *
 * @param {HTMLElement[][]} cells by row
 */
export function neighbour(cells, cell, key) {
    const step = STEPS[key];
    const row = cells.findIndex((each) => each.includes(cell));
    if (!step || row < 0) {
        return undefined;
    }
    return cells[row + step[0]]?.[cells[row].indexOf(cell) + step[1]];
}
