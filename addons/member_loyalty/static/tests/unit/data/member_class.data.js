import { patch } from "@web/core/utils/patch";
import { models } from "@web/../tests/web_test_helpers";
import { hootPosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";

/** Known to the mock server, so that partners and programs name classes; a till loads none. */
export class MemberClass extends models.ServerModel {
    _name = "member.class";
}

patch(hootPosModels, [...hootPosModels, MemberClass]);
