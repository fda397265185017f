import { Component } from "@odoo/owl";
import { formatCurrency } from "@web/core/currency";
import { generateQRCodeDataUrl } from "@point_of_sale/utils";

/**
 * Tickets for the receipt printer, one slip for each seat with the code that the door scans.
 *
 * `tickets` are as the server's `_member_slip_data` makes them: `{id, barcode, event, when, place,
 * ticket, name, price, currency_id, member, member_number, order}`.
 */
export class MemberTicketSlips extends Component {
    static template = "member_ticketing.MemberTicketSlips";
    static props = { tickets: Array, shop: Object };

    qrCode({ barcode }) {
        return generateQRCodeDataUrl(barcode, { width: 200, height: 200 });
    }

    formatPrice({ price, currency_id: currencyId }) {
        return formatCurrency(price, currencyId);
    }
}
