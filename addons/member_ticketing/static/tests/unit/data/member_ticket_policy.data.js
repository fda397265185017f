import { patch } from "@web/core/utils/patch";
import { models } from "@web/../tests/web_test_helpers";
import { hootPosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";

/** Known to the server; a till loads names and prices of policies, never the policies. */
export class MemberTicketPolicy extends models.ServerModel {
    _name = "member.ticket.policy";
}

patch(hootPosModels, [...hootPosModels, MemberTicketPolicy]);
