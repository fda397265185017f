/* global posmodel */
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import { run } from "@point_of_sale/../tests/generic_helpers/utils";
import { registry } from "@web/core/registry";
import { unhurried } from "./unhurried";

export const ANN_CARD = "8800000000000013";
export const BOB_CARD = "8800000000000021";
export const PIN = "2580";
export const BOB_PIN = "1470";
export const APPROVAL_PIN = "4826";

export function addTour(name, steps) {
    registry.category("web_tour.tours").add(name, {
        steps: () =>
            unhurried([
                { content: "loaded", trigger: ".screen-login" },
                Chrome.startPoS(),
                ...steps(),
                Chrome.endTour(),
            ]),
    });
}

export function lookUp(query) {
    return [
        { content: "open the look-up", trigger: ".member-button", run: "click" },
        { content: `type ${query}`, trigger: ".modal .member-query", run: `edit ${query}` },
        { content: "search", trigger: ".modal .member-search", run: "click" },
    ];
}

export function messageIs(text) {
    return {
        content: `message: ${text}`,
        trigger: `.modal .member-message:contains("${text}")`,
    };
}

export function chooseMatch(name, phone) {
    return {
        content: `choose ${name} ${phone}`,
        trigger: `.modal .member-match:contains("${name}"):contains("${phone}")`,
        run: "click",
    };
}

export function chipHas(balance) {
    return {
        content: `chip shows ${balance}`,
        trigger: `.member-chip .member-balance:contains("${balance}")`,
    };
}

export function openCard() {
    return { content: "open the member's card", trigger: ".member-chip", run: "click" };
}

export function customerIs(name) {
    return {
        content: `customer is ${name}`,
        trigger: `.partner-name:contains("${name}")`,
    };
}

export function offerIs(amount, after) {
    return {
        content: `the wallet is asked for ${amount}`,
        trigger: `.modal:has(.member-amount:contains("${amount}")):has(.member-after:contains("${after}"))`,
    };
}

export function typePin(pin) {
    return [
        { content: "type the PIN", trigger: ".modal .member-pin", run: `edit ${pin}` },
        { content: "pay", trigger: ".modal .member-pay", run: "click" },
    ];
}

export function walletRefuses(text) {
    return [
        { content: `refused: ${text}`, trigger: `.modal .modal-body:contains("${text}")` },
        Dialog.confirm("Ok"),
    ];
}

export function reverseWallet() {
    return { content: "reverse", trigger: ".send_payment_reversal", run: "click" };
}

export function openTopUp() {
    return [
        openCard(),
        { content: "top up", trigger: ".modal .member-topup", run: "click" },
        { content: "the popup is open", trigger: ".modal .member-usual" },
    ];
}

export function usualAmount(amount) {
    return {
        content: `top up ${amount}`,
        trigger: `.modal .member-usual button:contains("${amount}")`,
        run: "click",
    };
}

/** Look another member up whose wallet pays a part. */
export function payWithOtherWallet(query) {
    return [
        { content: "another wallet", trigger: ".member-other-wallet", run: "click" },
        { content: `type ${query}`, trigger: ".modal .member-query", run: `edit ${query}` },
        { content: "search", trigger: ".modal .member-search", run: "click" },
    ];
}

export function paymentIs(method, amount, payer = "") {
    return {
        content: `${method} ${payer}: ${amount}`,
        trigger: `.paymentline:contains("${method}")${
            payer && `:contains("${payer}")`
        }:contains("${amount}")`,
    };
}

/** Start refunding one of the first product of the customer's last order. */
export function refundOne(customer, product) {
    return [
        { content: "the order", trigger: `.order-row:contains("${customer}")`, run: "click" },
        { content: "its line", trigger: `.orderline:contains("${product}")`, run: "click" },
        { content: "quantity", trigger: ".numpad button[value='1']", run: "click" },
        { content: "refund", trigger: ".pay-order-button", run: "click" },
    ];
}

/** The only supervisor who may approve types their PIN. */
export function approve(text) {
    return [
        { content: `asked: ${text}`, trigger: `.modal .member-approval-text:contains("${text}")` },
        {
            content: "type the approval PIN",
            trigger: ".modal .member-approval-pin",
            run: `edit ${APPROVAL_PIN}`,
        },
        { content: "approve", trigger: ".modal .member-approve", run: "click" },
    ];
}

/** Ends as if the slip came out of the printer; each is kept to be looked at. */
export function keepSlips() {
    return run(() => {
        posmodel.slips = [];
        posmodel.printer.print = (component, props) => posmodel.slips.push(props.slip);
    }, "slips are kept");
}

export function slipHas(index, label, value) {
    return run(() => {
        const line = posmodel.slips[index].lines.find((each) => each.label === label);
        if (!line?.value.includes(value)) {
            throw new Error(`no ${label} ${value} on ${JSON.stringify(posmodel.slips[index])}`);
        }
    }, `slip ${index}: ${label} ${value}`);
}
