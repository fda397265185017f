import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useBarcodeReader } from "@point_of_sale/app/hooks/barcode_reader_hook";
import { useMemberRead } from "@member_card/app/hooks/member_read_hook";
import { describeCard, takeEnter, whileBusy } from "@member_card/app/utils/member_popup";

/** Scan the card that a member gets; or, of a lost one, only block it. */
export class MemberNewCardPopup extends Component {
    static template = "member_card.MemberNewCardPopup";
    static components = { Dialog };
    static props = {
        title: String,
        text: String,
        submit: Function,
        onlyBlock: { type: Function, optional: true },
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.state = useState({ number: "", message: "", busy: false });
        this.input = useRef("number");
        onMounted(() => this.input.el.focus());
        const onScan = ({ code }) => {
            this.state.number = code;
            return this.confirm();
        };
        useBarcodeReader({ member: onScan, product: onScan, client: onScan }, true);
        useMemberRead((answer) => {
            if (answer.number) {
                return onScan({ code: answer.number });
            }
            this.state.message = describeCard(answer);
        });
    }

    onKeydown(ev) {
        if (takeEnter(ev)) {
            this.confirm();
        }
    }

    confirm() {
        if (!this.state.number.trim()) {
            this.state.message = _t("Scan the new card, or type its number.");
            this.input.el.focus();
            return;
        }
        return this.run(() => this.props.submit(this.state.number));
    }

    onlyBlock() {
        return this.run(() => this.props.onlyBlock());
    }

    async run(ask) {
        if (this.state.busy) {
            return;
        }
        const answer = await whileBusy(this.state, ask);
        if (answer.status !== "ok") {
            this.state.message = answer.message;
            this.input.el?.select();
            return;
        }
        this.props.getPayload(answer);
        this.props.close();
    }
}
