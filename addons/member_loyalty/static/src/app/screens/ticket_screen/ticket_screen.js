import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { TicketScreen } from "@point_of_sale/app/screens/ticket_screen/ticket_screen";

patch(TicketScreen.prototype, {
    _onUpdateSelectedOrderline() {
        const lineId = this.getSelectedOrderlineId();
        const line = this.getSelectedOrder()?.lines.find((each) => each.id === lineId);
        if (line?.isMoneyOff) {
            this.numberBuffer.reset();
            this.dialog.add(AlertDialog, {
                title: _t("Points"),
                body: _t("Choose the goods: what points took off goes back with them."),
            });
            return;
        }
        return super._onUpdateSelectedOrderline(...arguments);
    },

    // who brings goods back gets what they paid, and for the rest the points
    async addAdditionalRefundInfo(order, refund) {
        order.refundMoneyOff(refund);
        return super.addAdditionalRefundInfo(...arguments);
    },
});
