import * as Numpad from "@point_of_sale/../tests/generic_helpers/numpad_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { negate, refresh, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Member from "./utils/member_util";

function typedIs(amount) {
    return { content: `typed ${amount}`, trigger: `.member-typed:contains("${amount}")` };
}

// a coat for 170: Ann types 50, then cash 30, Bob 60 by look-up and the last 30 by his card
Member.addTour("MemberSplit", () => [
    ProductScreen.clickDisplayedProduct("Coat"),
    scan_barcode(Member.ANN_CARD),
    ProductScreen.customerIsSelected("Ann"),
    ProductScreen.clickPayButton(),
    // typed first: nothing is paid yet, and it can be taken back
    PaymentScreen.clickNumpad("5"),
    typedIs("5.00"),
    { content: "clear", trigger: ".member-typed button", run: "click" },
    { content: "cleared", trigger: negate(".member-typed") },
    PaymentScreen.clickNumpad("5 0"),
    typedIs("50.00"),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.offerIs("50.00", "70.00"),
    Member.typePin(Member.PIN),
    Member.paymentIs("Member bonus", "20.00", "Ann"),
    Member.paymentIs("Member wallet", "30.00", "Ann"),
    PaymentScreen.remainingIs("120.00"),
    { content: "typed once", trigger: negate(".member-typed") },
    // any means of payment takes what was typed
    PaymentScreen.clickNumpad("3 0"),
    typedIs("30.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Member.paymentIs("Cash", "30.00"),
    PaymentScreen.remainingIs("90.00"),
    // another member, found by name; the customer and the prices stay Ann's
    PaymentScreen.clickPaymentline("Member wallet", "30.00"),
    PaymentScreen.clickNumpad("6 0"),
    typedIs("60.00"),
    Member.payWithOtherWallet("Bob"),
    Member.offerIs("60.00", "40.00"),
    Member.typePin("9999"),
    Member.messageIs("Tries left: 4"),
    Member.typePin(Member.BOB_PIN),
    Member.paymentIs("Member wallet", "60.00", "Bob"),
    PaymentScreen.remainingIs("30.00"),
    // a card shown while a wallet pays is the next payer's
    scan_barcode(Member.BOB_CARD),
    Member.offerIs("30.00", "10.00"),
    Member.typePin(Member.BOB_PIN),
    Member.paymentIs("Member wallet", "30.00", "Bob"),
    PaymentScreen.remainingIs("0.00"),
    { content: "nobody else is needed", trigger: negate(".member-other-wallet") },
    // who pays what survives a reload; one line goes, its hold with it, and the others stay
    refresh(),
    PaymentScreen.isShown(),
    PaymentScreen.clickPaymentline("Member wallet", "60.00"),
    Member.reverseWallet(),
    PaymentScreen.remainingIs("60.00"),
    Member.paymentIs("Member wallet", "30.00", "Ann"),
    // never more than is there
    PaymentScreen.clickNumpad("9 9"),
    typedIs("99.00"),
    scan_barcode(Member.BOB_CARD),
    Member.offerIs("60.00", "10.00"),
    Member.typePin(Member.BOB_PIN),
    PaymentScreen.remainingIs("0.00"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    {
        content: "the receipt names who paid",
        trigger:
            ".pos-receipt:has(.member-payer:contains('Ann •••• 0013')):has(.member-payer:contains('Bob •••• 0021'))",
    },
    { content: "Ann's balance", trigger: ".member-receipt-balance:contains('70.00')" },
]);

// a book for 34, half Ann's wallet and half cash, changed for a pen; then the pen comes back
Member.addTour("MemberExchange", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    scan_barcode(Member.ANN_CARD),
    ProductScreen.customerIsSelected("Ann"),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickNumpad("1 7"),
    typedIs("17.00"),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.typePin(Member.PIN),
    PaymentScreen.remainingIs("17.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    ReceiptScreen.clickNextOrder(),
    ProductScreen.clickRefund(),
    Member.refundOne("Ann", "Book"),
    PaymentScreen.isShown(),
    Member.paymentIs("Member bonus", "-17.00", "Ann"),
    Member.paymentIs("Cash", "-17.00"),
    // the wallet's lines are fixed: typing goes nowhere
    { content: "exchange", trigger: ".member-exchange", run: "click" },
    ProductScreen.clickDisplayedProduct("Pen"),
    ProductScreen.totalAmountIs("-25.50"),
    ProductScreen.clickPayButton(),
    Member.paymentIs("Member bonus", "-12.75", "Ann"),
    Member.paymentIs("Cash", "-12.75"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    {
        content: "back to the wallet",
        trigger: ".member-receipt-paid:contains('Back to wallet'):contains('12.75')",
    },
    ReceiptScreen.clickNextOrder(),
]);

// cash for what the wallet paid takes a supervisor
Member.addTour("MemberRefundOtherwise", () => [
    ProductScreen.clickRefund(),
    { content: "paid orders", trigger: ".order-row:contains('Ann')" },
    Member.refundOne("Ann", "Book"),
    PaymentScreen.isShown(),
    Member.paymentIs("Member wallet", "-34.00", "Ann"),
    PaymentScreen.clickPaymentlineDelButton("Member wallet", "-34.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    Member.paymentIs("Cash", "-34.00"),
    PaymentScreen.clickValidate(),
    Member.approve("Member wallet Ann"),
    ReceiptScreen.isShown(),
]);

// a top-up of 300 is undone in part; the supervisor approves what the cashier may not
Member.addTour("MemberUndoTopUp", () => [
    ProductScreen.clickRefund(),
    { content: "the top-up", trigger: ".order-row:contains('Ann')", run: "click" },
    { content: "refund", trigger: ".pay-order-button", run: "click" },
    { content: "what is left", trigger: ".modal .member-undo-left:contains('300.00')" },
    {
        content: "too much",
        trigger: ".modal .member-undo-amount",
        run: "edit 301",
    },
    { content: "pay out", trigger: ".modal .member-confirm:contains('301.00')", run: "click" },
    Member.approve("Pay $ 301.00 out of the wallet"),
    Member.messageIs("At most $ 300.00"),
    { content: "less", trigger: ".modal .member-undo-amount", run: "edit 250" },
    { content: "pay out", trigger: ".modal .member-confirm:contains('250.00')", run: "click" },
    Member.approve("Pay $ 250.00 out of the wallet"),
    PaymentScreen.isShown(),
    Member.paymentIs("Cash", "-250.00"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    {
        content: "receipt",
        trigger:
            ".pos-receipt:has(.member-receipt-topup:contains('Paid out of the wallet'):contains('250.00')):has(.member-receipt-balance:contains('170.00'))",
    },
    ReceiptScreen.clickNextOrder(),
    ProductScreen.isShown(),
]);

// goods without a receipt into the wallet: the supervisor approves, a bonus gets nothing
Member.addTour("MemberReturn", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    scan_barcode(Member.ANN_CARD),
    ProductScreen.customerIsSelected("Ann"),
    Numpad.click("+/-"),
    ProductScreen.totalAmountIs("-34.00"),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.paymentIs("Member wallet", "-34.00", "Ann"),
    PaymentScreen.clickValidate(),
    Member.approve("34.00 without a receipt"),
    ReceiptScreen.isShown(),
    {
        content: "receipt",
        trigger: ".member-receipt-paid:contains('Back to wallet'):contains('34.00')",
    },
]);
