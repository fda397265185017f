import { _t } from "@web/core/l10n/translation";
import { Mutex } from "@web/core/utils/concurrency";
import { uuidv4 } from "@point_of_sale/utils";
import { BasePrinter } from "@point_of_sale/app/utils/printer/base_printer";
import { HwError, describeProblem } from "@member_hw_proxy/core/hw_errors";

/**
 * The receipt printer behind the hardware agent.
 *
 * A receipt has one key however often it is tried, so that a lost answer prints nothing twice.
 */
export class AgentPrinter extends BasePrinter {
    /**
     * @param {object} params
     * @param {(action: string, params: object, key: string) => Promise} params.ask the printer
     * @param {(problem: string, retry: Function) => void} params.onDrawerProblem
     */
    setup({ ask, onDrawerProblem }) {
        super.setup(...arguments);
        this.ask = ask;
        this.onDrawerProblem = onDrawerProblem;
        this.mutex = new Mutex();
        this.keys = new WeakMap();
    }

    /** One receipt after the other; the same element is the same receipt until it is printed. */
    printReceipt(receipt) {
        return this.mutex.exec(async () => {
            this.key = receipt && (this.keys.get(receipt) || uuidv4());
            if (receipt) {
                this.keys.set(receipt, this.key);
            }
            const result = await super.printReceipt(receipt);
            if (result.successful && receipt) {
                this.keys.delete(receipt);
            }
            return result;
        });
    }

    async sendPrintingJob(image) {
        try {
            const done = await this.ask("print_image", { image }, this.key);
            return { result: true, warning: done?.warning };
        } catch (error) {
            if (error instanceof HwError) {
                return { result: false, errorCode: error.code, detail: error.detail };
            }
            throw error;
        }
    }

    async openCashbox(key = uuidv4()) {
        try {
            await this.ask("open_drawer", {}, key);
        } catch (error) {
            if (!(error instanceof HwError)) {
                throw error;
            }
            this.onDrawerProblem(describeProblem(error), () => this.openCashbox(key));
        }
    }

    getResultsError({ errorCode, detail } = {}) {
        return {
            successful: false,
            canRetry: true,
            errorCode,
            message: {
                title: _t("The receipt was not printed"),
                body: describeProblem({ code: errorCode, detail }),
            },
        };
    }

    getResultWarningCode(printResult) {
        const isLow = printResult?.warning === "paper_low";
        return isLow ? "ROLL_PAPER_HAS_ALMOST_RUN_OUT" : undefined;
    }
}
