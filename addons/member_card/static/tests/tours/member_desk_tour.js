import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { negate, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Member from "./utils/member_util";

const NEW_CARD = "8800000000000039";

const fill = (field, text) => ({
    content: `${field}: ${text}`,
    trigger: `.modal .member-join-${field}`,
    run: `edit ${text}`,
});

const press = (field) => ({
    content: `Enter in ${field}`,
    trigger: `.modal .member-join-${field}`,
    run: "press Enter",
});

const confirm = () => ({
    content: "confirm",
    trigger: ".modal .member-confirm:enabled",
    run: "click",
});

const notified = (text) => ({
    content: `told: ${text}`,
    trigger: `.o_notification:contains("${text}")`,
});

const step = (name) => ({
    content: `tap ${name}`,
    trigger: `.modal .member-${name}`,
    run: "click",
});

const close = () => ({
    content: "close",
    trigger: ".modal .modal-footer button:contains('Close')",
    run: "click",
});

// looked for in vain, then joins with the phone that was typed: known already
Member.addTour("MemberJoin", () => [
    ProductScreen.clickDisplayedProduct("Book", true, "1", "40.00"),
    Member.lookUp("+1 650-253-0000"),
    Member.messageIs("No member found"),
    step("join-new"),
    {
        content: "the phone is there",
        trigger: ".modal .member-join-phone:value(+1 650-253-0000)",
    },
    { content: "a customer has it", trigger: ".modal .member-known:contains('Plain Customer')" },
    step("somebody-else"),
    fill("name", "Cao Fei"),
    press("name"),
    // scanned while the phone has the focus: goes into the card
    {
        content: "card",
        trigger: ".modal .member-join-phone",
        run: `edit +1 650-253-0000${NEW_CARD}`,
    },
    press("phone"),
    { content: "taken", trigger: `.modal .member-join-card_number:value(${NEW_CARD})` },
    fill("pin", "1234"),
    fill("pin_again", "1234"),
    confirm(),
    { content: "too easy", trigger: ".modal .member-error-pin:contains('too easy')" },
    fill("pin", "8642"),
    fill("pin_again", "8642"),
    fill("topup", "500"),
    confirm(),
    { content: "no money", trigger: ".modal .member-error-topup:contains('no money')" },
    {
        content: "class",
        trigger: ".modal .member-join-class",
        run: "selectByLabel Stored Value",
    },
    { content: "all is there", trigger: ".modal .member-confirm:contains('500.00')" },
    confirm(),
    notified("Cao Fei is a member now"),
    // the first top-up is an order of its own; the sale waits with the member on it
    PaymentScreen.isShown(),
    PaymentScreen.totalIs("500.00"),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    { content: "receipt", trigger: ".pos-receipt .member-receipt-topup:contains('500.00')" },
    { content: "next", trigger: ".receipt-screen .button.next", run: "click" },
    ProductScreen.customerIsSelected("Cao Fei"),
    ProductScreen.orderLineHas("Book", "1", "34.00"),
]);

// a customer who is no member, and a phone that a member has
Member.addTour("MemberJoinKnown", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    Member.lookUp("+1 650-253-0000"),
    step("join-new"),
    { content: "a customer", trigger: ".modal .member-known .member-match", run: "click" },
    { content: "name", trigger: ".modal .member-join-name:value(Plain Customer)" },
    confirm(),
    notified("Plain Customer is a member now"),
    ProductScreen.customerIsSelected("Plain Customer"),
    Member.openCard(),
    step("change"),
    { content: "look up", trigger: ".modal .member-query", run: "edit new" },
    step("join-new"),
    fill("phone", "+1 650-253-0000"),
    press("phone"),
    {
        content: "a member has it",
        trigger: ".modal .member-known .member-match:contains('M0')",
        run: "click",
    },
    { content: "closed", trigger: negate(".modal", "body") },
    ProductScreen.customerIsSelected("Plain Customer"),
]);

// a blank card scanned on the product screen begins to join
Member.addTour("MemberJoinScan", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    scan_barcode(NEW_CARD),
    {
        content: "nobody has it",
        trigger: ".o_notification button:contains('New member')",
        run: "click",
    },
    { content: "card", trigger: `.modal .member-join-card_number:value(${NEW_CARD})` },
    fill("name", "Cao Fei"),
    confirm(),
    ProductScreen.customerIsSelected("Cao Fei"),
    Member.openCard(),
    { content: "card", trigger: ".modal .member-card:contains('•••• 0039')" },
    close(),
]);

Member.addTour("MemberPinChange", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    scan_barcode(Member.ANN_CARD),
    Member.chipHas("120.00"),
    Member.openCard(),
    step("pin-change"),
    { content: "old", trigger: ".modal .member-pin-old", run: "edit 9173" },
    { content: "new", trigger: ".modal .member-pin-pin", run: "edit 8642" },
    { content: "again", trigger: ".modal .member-pin-again", run: "edit 8643" },
    confirm(),
    Member.messageIs("two PINs differ"),
    { content: "again", trigger: ".modal .member-pin-again", run: "edit 8642" },
    confirm(),
    Member.messageIs("Wrong PIN"),
    { content: "old", trigger: ".modal .member-pin-old", run: `edit ${Member.PIN}` },
    confirm(),
    notified("The PIN of Ann is set"),
    // forgotten: a supervisor's PIN, typed at this till
    Member.openCard(),
    step("pin-change"),
    step("forgotten"),
    { content: "approver", trigger: ".modal .member-approval-pin", run: "edit 7391" },
    { content: "approve", trigger: ".modal .member-approve", run: "click" },
    { content: "new", trigger: ".modal .member-pin-pin", run: `edit ${Member.PIN}` },
    { content: "again", trigger: ".modal .member-pin-again", run: `edit ${Member.PIN}` },
    confirm(),
    notified("The PIN of Ann is set"),
]);

// one look-up, two taps, one scan
Member.addTour("MemberCardLost", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    Member.lookUp("Ann"),
    Member.chipHas("120.00"),
    Member.openCard(),
    step("lost"),
    {
        content: "scan the old one",
        trigger: ".modal .member-new-card",
        run: `edit ${Member.ANN_CARD}`,
    },
    confirm(),
    Member.messageIs("This is the old card"),
    { content: "scan", trigger: ".modal .member-new-card", run: `edit ${NEW_CARD}` },
    { content: "Enter", trigger: ".modal .member-new-card", run: "press Enter" },
    notified("•••• 0013 is blocked"),
    scan_barcode(Member.ANN_CARD),
    notified("replaced by •••• 0039"),
    scan_barcode(NEW_CARD),
    ProductScreen.customerIsSelected("Ann"),
    Member.openCard(),
    { content: "one card", trigger: ".modal .member-card:contains('•••• 0039')" },
    step("freeze"),
    notified("•••• 0039 is frozen"),
    scan_barcode(NEW_CARD),
    notified("This card is frozen"),
    Member.openCard(),
    step("unfreeze"),
    notified("•••• 0039 can be used again"),
    Member.openCard(),
    { content: "issued", trigger: ".modal .member-card[data-state=issued]" },
    close(),
]);

Member.addTour("MemberHistory", () => [
    Member.keepSlips(),
    ProductScreen.clickDisplayedProduct("Book"),
    scan_barcode(Member.ANN_CARD),
    Member.chipHas("120.00"),
    Member.openCard(),
    step("history"),
    { content: "entries", trigger: ".modal .member-entry:contains('+$ 100.00')" },
    { content: "print", trigger: ".modal .member-print", run: "click" },
    Member.slipHas(0, "Balance", "120.00"),
    {
        content: "print one",
        trigger: ".modal .member-entry:contains('100.00') .member-print-entry",
        run: "click",
    },
    Member.slipHas(1, "Amount", "100.00"),
    close(),
]);

// the card is there and the amount is small
Member.addTour("MemberPinless", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    scan_barcode(Member.ANN_CARD),
    Member.chipHas("120.00"),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.offerIs("34.00", "86.00"),
    { content: "no PIN", trigger: ".modal .member-pinless" },
    { content: "pay", trigger: ".modal .member-pay", run: "click" },
    PaymentScreen.remainingIs("0.0"),
]);
