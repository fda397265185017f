import { Component, onWillStart, useRef, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { registry } from "@web/core/registry";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { gridRows, neighbour } from "./member_policy_rows";

const MODEL = "member.ticket.policy";
const PLACES = {
    "event.event": { place: "event_id", ticket: "ticket_id" },
    "event.type": { place: "event_type_id", ticket: "type_ticket_id" },
};

/**
 * Who pays what: a row for each ticket (and slot), a column for the public and for each
 * class. All words come from the server; a policy is edited in its own form.
 */
export class MemberPolicyGrid extends Component {
    static template = "member_ticketing.MemberPolicyGrid";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.table = useRef("table");
        this.state = useState({ grid: null, slotId: 0 });
        onWillStart(() => this.load());
        // a saved record has other tickets, dates or policies than before
        useRecordObserver((record) => {
            const key = `${record.resId}/${record.data.write_date || ""}/${record.dirty}`;
            if (this.loadedFor && key !== this.loadedFor && !record.dirty) {
                this.load();
            }
        });
    }

    get record() {
        return this.props.record;
    }

    get canEdit() {
        return Boolean(this.state.grid?.can_edit);
    }

    get rows() {
        return gridRows(this.state.grid, this.state.slotId);
    }

    async load() {
        const { resId, resModel } = this.record;
        this.loadedFor = `${resId}/${this.record.data.write_date || ""}/${this.record.dirty}`;
        if (resId) {
            this.state.grid = await this.orm.call(resModel, "member_policy_grid", [resId]);
        }
    }

    /** Rows of slots are many: only those of one slot, and those with policies, show. */
    chooseSlot(ev) {
        this.state.slotId = Number(ev.target.value);
    }

    cellClass(policy) {
        const colors = { danger: "border-danger", warning: "border-warning" };
        return colors[policy.severity] || "";
    }

    addLabel(row, column) {
        return _t("Add a policy: %(place)s, %(buyers)s", {
            place: [row.name, row.slot].filter(Boolean).join(" "),
            buyers: column.name,
        });
    }

    /** What is typed on the form and not saved yet would be missing in the grid. */
    async saveFirst() {
        return !(await this.record.isDirty()) || this.record.save();
    }

    async startWith() {
        if (await this.record.save()) {
            await this.load();
        }
    }

    async add(row, column) {
        if (!(await this.saveFirst())) {
            return;
        }
        const { place, ticket } = PLACES[this.record.resModel];
        this.openForm({
            title: _t("New Sales Policy"),
            context: {
                member_policy_grid: true,
                [`default_${place}`]: this.record.resId,
                [`default_${ticket}`]: row.ticketId || false,
                default_slot_id: row.slotId || false,
                default_class_id: column.class_id || false,
            },
        });
    }

    async edit(policyId) {
        if (!(await this.saveFirst())) {
            return;
        }
        this.openForm({
            title: _t("Sales Policy"),
            resId: policyId,
            readonly: !this.canEdit,
            context: { member_policy_grid: true },
            removeRecord: this.canEdit ? () => this.archive(policyId) : undefined,
        });
    }

    openForm(props) {
        this.dialog.add(FormViewDialog, {
            resModel: MODEL,
            canExpand: false,
            size: "lg",
            onRecordSaved: () => this.load(),
            ...props,
        });
    }

    /** Sold tickets keep their policy, so it is archived and never deleted here. */
    async archive(policyId) {
        await this.orm.call(MODEL, "action_archive", [[policyId]]);
        await this.load();
    }

    async copyFrom() {
        if (!(await this.saveFirst())) {
            return;
        }
        const { resId, resModel } = this.record;
        const context = { active_model: resModel, active_id: resId, active_ids: [resId] };
        await this.action.doAction("member_ticketing.member_ticket_policy_copy_action", {
            additionalContext: context,
            onClose: () => this.load(),
        });
    }

    /** Arrows walk through the cells. */
    onKeydown(ev) {
        const cells = [...this.table.el.querySelectorAll("tbody tr")].map((row) => [
            ...row.querySelectorAll("td"),
        ]);
        const cell = neighbour(cells, ev.target.closest("td"), ev.key);
        const button = cell?.querySelector("button");
        if (button) {
            ev.preventDefault();
            button.focus();
        }
    }
}

export const memberPolicyGrid = {
    component: MemberPolicyGrid,
    fieldDependencies: [{ name: "write_date", type: "datetime" }],
};

registry.category("view_widgets").add("member_policy_grid", memberPolicyGrid);
