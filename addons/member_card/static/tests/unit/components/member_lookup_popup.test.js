import { expect, test } from "@odoo/hoot";
import { click, edit, press, waitFor } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { getService, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { MemberLookupPopup } from "@member_card/app/components/popups/member_lookup_popup/member_lookup_popup";

definePosModels();

test("nobody joins before it is known whether that is a member already", async () => {
    const answer = new Deferred();
    await setupPosEnv();
    await mountWithCleanup(MainComponentsContainer);
    getService("dialog").add(MemberLookupPopup, {
        lookup: () => answer,
        canJoin: true,
        customer: { id: 3, name: "Azure Interior" },
        getPayload: ({ join }) => expect.step(join),
    });
    await waitFor(".modal");
    await click(".member-query");
    await edit("13800138077");
    await press("Enter");
    await animationFrame();
    expect(".member-join-new").not.toBeEnabled();
    expect(".member-join-customer").not.toBeEnabled();
    answer.resolve({ message: "No member found." });
    await animationFrame();
    expect(".member-message").toHaveText("No member found.");
    expect(".member-join-customer").toBeEnabled();
    await click(".member-join-new");
    expect.verifySteps([{ phone: "13800138077" }]);
});
