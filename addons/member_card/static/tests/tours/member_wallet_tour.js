/* global posmodel */
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { negate, refresh, run, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import {
    setOfflineMode,
    setOnlineMode,
} from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as Member from "./utils/member_util";

const payFor = (product) => [
    ProductScreen.clickDisplayedProduct(product),
    scan_barcode(Member.ANN_CARD),
    ProductScreen.customerIsSelected("Ann"),
    ProductScreen.clickPayButton(),
];

Member.addTour("MemberWallet", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    ProductScreen.clickPayButton(),
    // one button for all pockets; without a member it asks for one
    {
        content: "no button of the bonus",
        trigger: negate(".paymentmethod:contains('Member bonus')"),
    },
    PaymentScreen.clickPaymentMethod("Member wallet"),
    { content: "type", trigger: ".modal .member-query", run: `edit ${Member.ANN_CARD}` },
    { content: "search", trigger: ".modal .member-search", run: "click" },
    // what will be taken stands there before anything happens
    Member.offerIs("34.00", "86.00"),
    { content: "bonus first", trigger: ".modal .member-part:contains('Bonus'):contains('20.00')" },
    Member.typePin("9999"),
    Member.messageIs("Tries left: 4"),
    // a card scanned into the field is no PIN
    Member.typePin(Member.BOB_CARD),
    Member.messageIs("4 to 6 digits"),
    Member.typePin(Member.PIN),
    PaymentScreen.remainingIs("0.00"),
    { trigger: ".paymentline:contains('Member bonus'):contains('20.00')" },
    { trigger: ".paymentline:contains('Member wallet'):contains('14.00')" },
    { content: "no way to force it", trigger: negate(".send_force_done") },
    Member.chipHas("86.00"),
    // typing does not change what is held
    PaymentScreen.clickNumpad("9"),
    PaymentScreen.remainingIs("0.00"),
    // the member is locked while money is held
    scan_barcode(Member.BOB_CARD),
    Member.walletRefuses("Reverse that payment first"),
    // all of that survives a reload, and reversing gives everything back
    refresh(),
    PaymentScreen.isShown(),
    PaymentScreen.clickPaymentline("Member wallet", "14.00"),
    Member.reverseWallet(),
    PaymentScreen.emptyPaymentlines("34.00"),
    Member.chipHas("120.00"),
    // once more, for the receipt
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.typePin(Member.PIN),
    PaymentScreen.remainingIs("0.00"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    {
        content: "receipt",
        trigger:
            ".pos-receipt .member-receipt:contains('•••• 0013'):contains('34.00'):contains('86.00')",
    },
    { content: "no edit afterwards", trigger: negate(".edit-order-payment") },
    ReceiptScreen.clickNextOrder(),
]);

// the whole sale with one tap and the PIN; the receipt comes by itself
Member.addTour("MemberWalletAutoValidate", () => [
    payFor("Book"),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.typePin(Member.PIN),
    ReceiptScreen.isShown(),
]);

Member.addTour("MemberWalletShort", () => [
    payFor("Coat"),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    {
        content: "told first",
        trigger: ".modal .member-short:contains('120.00'):contains('50.00 short')",
    },
    Member.typePin(Member.PIN),
    PaymentScreen.remainingIs("50.00"),
    // the next step says how much
    {
        content: "cash button shows the rest",
        trigger: ".paymentmethod:contains('Cash'):contains('50.00')",
    },
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.remainingIs("0.00"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
]);

Member.addTour("MemberWalletShrink", () => [
    payFor("Book"),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.typePin(Member.PIN),
    PaymentScreen.remainingIs("0.00"),
    run(() => posmodel.getOrder().lines[0].setUnitPrice(1), "the order shrinks after the hold"),
    PaymentScreen.clickValidate(),
    Member.walletRefuses("gives no change"),
]);

Member.addTour("MemberWalletEmpty", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    scan_barcode(Member.BOB_CARD),
    ProductScreen.customerIsSelected("Bob"),
    ProductScreen.clickPayButton(),
    // nothing to pay with: said before a PIN is asked
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.walletRefuses("Top up first"),
]);

Member.addTour("MemberWalletOffline", () => [
    payFor("Book"),
    Member.chipHas("120.00"),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    setOfflineMode(),
    // the answer to the hold is lost: the popup stays, with the PIN in it
    Member.typePin(Member.PIN),
    Member.messageIs("No answer from the server"),
    setOnlineMode(),
    run(() => {
        posmodel.data.network.offline = false;
        window.memberAttempt = posmodel.getOrder().uiState.memberAttempt.requestKey;
    }, "the request is kept"),
    { content: "ask again", trigger: ".modal .member-pay", run: "click" },
    PaymentScreen.remainingIs("0.00"),
    run(() => {
        if (posmodel.getOrder().uiState.memberAttempt) {
            throw new Error("An answered request is kept");
        }
    }, "the answered request is forgotten"),
    Member.reverseWallet(),
    PaymentScreen.emptyPaymentlines("34.00"),
    // without a connection the wallet is not even asked, and other payments go on
    setOfflineMode(),
    run(() => (posmodel.data.network.offline = true)),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.walletRefuses("need a connection"),
    scan_barcode(Member.BOB_CARD),
    { content: "no look-up", trigger: ".o_notification:contains('need a connection')" },
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.remainingIs("0.00"),
    setOnlineMode(),
    run(() => (posmodel.data.network.offline = false)),
]);

// the button does not exist, and what would be behind it refuses
Member.addTour("MemberFastPayment", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    { trigger: ".fast-pay-button:contains('Bank')" },
    { trigger: negate(".fast-pay-button:contains('Member wallet')") },
]);

Member.addTour("MemberWalletRefund", () => [
    payFor("Book"),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.typePin(Member.PIN),
    PaymentScreen.remainingIs("0.00"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    ReceiptScreen.clickNextOrder(),
    ProductScreen.clickRefund(),
    { content: "the order", trigger: ".order-row:contains('Ann')", run: "click" },
    { content: "its line", trigger: ".orderline:contains('Book')", run: "click" },
    { content: "quantity", trigger: ".numpad button[value='1']", run: "click" },
    { content: "refund", trigger: ".pay-order-button", run: "click" },
    PaymentScreen.isShown(),
    // no PIN to give money back; each pocket gets its own part, without a tap
    { trigger: ".paymentline:contains('Member bonus'):contains('-20.00')" },
    { trigger: ".paymentline:contains('Member wallet'):contains('-14.00')" },
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
]);

Member.addTour("MemberDeleteOrder", () => [
    payFor("Book"),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.typePin(Member.PIN),
    PaymentScreen.remainingIs("0.00"),
    PaymentScreen.clickBack(),
    ProductScreen.clickControlButton("Cancel Order"),
    Dialog.confirm(),
    ProductScreen.orderIsEmpty(),
]);
