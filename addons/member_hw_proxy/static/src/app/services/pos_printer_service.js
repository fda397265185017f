import { patch } from "@web/core/utils/patch";
import { browser } from "@web/core/browser/browser";
import { PosPrinterService } from "@point_of_sale/app/services/pos_printer_service";
import { PrinterProblemPopup } from "@member_hw_proxy/app/components/popups/printer_problem_popup/printer_problem_popup";
import { AgentPrinter } from "@member_hw_proxy/app/utils/agent_printer";

/** The sale waits so long for its receipt; what goes wrong later is said later. */
const PATIENCE_MS = 5_000;

patch(PosPrinterService.prototype, {
    async printHtml(el, options) {
        const { printer } = this.hardware_proxy;
        if (!(printer instanceof AgentPrinter)) {
            return super.printHtml(...arguments);
        }
        this.setPrinter(printer);
        const job = printer.printReceipt(el).then((result) => {
            if (!result.successful) {
                this.onAgentProblem(el, options, result);
            }
            return result;
        });
        let timer;
        const patience = new Promise((resolve) => {
            timer = browser.setTimeout(resolve, PATIENCE_MS, { successful: true });
        });
        const result = await Promise.race([job, patience]);
        browser.clearTimeout(timer);
        return result.successful ? result : undefined;
    },

    /** Nothing of the sale depends on it: print again, print later, or print by the browser. */
    onAgentProblem(el, options, { message }) {
        options?.memberNotPrinted?.();
        this.dialog.add(PrinterProblemPopup, {
            title: message.title,
            body: message.body,
            retry: () => this.printHtml(el, options),
            later: () =>
                this.hardware_proxy.pos.memberHardware.printLater(() =>
                    this.printHtml(el, options),
                ),
            printWeb: () => this.printWeb(el, options),
        });
    },
});
