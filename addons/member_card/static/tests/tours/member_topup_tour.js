/* global posmodel */
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { negate, run, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Member from "./utils/member_util";

const openOrdersAre = (count) =>
    run(() => {
        const { length } = posmodel.getOpenOrders();
        if (length !== count) {
            throw new Error(`${length} open orders, not ${count}`);
        }
    }, `${count} open orders`);

const saleIsKept = () => [
    ProductScreen.isShown(),
    ProductScreen.orderLineHas("Book", "1", "34.00"),
    ProductScreen.customerIsSelected("Ann"),
];

Member.addTour("MemberTopUp", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    scan_barcode(Member.ANN_CARD),
    ProductScreen.customerIsSelected("Ann"),
    // too much: what is still possible is the next button; then given up
    Member.openTopUp(),
    Member.usualAmount("1,000"),
    { content: "room", trigger: ".modal .member-room:contains('400.00')", run: "click" },
    PaymentScreen.isShown(),
    PaymentScreen.totalIs("400.00"),
    openOrdersAre(2),
    // new money only
    { content: "no wallet", trigger: negate(".paymentmethod:contains('Member')") },
    { content: "no credit", trigger: negate(".paymentmethod:contains('Customer Account')") },
    PaymentScreen.clickBack(),
    saleIsKept(),
    openOrdersAre(1),
    // given up: the room is there again
    Member.openTopUp(),
    { content: "amount", trigger: ".modal .member-topup-amount", run: "edit 399.5" },
    { content: "top up", trigger: ".modal .member-confirm:contains('399.50')", run: "click" },
    PaymentScreen.isShown(),
    PaymentScreen.totalIs("399.50"),
    // the member and the line are fixed
    scan_barcode(Member.BOB_CARD),
    Member.walletRefuses("top-up for Ann"),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    {
        content: "slip",
        trigger: ".pos-receipt .member-receipt-topup:contains('399.50')",
    },
    { content: "balance", trigger: ".pos-receipt .member-receipt-balance:contains('519.50')" },
    ReceiptScreen.clickNextOrder(),
    saleIsKept(),
]);
