import { patch } from "@web/core/utils/patch";
import { PosPrinterService } from "@point_of_sale/app/services/pos_printer_service";

/** Says what came out, at once or from the window in which the printer tries it again. */
patch(PosPrinterService.prototype, {
    async printHtml(el, options) {
        const isPrinted = await super.printHtml(...arguments);
        if (isPrinted) {
            options?.memberPrinted?.();
        }
        return isPrinted;
    },

    printWeb(el, options) {
        const isPrinted = super.printWeb(...arguments);
        if (isPrinted) {
            options?.memberPrinted?.();
        }
        return isPrinted;
    },
});
