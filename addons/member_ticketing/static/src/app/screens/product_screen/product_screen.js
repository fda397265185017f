import { patch } from "@web/core/utils/patch";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import "@pos_event/app/screens/product_screen/product_screen"; // patched here: it goes first
import { MemberTicketBar } from "@member_ticketing/app/components/member_ticket_bar/member_ticket_bar";

patch(ProductScreen, { components: { ...ProductScreen.components, MemberTicketBar } });

patch(ProductScreen.prototype, {
    /** A performance's tile leads to its tickets, as the list of performances does. */
    async addProductToOrder(product) {
        return product.event_id
            ? this.pos.memberBoxOffice.open({ eventId: product.event_id.id })
            : super.addProductToOrder(...arguments);
    },
});
