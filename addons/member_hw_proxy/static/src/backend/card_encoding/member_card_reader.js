import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useHwReader, useHwState } from "@member_hw_proxy/core/hw_hook";

/** Beside a card number: a card that is put on the reader fills it in. */
export class MemberCardReader extends Component {
    static template = "member_hw_proxy.MemberCardReader";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.computer = useService("member_hw_computer");
        this.notification = useService("notification");
        this.hwState = useHwState();
        useHwReader({ card: ({ reading }) => this.onCard(reading) });
    }

    get isReady() {
        return this.hwState.status === "connected";
    }

    async onCard(reading) {
        const answer = await this.orm.call("member.hw.agent", "card", [
            this.computer.state.agentId,
            reading,
        ]);
        if (answer.status === "not_issued") {
            return this.props.record.update({ number: answer.number });
        }
        const sentences = {
            ok: _t("This card is issued to %(name)s already. Take another one.", answer),
            unknown_chip: _t(
                "There is no number of ours on this card. “Issue and Encode” writes one.",
            ),
        };
        this.notification.add(sentences[answer.status] || answer.message, { type: "warning" });
    }
}

registry.category("view_widgets").add("member_card_reader", { component: MemberCardReader });
