import { _t } from "@web/core/l10n/translation";
import { HwError } from "@member_hw_proxy/core/hw_errors";
import { poleLines } from "@member_hw_proxy/app/utils/pole_lines";

/** What most displays have; the first answer of this one says what it has. */
const COLUMNS = 20;

/** The till's pole display: shows the latest, never more than one message on its way. */
export class PoleDisplay {
    /**
     * @param {() => (lines: string[]) => Promise<{columns?: number}>} find how the pole that is
     *  there now is asked to show lines; null while there is none
     */
    constructor(find) {
        this.find = find;
        this.columns = COLUMNS;
        this.data = null;
        this.shown = "";
        this.isBusy = false;
        this.member = this.news = "";
    }

    get words() {
        return {
            total: _t("Total"),
            balance: _t("Balance"),
            change: _t("Change"),
            pay: _t("Wallet"),
            after: _t("After"),
            thanks: _t("Thank you"),
        };
    }

    show(data) {
        this.data = { ...data, isMemberNews: this.isNews(data) };
        return this.refresh();
    }

    /** A member is shown until the sale goes on, then the sale is. */
    isNews({ member, lines, amount, paymentLines }) {
        const who = member ? `${member.name} ${member.balance}` : "";
        const sale = JSON.stringify([lines, amount, paymentLines]);
        if (who !== this.member) {
            this.member = who;
            this.news = who && sale;
        }
        return Boolean(who) && this.news === sale;
    }

    /** The display was away: what it shows is not known. */
    forget() {
        this.shown = "";
        return this.refresh();
    }

    async refresh() {
        if (this.isBusy) {
            return;
        }
        this.isBusy = true;
        try {
            await this.showLatest();
        } catch (error) {
            // a display that is away is shown by the status; it gets the latest when it is back
            if (!(error instanceof HwError)) {
                throw error;
            }
        } finally {
            this.isBusy = false;
        }
    }

    async showLatest() {
        for (;;) {
            const show = this.data && this.find();
            if (!show) {
                return;
            }
            const lines = poleLines(this.data, { columns: this.columns, words: this.words });
            const text = lines.join("\n");
            if (text === this.shown) {
                return;
            }
            const told = await show(lines);
            this.shown = text;
            // a narrower one has cut the figures off: it is shown them anew
            this.columns = told?.columns || this.columns;
        }
    }
}
