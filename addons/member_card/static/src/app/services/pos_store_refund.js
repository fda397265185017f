import { patch } from "@web/core/utils/patch";
import { _t } from "@web/core/l10n/translation";
import { uuidv4 } from "@point_of_sale/utils";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { MemberUndoPopup } from "@member_card/app/components/popups/member_undo_popup/member_undo_popup";

patch(PosStore.prototype, {
    /** Pay out what a top-up brought and nobody has spent, by right or with an approval. */
    async undoTopUp(order) {
        return this.memberTill.exclusively(async () => {
            const [line] = order.lines;
            const topUp = await this.memberTill.topUpLeft(line.id);
            if (topUp.status !== "ok") {
                this.dialog.add(AlertDialog, { title: _t("Undo a top-up"), body: topUp.message });
                return;
            }
            const uuids = { order: uuidv4(), line: uuidv4() };
            const approved = { amount: 0 };
            const amount = await makeAwaitable(this.dialog, MemberUndoPopup, {
                memberName: order.partner_id?.name || "",
                topUp,
                reserve: (asked) => this.reserveUndo(line, asked, uuids, approved),
            });
            if (amount) {
                this.startUndo(order, amount, uuids);
            }
        });
    },

    /** A lost answer is asked for again under the same approval: it waits for the order. */
    async reserveUndo(line, amount, uuids, approved) {
        if (amount !== approved.amount) {
            const token = await this.memberApproval({
                act: "refund_limit",
                amount,
                subject: uuids.order,
                about: {
                    partner_id: line.order_id.partner_id?.id || false,
                    goods: [[line.product_id.id, -1, line.id]],
                },
            });
            if (!token) {
                return { status: "approval_needed", message: _t("Nobody has approved this.") };
            }
            approved.amount = amount;
        }
        const answer = await this.memberTill.undoTopUp(line.id, amount, uuids.line, uuids.order);
        if (answer.status === "approval_needed") {
            approved.amount = 0;
        }
        return answer;
    },

    /** The order that refunds the top-up's: one line, its payments proposed. */
    startUndo(topUp, amount, uuids) {
        const kept = this.getOrder();
        const [line] = topUp.lines;
        const order = this.addNewOrder({ uuid: uuids.order });
        order.is_refund = true;
        order.uiState.memberTopUp = { keptUuid: kept?.uuid };
        order.setPartner(topUp.partner_id);
        this.models["pos.order.line"].create({
            uuid: uuids.line,
            order_id: order,
            product_id: line.product_id,
            qty: -1,
            price_unit: amount,
            price_type: "automatic",
            refunded_orderline_id: line,
        });
        this.setOrder(order);
        order.setScreenData({ name: "PaymentScreen" });
        this.navigate("PaymentScreen", { orderUuid: order.uuid });
    },
});
