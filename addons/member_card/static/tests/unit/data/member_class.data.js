import { patch } from "@web/core/utils/patch";
import { hootPosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { models } from "@web/../tests/web_test_helpers";

/** Known to the server; a till loads ids of classes, never the classes. */
export class MemberClass extends models.ServerModel {
    _name = "member.class";
}

patch(hootPosModels, [...hootPosModels, MemberClass]);
