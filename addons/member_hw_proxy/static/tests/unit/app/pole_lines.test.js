import { describe, expect, test } from "@odoo/hoot";
import {
    bareAmount,
    cutToWidth,
    displayWidth,
    fitPair,
    poleLines,
} from "@member_hw_proxy/app/utils/pole_lines";

const WORDS = {
    total: "Total",
    balance: "Balance",
    change: "Change",
    pay: "Wallet",
    after: "After",
    thanks: "Thank you",
};
const CHINESE = { ...WORDS, total: "合计", balance: "余额", pay: "储值", after: "余" };
const TEA = { productName: "Longjing Tea", price: "¥ 36.00", qty: "1", isSelected: false };
const FAN = { productName: "戏曲折扇（限量）", price: "¥ 1,268.00", qty: "2", isSelected: true };

const lines = (data, words = WORDS) => poleLines(data, { columns: 20, words });

describe("columns", () => {
    test("Chinese takes two, full-width forms as well, accents none", () => {
        expect(displayWidth("Tea")).toBe(3);
        expect(displayWidth("龙井茶")).toBe(6);
        expect(displayWidth("￥，")).toBe(4);
        expect(displayWidth("e\u0301")).toBe(1);
        expect(displayWidth("𠮷")).toBe(2);
    });

    test("a cut never halves a character", () => {
        expect(cutToWidth("龙井茶", 5)).toBe("龙井");
        expect(cutToWidth("龙井茶", 6)).toBe("龙井茶");
        expect(cutToWidth("a龙", 2)).toBe("a");
    });

    test("the number stays whole, the name gives way", () => {
        expect(fitPair("Longjing Tea, 50 g", "1,268.00", 20)).toBe("Longjing Te 1,268.00");
        expect(fitPair("龙井茶叶特级礼盒", "36.00", 20)).toBe("龙井茶叶特级礼 36.00");
        expect(displayWidth(fitPair("龙井茶叶特级礼盒装", "36.00", 20))).toBe(20);
        expect(fitPair("Tea", "5.00", 20)).toBe("Tea             5.00");
    });
});

test("only the figures of an amount are shown", () => {
    expect(bareAmount("¥ 1,268.00")).toBe("1,268.00");
    expect(bareAmount("1\u202f268,00 €")).toBe("1268,00");
    expect(bareAmount("-$ 5.00")).toBe("-5.00");
    expect(bareAmount(undefined)).toBe("");
});

describe("what is shown", () => {
    test("nothing without a sale", () => {
        expect(lines({})).toEqual(["", ""]);
    });

    test("a member who was read: masked name and balance", () => {
        const member = { name: "王*", balance: "¥ 86.00" };
        expect(lines({ member, lines: [] }, CHINESE)).toEqual(["王*", "余额           86.00"]);
    });

    test("a member who was chosen in the midst of a sale, before it goes on", () => {
        const member = { name: "Zed", balance: "¥ 86.00" };
        const data = { member, isMemberNews: true, lines: [TEA], amount: "¥ 36.00" };
        expect(lines(data)).toEqual(["Zed", "Balance        86.00"]);
    });

    test("the line that is worked on, and the total", () => {
        const data = { lines: [FAN, TEA], amount: "¥ 1,304.00", member: { name: "x" } };
        expect(lines(data)).toEqual(["2x 戏曲折扇 1,268.00", "Total       1,304.00"]);
        expect(lines({ lines: [TEA], amount: "¥ 36.00" })[0]).toBe("Longjing Tea   36.00");
    });

    test("what was paid, and the change", () => {
        const paymentLines = [{ name: "Cash", amount: "¥ 50.00" }];
        const data = { lines: [TEA], amount: "¥ 36.00", paymentLines };
        expect(lines(data)).toEqual(["Total          36.00", "Cash           50.00"]);
        expect(lines({ ...data, change: "¥ 14.00" })[1]).toBe("Change         14.00");
    });

    test("what the wallet will pay goes before all else, while the PIN is asked", () => {
        const memberOffer = { name: "Zed", amount: "¥ 36.00", after: "¥ 50.00" };
        const data = { lines: [TEA], amount: "¥ 36.00", memberOffer, paymentLines: [] };
        expect(lines(data)).toEqual(["Wallet         36.00", "After          50.00"]);
    });

    test("thanks after the sale, with the change if there is any", () => {
        const data = { finalized: true, lines: [TEA], change: "¥ 14.00" };
        expect(lines(data)).toEqual(["Thank you", "Change         14.00"]);
        expect(lines({ ...data, change: 0 })).toEqual(["Thank you", ""]);
    });

    test("no line is ever wider than the pole", () => {
        for (const columns of [8, 16, 20, 40]) {
            for (const data of [
                { lines: [FAN], amount: "¥ 1,234,567.00" },
                { member: { name: "慕容皝慕容皝慕容皝慕容皝", balance: "1,234,567.00" } },
                { finalized: true, change: "¥ 1,234,567.00" },
            ]) {
                const widths = poleLines(data, { columns, words: CHINESE }).map(displayWidth);
                expect(Math.max(...widths)).toBeLessThan(columns + 1);
            }
        }
    });
});
