import { beforeEach, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, queryFirst, press } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

class EventEvent extends models.Model {
    _name = "event.event";

    name = fields.Char();
    write_date = fields.Datetime();

    _records = [{ id: 1, name: "Swan Lake" }];
}

class MemberTicketPolicy extends models.Model {
    _name = "member.ticket.policy";

    name = fields.Char();
    event_id = fields.Many2one({ relation: "event.event" });
    class_id = fields.Integer();
    ticket_id = fields.Integer();
    slot_id = fields.Integer();
    active = fields.Boolean({ default: true });

    _records = [{ id: 7, name: "Gold presale", event_id: 1, class_id: 4 }];
    _views = {
        form: /* xml */ `<form>
            <field name="name"/>
            <field name="class_id"/>
            <field name="ticket_id"/>
        </form>`,
    };
}

defineMailModels();
defineModels([EventEvent, MemberTicketPolicy]);

let grid;

beforeEach(() => {
    grid = {
        can_edit: true,
        columns: [
            { class_id: 0, name: "Public", color: 0 },
            { class_id: 4, name: "Gold", color: 3 },
        ],
        slots: [],
        tickets: [{ id: 10, name: "Stalls", price: "¥ 120.00", seats: "" }],
        policies: [
            {
                id: 7,
                name: "Gold presale",
                ticket_id: 0,
                slot_id: 0,
                class_id: 4,
                channel: "Website",
                price: "25% off",
                limits: ["2 per member"],
                window: "30 to 1 days before",
                severity: "warning",
                conflicts: ["Too many."],
            },
        ],
        without_policy: { "10/0/0": { price: "¥ 120.00", why: "The ticket's own price." } },
        conflicts: [{ severity: "warning", sentence: "Too many.", policy_ids: [7] }],
    };
    onRpc("event.event", "member_policy_grid", ({ args }) => {
        expect.step(`grid of ${args[0]}`);
        return grid;
    });
});

function openForm(resId = 1) {
    return mountView({
        type: "form",
        resModel: "event.event",
        resId,
        arch: /* xml */ `<form><field name="name"/><widget name="member_policy_grid"/></form>`,
    });
}

test("cells say price, window and limits, and grey what sells without", async () => {
    await openForm();
    expect(queryAllTexts("thead th")).toEqual(["Ticket", "Public", "Gold"]);
    expect(queryAllTexts("tbody tr:eq(0) td:eq(1) button:eq(0) > *")).toEqual([
        "25% off",
        "Website",
        "30 to 1 days before",
        "2 per member",
    ]);
    expect("tbody tr:eq(1) td:eq(0)").toHaveText("¥ 120.00");
    expect(".o_member_policy.border-warning").toHaveCount(1);
    expect(".alert-warning").toHaveText("Too many.");
    expect.verifySteps(["grid of 1"]);
});

test("an empty cell creates what it stands for", async () => {
    onRpc("member.ticket.policy", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await openForm();
    await click("tbody tr:eq(1) td:eq(1) .o_member_policy_add");
    await animationFrame();
    await contains(".modal [name=name] input").edit("New", { confirm: false });
    await contains(".modal .o_form_button_save").click();
    expect.verifySteps(["grid of 1", { name: "New", class_id: 4, ticket_id: 10 }, "grid of 1"]);
});

test("a policy opens, and is archived when it is removed", async () => {
    onRpc("member.ticket.policy", "action_archive", ({ args }) => {
        expect.step(`archive ${args[0]}`);
        grid.policies = [];
        return true;
    });
    await openForm();
    await contains(".o_member_policy").click();
    expect(".modal [name=name] input").toHaveValue("Gold presale");
    await contains(".modal .o_form_button_remove").click();
    await animationFrame();
    expect(".o_member_policy").toHaveCount(0);
    expect.verifySteps(["grid of 1", "archive 7", "grid of 1"]);
});

test("a sentence about what is odd opens its policy", async () => {
    await openForm();
    await contains(".o_member_policy_conflict").click();
    expect(".modal [name=name] input").toHaveValue("Gold presale");
});

test("who may not change policies reads them", async () => {
    grid.can_edit = false;
    await openForm();
    expect(".o_member_policy_add").toHaveCount(0);
    await contains(".o_member_policy").click();
    expect(".modal .o_form_readonly").toHaveCount(1);
});

test("a new performance is saved first", async () => {
    onRpc("event.event", "web_save", ({ args }) => {
        expect.step(`save ${args[1].name}`);
    });
    await openForm(false);
    expect(".o_member_policy_grid table").toHaveCount(0);
    await contains("[name=name] input").edit("Giselle", { confirm: false });
    await contains(".o_member_policy_grid button").click();
    await animationFrame();
    expect(".o_member_policy_grid table").toHaveCount(1);
    const steps = ["save Giselle", "grid of 2"];
    expect.verifySteps(steps);
});

test("the grid follows the performance", async () => {
    await openForm();
    await contains("[name=name] input").edit("Giselle", { confirm: false });
    grid.policies = [];
    await contains(".o_form_button_save").click();
    await animationFrame();
    expect(".o_member_policy").toHaveCount(0);
    expect.verifySteps(["grid of 1", "grid of 1"]);
});

test("arrows walk through the cells", async () => {
    await openForm();
    queryFirst("tbody tr:eq(0) td:eq(0) button").focus();
    await press("ArrowDown");
    expect("tbody tr:eq(1) td:eq(0) button").toBeFocused();
    await press("ArrowRight");
    expect("tbody tr:eq(1) td:eq(1) button").toBeFocused();
    await press("ArrowUp");
    expect(".o_member_policy").toBeFocused();
});
