import { _t } from "@web/core/l10n/translation";
import { uuidv4 } from "@point_of_sale/utils";
import { AlertDialog, ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { MemberRedeemPinPopup } from "@member_loyalty/app/components/popups/member_redeem_pin_popup/member_redeem_pin_popup";
import { MemberRewardsPopup } from "@member_loyalty/app/components/popups/member_rewards_popup/member_rewards_popup";
import { formatPoints } from "@member_loyalty/app/utils/member_points";
import { redemptionSlip } from "@member_loyalty/app/utils/member_slips";

/** Answers that say nothing about what an earlier request of the same attempt has done. */
const UNDECIDED = ["offline", "busy", "wrong_pin", "bad_format", "pin_needed"];

/**
 * Redeems a member's points at a till: chooses the reward, asks for the PIN, and puts what the
 * server has set aside on the order. The key of a redemption is on its lines.
 */
export class MemberRedeemer {
    constructor(pos) {
        this.pos = pos;
    }

    get till() {
        return this.pos.memberTill;
    }

    get mayRedeem() {
        return Boolean(this.pos.config._member_may_redeem);
    }

    /** Whether a button for it helps here; why it may still be refused is said when it is tapped. */
    isOfferedFor(order) {
        return (
            this.mayRedeem &&
            Boolean(order?.partner_id?.is_member) &&
            !order.isMemberTopUp &&
            !order.isRefund
        );
    }

    refuse(body) {
        this.pos.dialog.add(AlertDialog, { title: _t("Points"), body });
        return false;
    }

    /** Why no points can be redeemed with this order, or null. */
    problemOf(order) {
        if (this.pos.data.network.offline) {
            return this.till.offlineMessage;
        }
        if (order.isMemberTopUp) {
            return _t("A top-up takes no points. Finish or cancel it first.");
        }
        if (order.isRefund || order.refundedLines.length) {
            return _t("Goods are given back here. Redeem points with the next order.");
        }
        return null;
    }

    /** Let the cashier choose what the member gets for points; finds the member first. */
    async open(order = this.pos.getOrder()) {
        const problem = this.problemOf(order);
        if (problem) {
            return this.refuse(problem);
        }
        if (!order.partner_id?.is_member && !(await this.pos.chooseMember())) {
            return false;
        }
        return this.till.exclusively(() => this.choose(order));
    }

    async choose(order) {
        const answer = await this.till.rewards(order);
        if (answer.status !== "ok") {
            return this.refuse(answer.message);
        }
        const choice = await makeAwaitable(this.pos.dialog, MemberRewardsPopup, {
            memberName: order.partner_id.name,
            available: answer.available,
            expiring: order.memberPoints?.expiring || [],
            rewards: answer.rewards,
            redemptions: order.memberRedemptions,
        });
        if (choice?.remove) {
            return this.release(order, choice.remove);
        }
        return choice ? this.redeem(order, choice, answer) : false;
    }

    // === REDEEMING === //

    async redeem(order, { reward, points }, { available, pin_from: pinFrom }) {
        const attempt = await this.prepareAttempt(order, reward, points);
        let answer = { status: "pin_needed" };
        if (!pinFrom || points < pinFrom) {
            answer = await this.ask(order, attempt);
        }
        if (answer.status === "pin_needed") {
            answer = await makeAwaitable(this.pos.dialog, MemberRedeemPinPopup, {
                memberName: order.partner_id.name,
                offer: { reward: reward.name, points, after: available - points },
                submit: (pin) => this.ask(order, attempt, pin),
            });
        }
        if (!answer) {
            return false;
        }
        this.pos.refreshMember(order);
        if (answer.status !== "ok") {
            return this.refuse(answer.message);
        }
        await this.take(order, reward, answer);
        return true;
    }

    /**
     * What is asked for, under a key of its own. An attempt whose answer was lost may hold the
     * points already: it is taken up again unchanged, or given back first.
     */
    async prepareAttempt(order, reward, points) {
        const earlier = order.uiState.memberRedeemAttempt;
        const partnerId = order.partner_id.id;
        if (
            earlier?.partnerId === partnerId &&
            earlier.rewardId === reward.id &&
            earlier.points === points
        ) {
            return { ...earlier, isLost: true };
        }
        await this.releaseAttempt(order);
        return {
            requestKey: uuidv4(),
            orderUuid: order.uuid,
            partnerId,
            rewardId: reward.id,
            points,
        };
    }

    async ask(order, attempt, pin = false) {
        // kept before asking: the page may be gone before the answer is there
        order.uiState.memberRedeemAttempt = attempt;
        await this.pos.data.synchronizeLocalDataInIndexedDB();
        const answer = await this.till.redeem(attempt, pin);
        attempt.isLost ||= answer.status === "offline";
        if (attempt.isLost && UNDECIDED.includes(answer.status)) {
            return answer;
        }
        if (attempt.isLost && answer.status !== "ok") {
            // refused now, but an earlier request whose answer was lost may hold the points
            await this.releaseAttempt(order);
        }
        order.uiState.memberRedeemAttempt = null;
        return answer;
    }

    /** Give the member what was redeemed: lines of the order, or a slip of what they have now. */
    async take(order, reward, answer) {
        const { key, kind, points, value, is_done: isDone } = answer;
        if (isDone) {
            return this.celebrate(order, reward, answer);
        }
        order.uiState.memberRedemptions = {
            ...order.uiState.memberRedemptions,
            [key]: { name: reward.name, kind, points, value },
        };
        if (kind === "discount") {
            order.setMoneyOff(key, value);
        } else {
            await this.addGift(order, reward, answer);
        }
    }

    async addGift(order, reward, { key, product_id: productId, product_qty: quantity }) {
        const products = this.pos.models["product.product"];
        if (!products.get(productId)) {
            await this.pos.loadNewProducts([["product_variant_ids", "in", [productId]]]);
        }
        const product = products.get(productId);
        if (!product) {
            await this.release(order, key);
            return this.refuse(
                _t(
                    "%s is not sold at this till. Make it available in the point of sale.",
                    reward.name,
                ),
            );
        }
        await this.pos.addLineToOrder(
            {
                product_id: product,
                product_tmpl_id: product.product_tmpl_id,
                qty: quantity,
                price_unit: 0,
                member_redemption_key: key,
            },
            order,
            {},
            false,
        );
        // the lines of the order are not in sight while it is being paid
        this.pos.notification.add(_t("On this order: %s", reward.name), { type: "success" });
    }

    /** Say what the member has now, with a slip to take along. */
    celebrate(order, reward, answer) {
        const { points, points_left: left } = answer;
        this.pos.dialog.add(ConfirmationDialog, {
            title: reward.name,
            body: _t("%(points)s points are redeemed; %(left)s are left.", {
                points: formatPoints(points),
                left: formatPoints(left),
            }),
            confirmLabel: _t("Print"),
            confirm: () =>
                this.pos.printMemberSlip(
                    redemptionSlip(order, reward, answer, this.formatCurrency),
                ),
            cancelLabel: _t("Close"),
            cancel: () => {},
        });
    }

    formatCurrency = (amount) => this.pos.env.utils.formatCurrency(amount);

    // === GIVING BACK === //

    /** Take a redemption off the order; the member can use the points again at once. */
    async release(order, key) {
        const { status, message } = await this.till.cancelRedemption(key);
        if (!["ok", "offline"].includes(status)) {
            return this.refuse(message);
        }
        if (status === "offline") {
            this.pos.notification.add(
                _t(
                    "Without a connection the points stay reserved for up to 15 minutes, then the member can use them again.",
                ),
                { type: "warning" },
            );
        }
        order.removeRedemption(key);
        this.pos.refreshMember(order);
        return true;
    }

    /** Give back what was asked for and never answered. */
    async releaseAttempt(order) {
        const { memberRedeemAttempt } = order.uiState;
        order.uiState.memberRedeemAttempt = null;
        return memberRedeemAttempt
            ? this.till.cancelRedemption(memberRedeemAttempt.requestKey)
            : null;
    }

    /** Give back all that an order holds; false when something of it is paid for already. */
    async releaseAll(order) {
        for (const { key } of order.memberRedemptions) {
            if (!(await this.release(order, key))) {
                return false;
            }
        }
        await this.releaseAttempt(order);
        return true;
    }

    // === BEFORE PAYING === //

    /** Ask what the order will earn. Nothing waits for it, and without an answer nothing is said. */
    async refreshEarnings(order) {
        const partner = order.partner_id;
        if (!partner?.is_member || order.isRefund || this.pos.data.network.offline) {
            order.uiState.memberEarns = null;
            return;
        }
        const paid = order.memberHolds.reduce((sum, line) => sum + line.amount, 0);
        const answer = await this.till.pointsPreview(order, paid);
        if (order.partner_id?.id === partner.id && !order.finalized) {
            order.uiState.memberEarns =
                answer.status === "ok" ? { ...answer, partner_id: partner.id } : null;
        }
    }
}
