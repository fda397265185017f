import { patch } from "@web/core/utils/patch";
import { ControlButtons } from "@point_of_sale/app/screens/product_screen/control_buttons/control_buttons";

patch(ControlButtons.prototype, {
    get offersPoints() {
        return this.pos.memberRedeemer.isOfferedFor(this.pos.getOrder());
    },

    redeemPoints() {
        return this.pos.memberRedeemer.open();
    },
});
