import { patch } from "@web/core/utils/patch";
import { EventEvent } from "@pos_event/../tests/unit/data/event_event.data";

patch(EventEvent.prototype, {
    _load_pos_data_fields() {
        return [...super._load_pos_data_fields(), "date_begin", "date_tz"];
    },
});
