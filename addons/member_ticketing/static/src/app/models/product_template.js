import { patch } from "@web/core/utils/patch";
import { ProductTemplate } from "@point_of_sale/app/models/product_template";
import "@pos_event/app/models/product_template"; // whose methods are patched here: it goes first

patch(ProductTemplate.prototype, {
    /** What tickets are sold as is no goods: the list of performances leads to it. */
    get canBeDisplayed() {
        const isBoxOffice = this.models["pos.config"].getFirst().member_is_box_office;
        const isTicket = isBoxOffice && this.service_tracking === "event";
        return !isTicket && super.canBeDisplayed;
    },
});
