import { registry } from "@web/core/registry";
import { unhurried } from "@member_card/../tests/tours/utils/unhurried";

const GRID = ".o_member_policy_grid";
/** The cell of the public in the row of the first ticket. */
const CELL = `${GRID} tbody tr:nth-child(2) td:nth-child(2)`;

const openTab = [
    {
        content: "Open the tab of the policies",
        trigger: ".o_notebook a[name=member_ticket_policies]",
        run: "click",
    },
];

registry.category("web_tour.tours").add("member_policy_grid", {
    steps: () =>
        unhurried([
            ...openTab,
            {
                content: "An empty cell says what sells without a policy",
                trigger: `${CELL} .o_member_policy_add:contains(120.00)`,
                run: "click",
            },
            {
                content: "The cell has filled in what it stands for",
                trigger: ".modal [name=ticket_id] input:value(Stalls)",
            },
            {
                content: "Give it a price of its own",
                trigger: ".modal [name=price_kind] input[data-value=fixed]",
                run: "click",
            },
            {
                content: "Type the price",
                trigger: ".modal [name=price] input",
                run: "edit 70",
            },
            {
                content: "Sell more than the house has",
                trigger: ".modal [name=quota] input",
                run: "edit 101 && press Tab",
            },
            {
                content: "What is odd is said before it is saved",
                trigger: ".modal .alert-warning:contains(100 seats)",
            },
            {
                content: "Save it all the same",
                trigger: ".modal .o_form_button_save",
                run: "click",
            },
            {
                content: "The cell says what it sells at, and that something is odd",
                trigger: `${CELL} .o_member_policy.border-warning:contains(70.00)`,
            },
            {
                content: "The sentence leads to the policy",
                trigger: `${GRID} .o_member_policy_conflict:contains(100 seats)`,
                run: "click",
            },
            {
                content: "Lower the quota",
                trigger: ".modal [name=quota] input",
                run: "edit 60",
            },
            {
                content: "Save it",
                trigger: ".modal .o_form_button_save",
                run: "click",
            },
            {
                content: "Nothing is odd any more",
                trigger: `${GRID}:not(:has(.o_member_policy_conflict)) .o_member_policy:contains(60 tickets)`,
                run: "click",
            },
            {
                content: "Remove it",
                trigger: ".modal .o_form_button_remove",
                run: "click",
            },
            {
                content: "The cell sells at the ticket's own price again",
                trigger: `${CELL}:not(:has(.o_member_policy)) .o_member_policy_add:contains(120.00)`,
            },
        ]),
});

registry.category("web_tour.tours").add("member_policy_grid_new", {
    steps: () =>
        unhurried([
            {
                content: "Name a new performance",
                trigger: ".o_field_widget[name=name] textarea",
                run: "edit Giselle",
            },
            ...openTab,
            {
                content: "It is saved before it gets policies",
                trigger: `${GRID} button:contains(Save and add policies)`,
                run: "click",
            },
            {
                content: "All tickets can have a policy",
                trigger: `${GRID} tbody tr:nth-child(1) td:nth-child(2) .o_member_policy_add`,
            },
        ]),
});

registry.category("web_tour.tours").add("member_policy_grid_read", {
    steps: () =>
        unhurried([
            ...openTab,
            {
                content: "Nothing can be added, and a policy opens to be read",
                trigger: `${GRID}:not(:has(.o_member_policy_add)) .o_member_policy:contains(90.00)`,
                run: "click",
            },
            {
                content: "It cannot be changed",
                trigger: ".modal .o_form_readonly:contains(Public)",
            },
        ]),
});
