import { expect, getFixture, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { HwError } from "@member_hw_proxy/core/hw_errors";
import { AgentPrinter } from "@member_hw_proxy/app/utils/agent_printer";

/** A printer whose picture is fixed; `outcomes` are errors or values, one for each attempt. */
function setupPrinter(outcomes = []) {
    allowTranslations();
    getFixture().insertAdjacentHTML("beforeend", '<div class="render-container"></div>');
    const jobs = [];
    const problems = [];
    class TestPrinter extends AgentPrinter {
        processCanvas() {
            return "picture";
        }
    }
    const printer = new TestPrinter({
        ask: async (action, params, key) => {
            jobs.push({ action, params, key });
            const outcome = outcomes.shift();
            if (outcome instanceof Error) {
                throw outcome;
            }
            return outcome;
        },
        onDrawerProblem: (text, retry) => problems.push({ text, retry }),
    });
    return { printer, jobs, problems };
}

function receipt() {
    const el = document.createElement("div");
    el.textContent = "Receipt";
    return el;
}

test("a receipt is a picture under a key of its own", async () => {
    const { printer, jobs } = setupPrinter();
    const results = [await printer.printReceipt(receipt()), await printer.printReceipt(receipt())];
    expect(results.map(({ successful }) => successful)).toEqual([true, true]);
    expect(jobs[0]).toMatchObject({ action: "print_image", params: { image: "picture" } });
    expect(jobs[0].key).not.toBe(jobs[1].key);
});

test("the same receipt keeps its key until it is printed", async () => {
    const { printer, jobs } = setupPrinter([new HwError("timeout"), new HwError("paper_out")]);
    const el = receipt();
    const first = await printer.printReceipt(el);
    expect(first).toMatchObject({ successful: false, canRetry: true, errorCode: "timeout" });
    const second = await printer.printReceipt(el);
    expect(second.message.body).toMatch(/no paper/);
    expect((await printer.printReceipt(el)).successful).toBe(true);
    expect(new Set(jobs.map(({ key }) => key)).size).toBe(1);
    // asked for again after it was printed, it is meant to be printed again
    await printer.printReceipt(el);
    expect(new Set(jobs.map(({ key }) => key)).size).toBe(2);
});

test("two receipts at once do not share a key", async () => {
    const { printer, jobs } = setupPrinter();
    await Promise.all([printer.printReceipt(receipt()), printer.printReceipt(receipt())]);
    expect(new Set(jobs.map(({ key }) => key)).size).toBe(2);
});

test("little paper is told with a receipt that was printed", async () => {
    const { printer } = setupPrinter([{ printed: true, warning: "paper_low" }]);
    const { warningCode } = await printer.printReceipt(receipt());
    expect(warningCode).toBe("ROLL_PAPER_HAS_ALMOST_RUN_OUT");
});

test("a drawer that does not open says why, and is tried again under the same key", async () => {
    const { printer, jobs, problems } = setupPrinter([new HwError("offline")]);
    await printer.openCashbox();
    expect(problems[0].text).toMatch(/offline/);
    problems[0].retry();
    await animationFrame();
    expect(jobs.map(({ action }) => action)).toEqual(["open_drawer", "open_drawer"]);
    expect(jobs[0].key).toBe(jobs[1].key);
    expect(problems).toHaveLength(1);
});
