import { expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts } from "@odoo/hoot-dom";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";

class Device extends models.Model {
    _name = "test.device";

    code = fields.Char();
    message = fields.Char();

    _records = [
        { id: 1, code: "paper_out", message: "as the agent says it" },
        { id: 2, code: "brand_new", message: "Turn the key." },
        { id: 3, code: false, message: false },
    ];
}

definePosModels();
defineModels([Device]);

test("a device's trouble is said by its code, and by the agent where no code tells", async () => {
    // all services start in the test's page, also those of the till
    await setupPosEnv();
    await mountView({
        type: "list",
        resModel: "test.device",
        arch: `<list>
            <field name="message" widget="member_hw_problem" options="{'code_field': 'code'}"/>
        </list>`,
    });
    const [paper, other, none] = queryAllTexts(".o_field_member_hw_problem span");
    expect(paper).toInclude("no paper");
    expect(other).toBe("Turn the key.");
    expect(none).toBe("");
    expect(queryAllAttributes(".o_field_member_hw_problem span", "title")).toEqual([
        "as the agent says it",
        "Turn the key.",
        "",
    ]);
});
