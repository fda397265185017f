import { onMounted, onWillUnmount } from "@odoo/owl";
import { usePos } from "@point_of_sale/app/hooks/pos_hook";

/**
 * Get what is known of a card that is read while the component is there; of several components
 * the last one gets it, and the sale behind them does not.
 *
 * @param {(answer: {status, message?, matches?, number?}) => void} taker gets what the server
 *  answered: `matches` are whose card it is, `number` is that of a card that nobody has
 */
export function useMemberRead(taker) {
    const { memberTill } = usePos();
    let end;
    onMounted(() => (end = memberTill.takeReads(taker)));
    onWillUnmount(() => end());
}
