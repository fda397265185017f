import { patch } from "@web/core/utils/patch";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";
import { isWalletMethod } from "@member_card/app/utils/member_wallet";

patch(PaymentScreen.prototype, {
    onMounted() {
        super.onMounted();
        this.proposeWallet();
    },

    /** Tickets are paid from the member's wallet if it has enough; once, then as is tapped. */
    proposeWallet() {
        const order = this.currentOrder;
        const isOffered = this.payment_methods_from_config.some(isWalletMethod);
        if (!isOffered || !order.canWalletPayTickets || order.uiState.isWalletProposed) {
            return;
        }
        order.uiState.isWalletProposed = true;
        this.payWithWallet(null, 0);
    },
});
