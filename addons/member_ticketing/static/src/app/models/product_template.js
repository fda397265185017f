import { patch } from "@web/core/utils/patch";
import { ProductTemplate } from "@point_of_sale/app/models/product_template";
import "@pos_event/app/models/product_template"; // whose methods are patched here: it goes first

patch(ProductTemplate.prototype, {
    /** What tickets are sold as is no goods: the list of performances leads to it. */
    get canBeDisplayed() {
        return this.service_tracking !== "event" && super.canBeDisplayed;
    },
});
