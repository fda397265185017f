import { patch } from "@web/core/utils/patch";
import { PosPayment } from "@point_of_sale/app/models/pos_payment";
import { isWalletMethod } from "@member_card/app/utils/member_wallet";

patch(PosPayment.prototype, {
    get isMemberWallet() {
        return isWalletMethod(this.payment_method_id);
    },

    /** Money is held for this line; deleting it means releasing the hold. */
    get isMemberHold() {
        return this.isMemberWallet && this.amount > 0;
    },

    /** Whose wallet it is, `{id, name}`; of a draft that another till began, the server says it. */
    get memberPayer() {
        const known = this.pos_order_id?.uiState.memberPayers?.[this.uuid];
        return known || this._member_payer || {};
    },

    get memberPayerId() {
        return this.memberPayer.id;
    },

    /** Masked once the server has named them for the receipt. */
    get memberPayerName() {
        return this.member_payer || this.memberPayer.name;
    },
});
