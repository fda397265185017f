import { HwError } from "@member_hw_proxy/core/hw_errors";
import { EncodingAnswers } from "@member_hw_proxy/backend/card_encoding/card_encoding_answers";

/**
 * What happens at a card writer, one card after the other; no screen in here.
 *
 * The server knows after each step what the chip can be, and the agent looks before it writes.
 * So this may be thrown away at any moment and started again: it asks the server where it was.
 *
 * @param {Object} server the verbs of `member.card.encoding`, each answering `{status, …}`
 * @param {Object} writer inspect(), write(order), format(order); throw HwError
 * @param {() => void} leave goes back to the queue
 */
export class CardEncodingStation extends EncodingAnswers {
    constructor({ server, writer, leave = () => {} }) {
        super();
        this.server = server;
        this.writer = writer;
        this.leave = leave;
        /** One thing at a time; what comes meanwhile is looked at afterwards. */
        this.isBusy = false;
        this.isEncoding = false;
        this.wantsLoad = false;
        this.wantsPause = false;
        /** The reading of a card that came while something else was going on. */
        this.arrived = null;
        /** Whether the card lies there still, as far as the reader tells. */
        this.isCardThere = false;
        /** The end of what tells that card from others, as the reader masks it. */
        this.masked = "";
    }

    async run(act) {
        if (this.isBusy) {
            return;
        }
        this.isBusy = true;
        try {
            await act();
        } finally {
            this.isBusy = false;
        }
        await this.afterwards();
    }

    /** Look at what came while we were busy. */
    async afterwards() {
        const { arrived, state, wantsLoad, wantsPause } = this;
        if (wantsLoad) {
            this.wantsLoad = false;
            await this.load();
        } else if (wantsPause && state.step !== "problem") {
            this.wantsPause = false;
            await this.pause();
        } else if (state.step === "take" && !state.notice && (arrived || !this.isCardThere)) {
            // it was taken away before we knew
            await this.next();
        } else if (state.step === "put" && arrived) {
            this.arrived = null;
            await this.onCard(arrived);
        }
    }

    // === WHAT A PERSON DOES === //

    /** Take the number of before, or the next, and look what lies on the writer already. */
    load() {
        this.wantsLoad = this.isBusy;
        return this.run(() => this.toLoad());
    }

    reload() {
        return this.load();
    }

    /** Ask for the next number and for its card. */
    next() {
        return this.run(() => this.toNext());
    }

    /** Ask for another card for the same number. */
    another() {
        return this.run(() => this.toAnother());
    }

    /** A card on the writer is finished first. */
    pause() {
        this.wantsPause = this.isBusy;
        return this.run(() =>
            this.ask(
                () => this.server.pause(),
                (answer) => this.show(answer),
            ),
        );
    }

    resume() {
        return this.run(() =>
            this.ask(
                () => this.server.resume(),
                () => this.toLoad(),
            ),
        );
    }

    stop() {
        return this.run(() =>
            this.ask(
                () => this.server.stop(),
                (answer) => this.show(answer),
            ),
        );
    }

    skip() {
        return this.run(() =>
            this.ask(
                () => this.server.skip(this.state.line.id),
                () => this.toNext(),
            ),
        );
    }

    /** The number goes on another chip than before. */
    giveUpCard() {
        return this.run(() => this.toRetry());
    }

    retryLine() {
        return this.giveUpCard();
    }

    retryFailed() {
        return this.run(() =>
            this.ask(
                () => this.server.retryFailed(),
                () => this.toNext(),
            ),
        );
    }

    /** Look again and write. */
    again() {
        return this.run(async () => {
            const seen = await this.seen();
            if (seen) {
                await this.encode(seen.reading);
            }
        });
    }

    /** Empty the chip on the writer, then write it. */
    erase() {
        this.receipt = null;
        return this.run(async () => {
            const seen = await this.seen();
            if (seen && (await this.toErase(seen.reading))) {
                await this.toLoad();
            }
        });
    }

    /** The server is back: what it did not hear yet first. */
    resend() {
        return this.receipt ? this.run(() => this.confirm()) : this.load();
    }

    // === WHAT THE READER TELLS === //

    /** A card was put on the writer. */
    onCard(reading, masked = "") {
        const isSame = this.isCardThere && masked && masked === this.masked;
        const isAgain = this.isEncoding && this.isCardThere;
        this.isCardThere = true;
        this.masked = masked;
        if (this.isBusy) {
            this.arrived = isAgain ? this.arrived : reading;
            return;
        }
        const { step, problem } = this.state;
        if (step === "take" && isSame) {
            // announced late: we had looked for it, and have written it
            return;
        }
        return this.run(async () => {
            if (step === "take") {
                // the reader did not tell that the last card went
                await this.toNext();
            } else if (step === "problem" && problem.endsWithCard) {
                await this.toAnother();
            }
            if (this.state.step === "put" || (step === "problem" && problem.waitsForCard)) {
                await this.encode(reading);
            }
        });
    }

    onCardRemoved() {
        this.isCardThere = false;
        this.arrived = null;
        const { notice, step, problem } = this.state;
        if (step === "take" && !notice) {
            return this.next();
        }
        if (step === "problem" && problem.endsWithCard) {
            return this.another();
        }
    }

    /** What cannot be announced, such as a blank contact chip, is looked for. */
    look() {
        return this.run(() => this.toLook());
    }

    // === STEPS === //

    async toLoad() {
        await this.toNext();
        if (this.state.step === "put") {
            await this.toLook();
        }
    }

    toNext() {
        return this.ask(
            () => this.server.next(),
            (answer) => this.show(answer),
        );
    }

    toRetry() {
        return this.ask(
            () => this.server.retry(this.state.line.id),
            () => this.toNext(),
        );
    }

    toAnother() {
        // a number that failed is put back first
        return this.state.line?.state === "failed" ? this.toRetry() : this.toNext();
    }

    /** Write what lies on the writer, if anything does. */
    async toLook() {
        let seen;
        try {
            seen = await this.writer.inspect();
        } catch (error) {
            // nothing lies there, or the reader will tell
            return this.isOurs(error);
        }
        if (seen.present) {
            this.found(seen);
            await this.encode(seen.reading);
        }
    }

    /** Take what lies there for what was announced while we looked. */
    found(seen) {
        this.isCardThere = true;
        this.masked = seen.masked;
        this.arrived = null;
    }

    /** What lies on the writer; says so if nothing does. */
    async seen() {
        try {
            const seen = await this.writer.inspect();
            if (seen.present) {
                this.found(seen);
                return seen;
            }
            this.refuse(new HwError("no_card"));
        } catch (error) {
            this.isOurs(error);
            this.refuse(error);
        }
    }

    /** Order, write, confirm; the screen says how it went. */
    async encode(reading) {
        if (!this.state.line) {
            return;
        }
        this.isEncoding = true;
        this.state.step = "working";
        try {
            await this.ask(
                () => this.server.begin(this.state.line.id, reading || null),
                (answer) => this.write(answer),
            );
        } finally {
            this.isEncoding = false;
        }
    }

    async write(answer) {
        this.take(answer);
        const { id } = this.state.line;
        let written;
        try {
            written = await this.writer.write(answer.order);
        } catch (error) {
            this.isOurs(error);
            return this.ask(
                () => this.server.fail(id, error.code, error.detail),
                (failed) => {
                    this.take(failed);
                    this.refuse(error);
                },
            );
        }
        this.receipt = [id, written.receipt];
        await this.confirm();
    }

    async confirm() {
        await this.ask(
            () => this.server.confirm(...this.receipt),
            (answer) => {
                this.receipt = null;
                this.take(answer);
                this.state.notice = answer.notice || "";
                this.state.step = "take";
            },
        );
    }

    async toErase(reading) {
        let isErased = false;
        const erase = async ({ order }) => {
            const { receipt } = await this.writer.format(order);
            await this.ask(
                () => this.server.formatConfirm(receipt),
                () => (isErased = true),
            );
        };
        try {
            await this.ask(() => this.server.formatBegin(reading), erase);
        } catch (error) {
            this.isOurs(error);
            this.refuse(error);
        }
        return isErased;
    }

    /** Do what a button of a problem says. */
    act(name) {
        return this[name]();
    }
}
