import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        const problem = this.order.memberPaymentProblem || this.memberConnectionProblem;
        if (problem) {
            this.pos.dialog.add(AlertDialog, { title: _t("Member wallet"), body: problem });
            return false;
        }
        const isValid = await super.isOrderValid(...arguments);
        if (isValid) {
            // asked for, never answered and now paid otherwise: the member gets it back
            this.pos.releaseMemberAttempt(this.order);
        }
        return isValid;
    },

    get memberConnectionProblem() {
        const movesValue = this.order.walletLines.length || this.order.isMemberTopUp;
        if (!movesValue || !this.pos.data.network.offline) {
            return null;
        }
        return _t(
            "Wallets need a connection to the server. Wait for it, or remove the wallet payment and take another one.",
        );
    },
});
