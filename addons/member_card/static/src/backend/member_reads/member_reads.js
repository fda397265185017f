import { onMounted, onWillUnmount } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** Which screens want the member whose card is read, before it opens the member's form. */
export class MemberReads {
    constructor() {
        this.takers = [];
    }

    /** Let `taker` have the members whose cards are read, until what this returns is called. */
    take(taker) {
        this.takers.push(taker);
        return () => {
            this.takers = this.takers.filter((each) => each !== taker);
        };
    }

    /** Of several screens the one that was opened last; or nobody. */
    get taker() {
        return this.takers.at(-1);
    }
}

export const memberReadsService = { start: () => new MemberReads() };

registry.category("services").add("member_reads", memberReadsService);

/**
 * Get the members whose cards a reader reads while the component is there.
 *
 * @param {(found: {partner_id, name, number}) => void} taker gets whose usable card it is
 */
export function useMemberReads(taker) {
    const reads = useService("member_reads");
    let end;
    onMounted(() => (end = reads.take(taker)));
    onWillUnmount(() => end());
}
