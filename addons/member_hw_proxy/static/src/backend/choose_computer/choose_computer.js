import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { session } from "@web/session";

/** Says which of the paired computers this browser runs on, so that its reader is used. */
export class ChooseComputerDialog extends Component {
    static template = "member_hw_proxy.ChooseComputerDialog";
    static components = { Dialog };
    static props = { close: Function };

    setup() {
        this.action = useService("action");
        this.computer = useService("member_hw_computer");
        this.orm = useService("orm");
        this.chosen = useState(this.computer.state);
        this.setsUp = Boolean(session.member_hw?.sets_up);
        onWillStart(async () => {
            this.computers = await this.orm.searchRead(
                "member.hw.agent",
                [["state", "=", "paired"]],
                ["name", "store_id"],
            );
        });
    }

    choose(agentId) {
        this.computer.choose(agentId);
        this.props.close();
    }

    async pair() {
        this.props.close();
        await this.action.doAction(await this.orm.call("member.hw.agent", "action_pair", [[]]));
    }
}

registry.category("user_menuitems").add("member_hw_proxy.choose", (env) => ({
    type: "item",
    id: "member_hw_choose",
    description: _t("Card Reader of This Computer"),
    callback: () => env.services.dialog.add(ChooseComputerDialog),
    show: () => Boolean(session.member_hw?.reads_cards),
    sequence: 45,
}));
