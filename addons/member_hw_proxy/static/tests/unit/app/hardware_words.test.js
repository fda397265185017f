import { expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import {
    describeAgent,
    describeDevice,
    summarize,
} from "@member_hw_proxy/app/utils/hardware_words";
import { PRINTER, READER } from "@member_hw_proxy/../tests/unit/fake_agent";

const state = (devices, status = "connected") => ({ status, code: "", message: "", devices });

test("a device that works needs no words", () => {
    expect(describeDevice(PRINTER)).toEqual({ level: "ok", text: "" });
});

test("little paper is a warning, none is an error", () => {
    allowTranslations();
    expect(describeDevice({ ...PRINTER, code: "paper_low" }).level).toBe("warning");
    const out = describeDevice({ ...PRINTER, state: "error", code: "paper_out" });
    expect(out.level).toBe("danger");
    expect(out.text).toMatch(/roll/);
});

test("what is not plugged in says so", () => {
    allowTranslations();
    expect(describeDevice({ ...READER, state: "disconnected" }).text).toMatch(/Plug it in/);
});

test("Odoo's refusal is told in Odoo's words", () => {
    allowTranslations();
    const refused = { status: "refused", code: "revoked", message: "Pair it again." };
    expect(describeAgent(refused)).toEqual({ level: "danger", text: "Pair it again." });
});

test("the button says the worst: the agent, then what is broken, then what will be", () => {
    allowTranslations();
    const low = { ...PRINTER, code: "paper_low" };
    const gone = { ...READER, state: "disconnected", code: "no_device" };
    expect(summarize(state({ low, gone })).label).toBe("ACR122U");
    expect(String(summarize(state({ low })).label)).toBe("Paper is low");
    expect(summarize(state({ PRINTER, READER }))).toEqual({ level: "ok", label: "", text: "" });
    const away = { ...state({ gone }, "disconnected"), code: "agent_down" };
    expect(String(summarize(away).label)).toBe("Devices offline");
    expect(summarize({ ...away, status: "connecting", code: "" }).level).toBe("busy");
});
