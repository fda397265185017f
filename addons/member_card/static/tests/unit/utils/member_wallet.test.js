import { describe, expect, test } from "@odoo/hoot";
import {
    canPayTopUp,
    isPin,
    refundDeviates,
    walletOffer,
} from "@member_card/app/utils/member_wallet";

/** A currency with cents; only what the wallet's arithmetic asks of one. */
const currency = {
    round: (amount) => Math.round(amount * 100) / 100,
    isPositive: (amount) => Math.round(amount * 100) > 0,
};
const POCKETS = [
    { name: "Bonus", available: 10.1 },
    { name: "Principal", available: 75.9 },
];

describe("walletOffer", () => {
    test("spends the pockets in order and leaves the rest of the last one", () => {
        expect(walletOffer(POCKETS, 50.2, currency)).toEqual({
            amount: 50.2,
            short: 0,
            parts: [
                { name: "Bonus", amount: 10.1 },
                { name: "Principal", amount: 40.1 },
            ],
            available: 86,
            after: 35.8,
        });
    });

    test("tells what is missing when the wallet is short", () => {
        const offer = walletOffer(POCKETS, 100, currency);
        expect([offer.amount, offer.short, offer.after]).toEqual([86, 14, 0]);
    });

    test("names only the pockets that pay", () => {
        const offer = walletOffer(POCKETS, 5, currency);
        expect(offer.parts).toEqual([{ name: "Bonus", amount: 5 }]);
    });

    test("an empty wallet pays nothing", () => {
        const offer = walletOffer([{ name: "Principal", available: 0 }], 5, currency);
        expect([offer.amount, offer.short, offer.parts]).toEqual([0, 5, []]);
    });

    test("leaves no dust of binary fractions", () => {
        const pockets = [0.1, 0.2].map((available) => ({ name: "", available }));
        const offer = walletOffer(pockets, 0.3, currency);
        expect([offer.amount, offer.short, offer.after]).toEqual([0.3, 0, 0]);
    });
});

describe("refundDeviates", () => {
    const CASH = 1;
    const WALLET = 2;
    const part = (payment_method_id, amount, partner_id = false) => ({
        payment_method_id,
        amount,
        partner_id,
    });
    const plan = [part(WALLET, 12, 10), part(WALLET, 12, 11), part(CASH, 8)];

    test("not when everybody gets their part", () => {
        expect(refundDeviates(plan, plan, currency)).toBe(false);
    });

    test("not when money comes another way", () => {
        const given = [part(WALLET, 12, 10), part(WALLET, 12, 11), part(3, 5), part(CASH, 3)];
        expect(refundDeviates(plan, given, currency)).toBe(false);
    });

    test("when cash takes the place of a wallet", () => {
        expect(refundDeviates(plan, [part(CASH, 32)], currency)).toBe(true);
    });

    test("when one member gets the other's part", () => {
        const given = [part(WALLET, 24, 10), part(CASH, 8)];
        expect(refundDeviates(plan, given, currency)).toBe(true);
    });

    test("not when cash is rounded", () => {
        const given = [part(WALLET, 12, 10), part(WALLET, 12, 11), part(CASH, 8.04)];
        expect(refundDeviates(plan, given, currency, 0.05)).toBe(false);
        expect(refundDeviates(plan, given, currency)).toBe(true);
    });
});

test("a PIN has 4 to 6 digits, a card number is not one", () => {
    expect(["0420", "123456"].map(isPin)).toEqual([true, true]);
    expect(["123", "1234567", "8800123456789012", "12a4", ""].map(isPin)).toEqual(
        Array(5).fill(false),
    );
});

test("new money alone tops a wallet up", () => {
    const types = ["cash", "bank", "member_wallet", "pay_later"];
    expect(types.filter((type) => canPayTopUp({ type }))).toEqual(["cash", "bank"]);
});
