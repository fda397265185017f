import { patch } from "@web/core/utils/patch";
import { LoyaltyProgram } from "@pos_loyalty/../tests/unit/data/loyalty_program.data";

patch(LoyaltyProgram.prototype, {
    _load_pos_data_fields() {
        return [
            ...super._load_pos_data_fields(),
            "member_class_ids",
            "member_condition",
            "members_only",
        ];
    },
});
