/* global posmodel */
import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import { run, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Member from "./utils/member_util";

const notLoaded = (name) =>
    run(() => {
        if (posmodel.models["res.partner"].some((partner) => partner.name === name)) {
            throw new Error(`${name} should not be loaded`);
        }
    }, `${name} is not loaded`);

const noPaymentLine = () =>
    run(() => {
        if (posmodel.getOrder().payment_ids.length) {
            throw new Error("A scan made a payment line");
        }
    }, "no payment line");

Member.addTour("MemberLookup", () => [
    notLoaded("Bob"),
    ProductScreen.clickDisplayedProduct("Book", true, "1", "40.00"),
    // one scan: customer, price of the class, balance
    scan_barcode(Member.ANN_CARD),
    ProductScreen.customerIsSelected("Ann"),
    ProductScreen.selectedOrderlineHas("Book", "1", "34.00"),
    Member.chipHas("120.00"),
    // products that come later have the member's price, too
    ProductScreen.clickDisplayedProduct("Pen", true, "1", "8.50"),
    // a scan while paying changes the member and types nothing into the amount
    ProductScreen.clickPayButton(),
    scan_barcode(Member.BOB_CARD),
    Member.customerIs("Bob"),
    Member.chipHas("0.00"),
    noPaymentLine(),
    scan_barcode("8800000000000014"),
    { content: "mistyped card", trigger: ".o_notification:contains('mistyped')" },
    Member.customerIs("Bob"),
    PaymentScreen.clickBack(),
    // one field for everything else; namesakes are told apart by class and phone
    Member.openCard(),
    { content: "choose another one", trigger: ".modal .member-change", run: "click" },
    { content: "type", trigger: ".modal .member-query", run: "edit nobody at all" },
    { content: "search", trigger: ".modal .member-search", run: "click" },
    Member.messageIs("No member found"),
    { content: "type", trigger: ".modal .member-query", run: "edit chen wei" },
    { content: "search", trigger: ".modal .member-search", run: "click" },
    Member.chooseMatch("Chen Wei", "•••• 5678"),
    ProductScreen.customerIsSelected("Chen Wei"),
    Chrome.endTour(),
]);

// presets replace the pricelist in core
Member.addTour("MemberPreset", () => [
    ProductScreen.clickDisplayedProduct("Book", true, "1", "40.00"),
    scan_barcode(Member.ANN_CARD),
    ProductScreen.selectedOrderlineHas("Book", "1", "34.00"),
    ProductScreen.selectPreset("Eat in", "Half price"),
    ProductScreen.selectedOrderlineHas("Book", "1", "34.00"),
]);

// on a phone the button stands in the cart and beside the customer while paying
Member.addTour("MemberSmallScreen", () => [
    ProductScreen.clickDisplayedProduct("Book"),
    ProductScreen.clickReview(),
    Member.lookUp("Ann"),
    Member.chipHas("120.00"),
    Member.openCard(),
    { content: "pockets", trigger: ".modal .member-pockets:contains('Principal')" },
    { content: "close", trigger: ".modal .modal-footer button:contains('Close')", run: "click" },
    { content: "pay", trigger: ".pay-order-button", run: "click" },
    PaymentScreen.isShown(),
    Member.chipHas("120.00"),
    PaymentScreen.clickPaymentMethod("Member wallet"),
    Member.offerIs("34.00", "86.00"),
]);
