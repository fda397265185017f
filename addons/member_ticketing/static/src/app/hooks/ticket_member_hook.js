import { _t } from "@web/core/l10n/translation";
import { useMemberRead } from "@member_card/app/hooks/member_read_hook";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/**
 * Make the member whose card is read the order's customer, whose prices the popup shows then.
 *
 * @param {{message: string, busy: boolean}} state of the popup: says why a card is refused, and
 *  takes none while the server is asked for something
 */
export function useTicketMember(state) {
    const pos = usePos();
    useMemberRead(({ matches = [], message }) => {
        if (state.busy) {
            return;
        }
        const isOne = matches.length === 1;
        state.message = isOne ? "" : message || _t("No member found for this card.");
        if (isOne) {
            pos.setMember(matches[0]);
        }
    });
}
