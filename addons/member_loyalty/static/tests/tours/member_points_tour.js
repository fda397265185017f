import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { negate, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Member from "@member_card/../tests/tours/utils/member_util";
import * as Points from "./utils/points_util";

const sellToAnn = () => [
    ProductScreen.clickDisplayedProduct("Book"),
    scan_barcode(Member.ANN_CARD),
    ProductScreen.customerIsSelected("Ann"),
    Points.chipHasPoints("1,000"),
];

const closeAlert = (text) => [
    { content: text, trigger: `.modal .modal-body:contains("${text}")` },
    Dialog.confirm("Ok"),
];

Member.addTour("MemberPoints", () => [
    sellToAnn(),
    // from the member's card: figures, then a gift
    Member.openCard(),
    {
        content: "points on the card",
        trigger: ".modal .member-points-available:contains('1,000')",
    },
    { content: "redeem", trigger: ".modal .member-redeem", run: "click" },
    Points.chooseReward("A mug"),
    ProductScreen.orderLineHas("Mug", "1", "0.00"),
    Points.chipHasPoints("700"),
    // nothing can be typed into it, and the member is fixed
    ProductScreen.clickNumpad("5"),
    closeAlert("cannot be changed"),
    scan_barcode(Member.BOB_CARD),
    closeAlert("Points of Ann"),
    // taking the line off gives the points back
    ProductScreen.clickNumpad("⌫"),
    { content: "no mug", trigger: negate(".orderline:contains('Mug')") },
    Points.chipHasPoints("1,000"),
    // while paying, in two taps
    ProductScreen.clickPayButton(),
    Points.openRewards(),
    Points.choosePoints("1,000"),
    PaymentScreen.totalIs("24.00"),
    Points.openRewards(),
    Points.takeOff("Money off"),
    PaymentScreen.totalIs("34.00"),
    Points.openRewards(),
    Points.typePoints("500"),
    PaymentScreen.totalIs("29.00"),
    Points.chipHasPoints("500"),
    Points.openRewards(),
    Points.chooseReward("A mug"),
    Points.chipHasPoints("200"),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    {
        content: "what was spent",
        trigger: ".pos-receipt .member-receipt-spent:contains('-800')",
    },
]);

Member.addTour("MemberPointsPin", () => [
    sellToAnn(),
    ProductScreen.clickPayButton(),
    Points.openRewards(),
    Points.choosePoints("1,000"),
    {
        content: "how many points, and what is left",
        trigger: ".modal:has(.member-amount:contains('1,000')):has(.member-after:contains('0'))",
    },
    Member.typePin("1111"),
    Member.messageIs("wrong"),
    Member.typePin(Member.PIN),
    PaymentScreen.totalIs("24.00"),
]);

// Bob has points, a coupon and no money
Member.addTour("MemberPointsHistory", () => [
    Member.keepSlips(),
    ProductScreen.clickDisplayedProduct("Book"),
    scan_barcode(Member.BOB_CARD),
    Points.chipHasPoints("500"),
    {
        content: "what expires soon, and the coupon",
        trigger:
            ".member-chip:has(.member-points-soon:contains('120')) .member-coupons-count:contains('1')",
    },
    Member.openCard(),
    { content: "last entries", trigger: ".modal .member-history", run: "click" },
    { content: "the points", trigger: ".modal .member-figure:contains('Points'):contains('500')" },
    { content: "where from", trigger: ".modal .member-entry:contains('+380 points')" },
    { content: "not empty", trigger: negate(".modal .member-no-entries") },
    { content: "print", trigger: ".modal .member-print", run: "click" },
    Member.slipHas(0, "Points", "500"),
    {
        content: "print one",
        trigger: ".modal .member-entry:contains('120 points') .member-print-entry",
        run: "click",
    },
    Member.slipHas(1, "Amount", "+120 points"),
    Dialog.cancel(),
]);

Member.addTour("MemberPointsBonus", () => [
    scan_barcode(Member.ANN_CARD),
    ProductScreen.customerIsSelected("Ann"),
    Member.openCard(),
    { content: "redeem", trigger: ".modal .member-redeem", run: "click" },
    // nothing is bought: there is nothing to take off
    { content: "reason", trigger: ".modal .member-money-off .member-reason" },
    Points.chooseReward("Ten more"),
    { content: "done", trigger: ".modal .modal-body:contains('600 are left')" },
    Dialog.cancel(),
]);
