import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { EventRegistrationPopup } from "@pos_event/app/components/popup/event_registration_popup/event_registration_popup";
import { attendeesByTicket } from "@member_ticketing/app/utils/member_tickets";

/** Who comes, as the performance's questions ask; null when the cashier stopped there. */
export async function askVisitors(pos, eventId, wants) {
    const { models } = pos;
    const event = models["event.event"].get(eventId);
    if (!event?.question_ids.length || !wants.length) {
        return {};
    }
    const data = wants.map(({ ticket_id: id, quantity }) => {
        const ticket = models["event.event.ticket"].get(id);
        return { ticket_id: ticket, product_id: ticket.product_id, qty: quantity };
    });
    const result = await makeAwaitable(pos.dialog, EventRegistrationPopup, {
        event,
        data,
    });
    return (
        result?.byRegistration &&
        attendeesByTicket(result, (id) => models["event.question"].get(id))
    );
}

/** One registration for each seat of a line; people beyond `quantity` are taken off. */
export function setVisitors(line, quantity, people = []) {
    const { models } = line;
    for (const registration of line.event_registration_ids.slice(quantity)) {
        registration.delete({ silent: true });
    }
    for (let seat = line.event_registration_ids.length; seat < quantity; seat++) {
        const { identity = {}, texts = {}, choices = {} } = people.shift() || {};
        const question = (id) => models["event.question"].get(Number(id));
        models["event.registration"].create({
            ...identity,
            event_id: line.event_ticket_id.event_id,
            event_ticket_id: line.event_ticket_id,
            event_slot_id: line.event_slot_id,
            pos_order_line_id: line,
            registration_answer_ids: Object.entries(texts).map(([id, text]) => [
                "create",
                { question_id: question(id), value_text_box: text },
            ]),
            registration_answer_choice_ids: Object.entries(choices).map(([id, answer]) => [
                "create",
                {
                    question_id: question(id),
                    value_answer_id: models["event.question.answer"].get(answer),
                },
            ]),
        });
    }
}
