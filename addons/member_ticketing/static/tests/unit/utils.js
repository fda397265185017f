import { expect } from "@odoo/hoot";
import { onRpc } from "@web/../tests/web_test_helpers";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";

export const ZED = 987;

export const STALLS = {
    id: 1,
    name: "Stalls",
    product_id: 106,
    status: "open",
    why: "",
    policy_id: 7,
    policy_name: "Gold",
    price: 80,
    list_price: 100,
    amount: 80,
    list_amount: 100,
    seats_left: 12,
    limit_left: 3,
    order_limit: 0,
    policies: [
        {
            id: 8,
            policy_name: "Sponsors",
            status: "open",
            price: 60,
            amount: 60,
            list_price: 100,
            list_amount: 100,
        },
        {
            id: 9,
            policy_name: "Early birds",
            status: "closed",
            price: 50,
            amount: 50,
            list_price: 100,
            list_amount: 100,
        },
    ],
};

export const PERFORMANCE = {
    id: 1,
    name: "Swan Lake",
    place: "Great Hall",
    date_begin: "2026-11-28 11:30:00",
    is_multi_slots: false,
    slots: [],
    seats_left: 12,
    status: "open",
    why: "",
    price: 80,
    list_price: 100,
    amount: 80,
    list_amount: 100,
};

/** What `MemberTill.performance` resolves to. */
export function ticketsOf(values = {}) {
    return { ...PERFORMANCE, status: "ok", slot_id: false, tickets: [STALLS], ...values };
}

/**
 * Answer holds as the server does: `price` by line, or one refusal for all.
 *
 * `agreed` is what the server knows of a line that another till has sold.
 */
export function onHold({ price = 80, refusal = null, seconds = 600, agreed = {} } = {}) {
    onRpc("pos.config", "member_seats_hold", ({ args: [, , lines, partner, back] }) => {
        const wants = lines
            .map(
                (line) => `${line.quantity}x${line.ticket_id}${line.as_agreed ? " as agreed" : ""}`,
            )
            .join();
        const instead = back.map(({ quantity, ids }) => ` for ${quantity} back ${ids}`).join();
        expect.step(`hold ${wants} for ${partner || "nobody"}${instead}`);
        const refused = typeof refusal === "function" ? refusal(lines, partner) : refusal;
        if (refused) {
            return refused;
        }
        return {
            status: "ok",
            lines: lines.map(({ uuid, free_reason: reason, as_agreed: isAsAgreed }) => ({
                uuid,
                price: reason ? 0 : price,
                list_price: 100,
                policy_id: 7,
                policy_name: "Gold",
                is_other_policy: false,
                why: "",
                free_reason: reason || "",
                expires_at: "2126-01-01 00:00:00",
                seconds_left: seconds,
                ...(isAsAgreed ? agreed : {}),
            })),
        };
    });
    onRpc("pos.config", "member_seats_release", ({ args: [, uuids] }) => {
        expect.step(`release ${uuids.length}`);
        return { status: "ok" };
    });
}

/** A store whose cashier may sell tickets, with an empty order. */
export async function setupTickets() {
    onRpc("pos.config", "member_info", () => ({ status: "not_member" }));
    const store = await setupPosEnv();
    store.config.member_is_box_office = true;
    store.config._member_ticket_rights = ["ticket_sell"];
    // what the performance asks of its visitors is core's popup
    store.models["event.event"].get(1).question_ids = [];
    store.models.connectNewData({
        "res.partner": [{ id: ZED, name: "Zed Zulu", is_member: false }],
    });
    return { store, order: store.addNewOrder() };
}
