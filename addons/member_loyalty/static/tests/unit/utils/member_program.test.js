import { expect, test } from "@odoo/hoot";
import { isProgramFor } from "@member_loyalty/app/utils/member_program";

const GOLD = 7;
const gold = { is_member: true, member_class_id: GOLD };
const ordinary = { is_member: true, member_class_id: 1 };
const stranger = { is_member: false };

test("a program without a condition is for everybody", () => {
    for (const customer of [gold, ordinary, stranger, undefined]) {
        expect(isProgramFor({ members_only: false, member_class_ids: [GOLD] }, customer)).toBe(
            true,
        );
    }
});

test("a program for members is for members of every class", () => {
    const program = { members_only: true, member_class_ids: [] };
    expect(isProgramFor(program, gold)).toBe(true);
    expect(isProgramFor(program, ordinary)).toBe(true);
    expect(isProgramFor(program, stranger)).toBe(false);
    expect(isProgramFor(program, undefined)).toBe(false);
});

test("a program for a class is for its members only", () => {
    const program = { members_only: true, member_class_ids: [GOLD] };
    expect(isProgramFor(program, gold)).toBe(true);
    expect(isProgramFor(program, ordinary)).toBe(false);
});
