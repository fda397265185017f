import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    async isOrderValid() {
        const problem = this.order.memberPointsProblem || this.redemptionConnectionProblem;
        if (problem) {
            this.pos.dialog.add(AlertDialog, { title: _t("Points"), body: problem });
            return false;
        }
        const isValid = await super.isOrderValid(...arguments);
        if (isValid) {
            // asked for, never answered and now paid without it
            this.pos.memberRedeemer.releaseAttempt(this.order);
        }
        return isValid;
    },

    get redemptionConnectionProblem() {
        if (!this.order.memberRedemptions.length || !this.pos.data.network.offline) {
            return null;
        }
        return _t(
            "Points need a connection to the server. Wait for it, or take the redeemed lines off the order.",
        );
    },
});
