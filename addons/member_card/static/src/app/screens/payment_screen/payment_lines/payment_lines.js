import { patch } from "@web/core/utils/patch";
import { PaymentScreenPaymentLines } from "@point_of_sale/app/screens/payment_screen/payment_lines/payment_lines";

patch(PaymentScreenPaymentLines.prototype, {
    // on a phone core asks for a new amount; that of a wallet line is fixed
    async selectLine(line) {
        if (line.isMemberWallet) {
            this.props.selectLine(line.uuid);
            return;
        }
        return super.selectLine(...arguments);
    },
});
