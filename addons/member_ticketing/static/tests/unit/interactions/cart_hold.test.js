import { describe, expect, test } from "@odoo/hoot";
import { advanceTime, freezeTime } from "@odoo/hoot-mock";
import { setupInteractionWhiteList, startInteractions } from "@web/../tests/public/helpers";
import { clearRegistry } from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { asClock } from "@member_ticketing/interactions/cart_hold";

setupInteractionWhiteList("member_ticketing.cart_hold");
describe.current.tags("interaction_dev");

/** Start what is on a page of the website, which has none of the till's services. */
async function startPage(html) {
    const services = registry.category("services");
    const needed = new Map();
    const need = (name) => {
        if (!needed.has(name)) {
            needed.set(name, services.get(name));
            needed.get(name).dependencies?.forEach(need);
        }
    };
    need("public.interactions");
    clearRegistry(services);
    needed.forEach((service, name) => services.add(name, service));
    await startInteractions(html);
}

const hold = (seconds) => `
    <div class="o_member_cart_hold" data-seconds-left="${seconds}">
        <div class="o_member_hold_running alert"><b class="o_member_hold_clock"></b></div>
        <div class="o_member_hold_over d-none"><form><button>Again</button></form></div>
    </div>`;

test("a clock says minutes and seconds", () => {
    expect(asClock(725)).toBe("12:05");
    expect(asClock(0.2)).toBe("0:01");
    expect(asClock(-5)).toBe("0:00");
});

test("the time is counted down, warns, and ends with a way out", async () => {
    freezeTime(); // only what is advanced goes by
    await startPage(hold(125));
    expect(".o_member_hold_clock").toHaveText("2:05");
    expect(".o_member_hold_running").toHaveClass("alert-info");
    await advanceTime(10_000);
    expect(".o_member_hold_clock").toHaveText("1:55");
    expect(".o_member_hold_running").toHaveClass("alert-warning");
    expect(".o_member_hold_over").toHaveClass("d-none");
    await advanceTime(120_000);
    expect(".o_member_hold_running").toHaveClass("d-none");
    expect(".o_member_hold_over").not.toHaveClass("d-none");
    expect(".o_member_hold_over button").toBeVisible();
});

test("seats that are not held any more say so at once", async () => {
    await startPage(hold(0));
    expect(".o_member_hold_running").toHaveClass("d-none");
    expect(".o_member_hold_over").not.toHaveClass("d-none");
});
