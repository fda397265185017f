import { patch } from "@web/core/utils/patch";
import { ActionpadWidget } from "@point_of_sale/app/screens/product_screen/action_pad/action_pad";
import { MemberButton } from "@member_card/app/components/member_button/member_button";

patch(ActionpadWidget, { components: { ...ActionpadWidget.components, MemberButton } });
