import { registry } from "@web/core/registry";
import { unhurried } from "@member_card/../tests/tours/utils/unhurried";

/** Type a code as fast as a scanner does, outside of any field. */
function scan(code) {
    for (const key of [...code, "Enter"]) {
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    }
}

registry.category("web_tour.tours").add("member_ticket_desk", {
    steps: () =>
        unhurried([
            {
                content: "Look for a member by name",
                trigger: ".member-desk-query",
                run: "edit Ann Tour",
            },
            { trigger: ".member-desk-query", run: "press Enter" },
            {
                content: "Two tickets wait; one is handed over",
                trigger: ".member-ticket-desk .badge:contains('2 tickets to collect')",
            },
            { trigger: ".member-desk-ticket:last input", run: "click" },
            {
                trigger: ".member-desk-collect:contains('(1)')",
                run: "click",
            },
            {
                content: "The other one still waits, the first can be printed again",
                trigger: ".member-ticket-desk .badge:contains('1 ticket to collect')",
            },
            { trigger: ".member-ticket-desk button:contains('Print again')", run: "click" },
            { trigger: ".modal-footer button:contains('Print Again')", run: "click" },
            { trigger: "body:not(:has(.modal)) .member-ticket-desk" },
            {
                content: "Whom nobody knows",
                trigger: ".member-desk-query",
                run: "edit zzz",
            },
            { trigger: ".member-desk-query", run: "press Enter" },
            { trigger: ".member-ticket-desk .alert-warning:contains('zzz')" },
        ]),
});

registry.category("web_tour.tours").add("member_ticket_door", {
    steps: () =>
        unhurried([
            {
                content: "A ticket for another slot asks first",
                trigger: ".o_event_barcode_main:contains('member')",
                run: () => scan("TICKETLATE"),
            },
            { trigger: ".modal .alert-warning:contains('another slot')" },
            {
                content: "Let in all the same",
                trigger: ".modal-footer button:contains('Let in')",
                run: "click",
            },
            {
                content: "Scanned again it says when it was used",
                trigger: "body:not(:has(.modal)) .o_event_barcode_main",
                run: () => scan("TICKETLATE"),
            },
            { trigger: ".modal .alert-warning:contains('Used already')" },
            { trigger: ".modal .member-class" },
            { trigger: ".modal-footer button:contains('Continue')", run: "click" },
            {
                content: "The member's number finds the tickets of now",
                trigger: "body:not(:has(.modal)) .o_event_barcode_main",
                run: () => scan("TOUR1"),
            },
            { trigger: ".member-let-all-in:contains('(2)')", run: "click" },
            { trigger: ".member-door-ticket .text-success:contains('In')" },
            { trigger: ".modal-footer button:contains('Continue')", run: "click" },
            {
                content: "A cancelled ticket opens nothing",
                trigger: "body:not(:has(.modal)) .o_event_barcode_main",
                run: () => scan("TICKETGONE"),
            },
            { trigger: ".modal .alert-warning:contains('Cancelled')" },
            { trigger: ".modal-footer button:contains('Continue')", run: "click" },
            { trigger: "body:not(:has(.modal)) .o_event_barcode_main" },
        ]),
});
