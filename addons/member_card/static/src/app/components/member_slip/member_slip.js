import { Component } from "@odoo/owl";

/**
 * A slip on the receipt printer that is no receipt: balance, one entry, a refund.
 *
 * `slip` is `{title, member, card_masked, lines: [{label, value, strong}], footer, date, operator}`,
 * all texts as they are printed; `shop` is `{logoUrl, name, header, phone}`.
 */
export class MemberSlip extends Component {
    static template = "member_card.MemberSlip";
    static props = { slip: Object, shop: { type: Object, optional: true } };
}
