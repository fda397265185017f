import { describe, expect, test } from "@odoo/hoot";
import { isCardNumber, joinPrefill, takeScan } from "@member_card/app/utils/member_join";

const CARD = "8800000000000013";

describe("isCardNumber", () => {
    test("has a right check digit and is long enough", () => {
        expect(isCardNumber(CARD)).toBe(true);
        expect(isCardNumber("8800000000000014")).toBe(false);
        expect(isCardNumber("18")).toBe(false);
        expect(isCardNumber("")).toBe(false);
        expect(isCardNumber("88000000000000x3")).toBe(false);
    });
});

describe("takeScan", () => {
    test("a scan is found behind what was typed before", () => {
        expect(takeScan(CARD)).toEqual({ rest: "", number: CARD });
        expect(takeScan(`Cao Fei${CARD}`)).toEqual({ rest: "Cao Fei", number: CARD });
        expect(takeScan(`13800138000${CARD}`)).toEqual({ rest: "13800138000", number: CARD });
    });

    test("names, phones, PINs and mistyped numbers are none", () => {
        for (const text of [
            "Cao Fei",
            "+8613800138000",
            "2580",
            "8800000000000014",
            "79927398713",
            "",
        ]) {
            expect(takeScan(text)).toBe(null);
        }
    });
});

describe("joinPrefill", () => {
    test("each goes into its field", () => {
        expect(joinPrefill(CARD)).toEqual({ card_number: CARD });
        expect(joinPrefill("8800 0000 0000 0013")).toEqual({ card_number: CARD });
        expect(joinPrefill(" 138-0013-8000 ")).toEqual({ phone: "138-0013-8000" });
        expect(joinPrefill("+86 138 0013 8000")).toEqual({ phone: "+86 138 0013 8000" });
        expect(joinPrefill("曹菲")).toEqual({ name: "曹菲" });
        expect(joinPrefill("42")).toEqual({ name: "42" });
    });
});
