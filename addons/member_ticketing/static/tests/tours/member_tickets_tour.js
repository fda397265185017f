import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import * as TicketScreen from "@point_of_sale/../tests/pos/tours/utils/ticket_screen_util";
import { negate, scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import * as Member from "@member_card/../tests/tours/utils/member_util";

const openPerformances = () => ({
    content: "open the performances",
    trigger: ".member-sell-tickets",
    run: "click",
});

const choosePerformance = (name) => ({
    content: `choose ${name}`,
    trigger: `.modal .member-performance:contains("${name}")`,
    run: "click",
});

const ticket = (name) => `.modal .member-ticket:contains("${name}")`;

const oneMore = (name) => ({
    content: `one more of ${name}`,
    trigger: `${ticket(name)} .member-more-tickets:enabled`,
    run: "click",
});

const add = () => ({
    content: "add the tickets",
    trigger: ".modal .member-confirm:enabled",
    run: "click",
});

const costs = (name, price) => ({
    content: `${name} costs ${price}`,
    trigger: `${ticket(name)} .member-price:contains("${price}")`,
});

Member.addTour("MemberTickets", () => [
    openPerformances(),
    choosePerformance("Swan Lake"),
    costs("Stalls", "100.00"),
    // the card is read while the tickets are chosen: its prices are there at once
    scan_barcode(Member.ANN_CARD),
    costs("Stalls", "80.00"),
    oneMore("Stalls"),
    add(),
    ProductScreen.orderLineHas("Stalls", "1", "80.00"),
    { content: "held", trigger: ".orderline .member-hold-left" },
    // what is typed opens the tickets, and the price is the policy's
    ProductScreen.clickNumpad("2"),
    oneMore("Stalls"),
    add(),
    ProductScreen.orderLineHas("Stalls", "2", "160.00"),
    { content: "too little", trigger: ".member-wallet-short:contains('40.00')" },
    // one tap gives all of a line back
    ProductScreen.clickNumpad("⌫"),
    { content: "nothing is left", trigger: negate(".orderline") },
    openPerformances(),
    choosePerformance("Swan Lake"),
    oneMore("Stalls"),
    add(),
    // one tap and the PIN
    ProductScreen.clickPayButton(),
    Member.typePin(Member.PIN),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    { content: "tickets to print", trigger: ".member-print-tickets:contains('1')" },
    ReceiptScreen.clickNextOrder(),
]);

const isFreeFor = (reason) => ({
    content: `free: ${reason}`,
    trigger: `.orderline .member-ticket-line .badge:contains("${reason}")`,
});

const putAside = () => [
    { content: "save for later", trigger: "button:has(.fa-upload)", run: "click" },
    { content: "a new order", trigger: negate(".orderline") },
];

const takeUp = (customer) => [
    Chrome.clickOrders(),
    TicketScreen.selectOrder(customer),
    TicketScreen.loadSelectedOrder(),
];

Member.addTour("MemberTicketsPutAside", () => [
    openPerformances(),
    choosePerformance("Swan Lake"),
    oneMore("Stalls"),
    { content: "free", trigger: ".modal .member-free", run: "click" },
    { content: "why", trigger: ".modal .member-free-reason", run: "edit Press night" },
    add(),
    ProductScreen.orderLineHas("Stalls", "1", "0.00"),
    isFreeFor("Press night"),
    // held again for the member
    scan_barcode(Member.ANN_CARD),
    Member.chipHas("120.00"),
    ProductScreen.orderLineHas("Stalls", "1", "0.00"),
    // sent to the server, and loaded from it
    putAside(),
    takeUp("Ann"),
    ProductScreen.orderLineHas("Stalls", "1", "0.00"),
    isFreeFor("Press night"),
]);

Member.addTour("MemberTicketsTakenUp", () => [
    takeUp("Ann"),
    ProductScreen.orderLineHas("Stalls", "1", "0.00"),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    ReceiptScreen.clickNextOrder(),
]);

const ticketRow = (position) => `.modal .member-seat-back:eq(${position})`;

Member.addTour("MemberSeatsBack", () => [
    openPerformances(),
    choosePerformance("Swan Lake"),
    oneMore("Stalls"),
    oneMore("Stalls"),
    oneMore("Stalls"),
    add(),
    scan_barcode(Member.ANN_CARD),
    ProductScreen.orderLineHas("Stalls", "3", "240.00"),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    ReceiptScreen.clickNextOrder(),
    ProductScreen.clickRefund(),
    Member.refundOne("Ann", "Stalls"),
    { content: "three to choose from", trigger: ticketRow(2) },
    { content: "one must be chosen", trigger: ".modal .member-confirm:disabled" },
    { content: "the middle one", trigger: ticketRow(1), run: "click" },
    { content: "give it back", trigger: ".modal .member-confirm:enabled", run: "click" },
    PaymentScreen.isShown(),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    ReceiptScreen.clickNextOrder(),
]);

Member.addTour("MemberReservedSeatsBack", () => [
    ProductScreen.clickRefund(),
    Member.refundOne("Ann", "Stalls"),
    { content: "three to choose from", trigger: ticketRow(2) },
    { content: "the middle one", trigger: ticketRow(1), run: "click" },
    { content: "give it back", trigger: ".modal .member-confirm:enabled", run: "click" },
    PaymentScreen.isShown(),
    PaymentScreen.clickPaymentMethod("Cash"),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    ReceiptScreen.clickNextOrder(),
]);

// the house is full and Ann has as many as she may: her own seat is what she can have
Member.addTour("MemberTicketsExchange", () => [
    ProductScreen.clickRefund(),
    Member.refundOne("Ann", "Stalls"),
    PaymentScreen.isShown(),
    { content: "exchange", trigger: ".member-exchange", run: "click" },
    openPerformances(),
    choosePerformance("Swan Lake"),
    oneMore("Balcony"),
    { content: "one and no more", trigger: `${ticket("Balcony")} .member-more-tickets:disabled` },
    add(),
    ProductScreen.orderLineHas("Balcony", "1", "80.00"),
    ProductScreen.totalAmountIs("0.00"),
    ProductScreen.clickPayButton(),
    PaymentScreen.clickValidate(),
    ReceiptScreen.isShown(),
    { content: "a ticket to print", trigger: ".member-print-tickets:contains('1')" },
    ReceiptScreen.clickNextOrder(),
]);
