import { patch } from "@web/core/utils/patch";
import { hootPosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { models } from "@web/../tests/web_test_helpers";

/** Known to the server; a till is told the ids, never the records. */
export class MemberHwAgent extends models.ServerModel {
    _name = "member.hw.agent";
}

export class MemberHwDevice extends models.ServerModel {
    _name = "member.hw.device";
}

patch(hootPosModels, [...hootPosModels, MemberHwAgent, MemberHwDevice]);
