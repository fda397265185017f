import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { parseFloat } from "@web/views/fields/parsers";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { MemberApprovalPopup } from "@member_card/app/components/popups/member_approval_popup/member_approval_popup";
import { needsApproval, percentCut } from "@member_card/app/utils/member_prices";

function toNumber(value) {
    if (typeof value === "number") {
        return value;
    }
    try {
        return parseFloat(String(value));
    } catch {
        return NaN;
    }
}

/** Approvals, and the cuts of prices that take one. The server checks all of it again. */
patch(PosStore.prototype, {
    /**
     * Have one privileged act approved; resolves to the server's single-use token, or null.
     *
     * @param {object} request
     * @param {string} request.act what is to be approved, as the server names it
     * @param {object} request.about ids of what it is for, as the server reads them; it is good
     *     for nothing else, and the supervisor reads it in the server's words
     * @param {number} [request.amount] percent of a discount, a price, or money
     * @param {string} [request.subject] uuid of the order or line it is for
     */
    async memberApproval(request) {
        const first = await this.memberTill.approve(request);
        if (first.status === "ok") {
            return first.token;
        }
        if (first.status !== "approver_needed") {
            const body =
                first.status === "offline"
                    ? _t("No answer from the server, so nobody can approve this now. Try again.")
                    : first.message;
            this.dialog.add(AlertDialog, { title: _t("Approval"), body });
            return null;
        }
        const token = await makeAwaitable(this.dialog, MemberApprovalPopup, {
            text: first.text,
            approvers: first.approvers,
            submit: (approverId, pin) => this.memberTill.approve(request, approverId, pin),
        });
        return token || null;
    },

    // === DISCOUNTS AND PRICES === //

    /** Percent that a cashier may cut alone, or false when nobody is ever asked. */
    get memberDiscountLimit() {
        return this.config._member_discount_limit ?? false;
    },

    // a number at a time is asked for once, not with each digit
    restrictLineDiscountChange() {
        return this.memberDiscountLimit !== false || super.restrictLineDiscountChange(...arguments);
    },

    restrictLinePriceChange() {
        return this.memberDiscountLimit !== false || super.restrictLinePriceChange(...arguments);
    },

    async setDiscountFromUI(line, value) {
        const percent = toNumber(value);
        if (line.isMemberTopUp || (await this.memberApprovesDiscount(line, percent))) {
            return super.setDiscountFromUI(...arguments);
        }
    },

    async memberApprovesDiscount(line, percent) {
        const approved = line.memberApproved.discount;
        if (!needsApproval(percent, this.memberDiscountLimit, approved)) {
            return true;
        }
        return this.memberApprovesLine(line, "discount", Math.min(percent, 100));
    },

    /** Have a cut of this line approved, for as many units as it has now. */
    async memberApprovesLine(line, act, amount) {
        const about = { product_id: line.product_id.id, quantity: line.getQuantity() };
        const request = { act, amount, subject: line.uuid, about };
        const token = await this.memberApproval(request);
        if (token) {
            line.setMemberApproved(act, amount);
        }
        return Boolean(token);
    },

    /** Whether `price` may be asked for one unit of this line: cheaper ones take an approval. */
    async memberApprovesPrice(line, value) {
        const price = toNumber(value);
        const due = line.product_id.getPrice(
            line.order_id.pricelist_id,
            line.getQuantity(),
            line.getPriceExtra(),
            false,
            line.product_id,
        );
        const approved = line.memberApproved.price;
        if (
            !needsApproval(percentCut(price, due), this.memberDiscountLimit) ||
            (approved !== undefined && price >= approved)
        ) {
            return true;
        }
        return this.memberApprovesLine(line, "price", Math.max(price, 0));
    },

    /** A member's own prices are not exchanged for others by hand. */
    async selectPricelist(pricelist) {
        const order = this.getOrder();
        const own = order.memberPricelist;
        if (own && own.id !== pricelist?.id) {
            this.dialog.add(AlertDialog, {
                title: _t("Pricelist"),
                body: _t(
                    "%(member)s has the prices of %(pricelist)s. To sell at other prices, take the customer off the order.",
                    { member: order.partner_id.name, pricelist: own.name },
                ),
            });
            return;
        }
        return super.selectPricelist(...arguments);
    },
});
