/* global posmodel */
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as NumberPopup from "@point_of_sale/../tests/generic_helpers/number_popup_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { run, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Member from "./utils/member_util";

const payCash = () => [
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
];

const saved = (amount) => ({
    content: `saved ${amount}`,
    trigger: `.pos-receipt .member-receipt-savings:contains("${amount}")`,
});

/** The till asks for the number, then for a supervisor. */
const cut = (mode, number) => [
    ProductScreen.clickNumpad(mode, "1"),
    NumberPopup.enterValue(number),
    Dialog.confirm(),
];

const approve = (pin) => [
    { content: "type the PIN", trigger: ".modal .member-approval-pin", run: `edit ${pin}` },
    { content: "approve", trigger: ".modal .member-approve", run: "click" },
];

Member.addTour("MemberDiscountApproval", () => [
    ProductScreen.clickDisplayedProduct("Book", true, "1", "40.00"),
    scan_barcode(Member.ANN_CARD),
    ProductScreen.selectedOrderlineHas("Book", "1", "34.00"),
    // nobody is asked up to the limit
    cut("%", "10"),
    ProductScreen.selectedOrderlineHas("Book", "1", "30.60"),
    // over it a supervisor is, who may mistype
    cut("%", "50"),
    {
        content: "what it is",
        trigger: ".modal .member-approval-text:contains('50 % off 1 × Book')",
    },
    approve("1357"),
    { content: "refused", trigger: ".modal .member-message:contains('Wrong PIN')" },
    approve("7319"),
    ProductScreen.selectedOrderlineHas("Book", "1", "17.00"),
    // given up, the price stays
    ProductScreen.clickDisplayedProduct("Pen", true, "1", "8.50"),
    cut("Price", "2"),
    {
        content: "what it is",
        trigger: ".modal .member-approval-text:contains('1 × Pen for $ 2.00')",
    },
    Dialog.cancel(),
    ProductScreen.selectedOrderlineHas("Pen", "1", "8.50"),
    payCash(),
    saved("4.50"),
]);

// a product that comes with its scan has the member's own price
Member.addTour("MemberLateProduct", () => [
    scan_barcode(Member.ANN_CARD),
    ProductScreen.customerIsSelected("Ann"),
    run(() => {
        if (posmodel.models["product.product"].some((product) => product.barcode === "2000017")) {
            throw new Error("The product should not be loaded");
        }
    }, "not loaded"),
    scan_barcode("2000017"),
    ProductScreen.selectedOrderlineHas("Late", "1", "7.00"),
    payCash(),
    saved("3.00"),
]);

Member.addTour("MemberCombo", () => [
    ProductScreen.clickDisplayedProduct("Meal"),
    ProductScreen.selectedOrderlineHas("Meal", "1", "40.00"),
    ProductScreen.clickNumpad("2"),
    ProductScreen.selectedOrderlineHas("Meal", "2", "80.00"),
    scan_barcode(Member.ANN_CARD),
    ProductScreen.selectedOrderlineHas("Meal", "2", "68.00"),
    payCash(),
    saved("12.00"),
]);
