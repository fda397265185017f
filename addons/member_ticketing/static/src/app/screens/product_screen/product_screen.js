import { patch } from "@web/core/utils/patch";
import { ProductScreen } from "@point_of_sale/app/screens/product_screen/product_screen";
import { MemberTicketBar } from "@member_ticketing/app/components/member_ticket_bar/member_ticket_bar";

patch(ProductScreen, { components: { ...ProductScreen.components, MemberTicketBar } });
