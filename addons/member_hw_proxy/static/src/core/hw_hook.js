import { onMounted, onWillUnmount, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";

/** How the agent and its devices are, for a component that shows it. */
export function useHwState() {
    return useState(useService("member_hw").state);
}

/**
 * Get what the readers say as long as the component is there; the last one mounted gets it.
 *
 * @param {Object} listener see MemberHw.listen
 */
export function useHwReader(listener) {
    const hw = useService("member_hw");
    let end;
    onMounted(() => (end = hw.listen(listener)));
    onWillUnmount(() => end());
}
