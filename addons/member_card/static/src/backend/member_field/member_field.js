import { registry } from "@web/core/registry";
import { buildM2OFieldDescription, Many2OneField } from "@web/views/fields/many2one/many2one_field";
import { useMemberReads } from "@member_card/backend/member_reads/member_reads";

/** A member of a dialog or form: typed, scanned, or put on a reader of this computer. */
export class MemberField extends Many2OneField {
    setup() {
        super.setup();
        useMemberReads((found) => this.onRead(found));
    }

    onRead({ partner_id: id, name }) {
        const { name: field, readonly, record } = this.props;
        return !readonly && record.update({ [field]: { id, display_name: name } });
    }
}

registry.category("fields").add("member_many2one", {
    ...buildM2OFieldDescription(MemberField),
});
