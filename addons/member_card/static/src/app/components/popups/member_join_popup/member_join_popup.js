import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { _t } from "@web/core/l10n/translation";
import { useBarcodeReader } from "@point_of_sale/app/hooks/barcode_reader_hook";
import { MemberKeypad } from "@member_card/app/components/member_keypad/member_keypad";
import { useMemberRead } from "@member_card/app/hooks/member_read_hook";
import { takeScan } from "@member_card/app/utils/member_join";
import { describeCard, takeEnter, whileBusy } from "@member_card/app/utils/member_popup";

/** Fields in the order in which Enter goes through them. */
const FIELDS = ["name", "phone", "card_number", "pin", "pin_again", "topup"];

/** Fields that the pad types into. */
const DIGITS = FIELDS.slice(1);

/**
 * Somebody joins: who, which class, the card, a PIN, the first top-up.
 *
 * A scanner types into whatever field has the focus, so a card's number is taken out of any of
 * them and put where it belongs. Who has the phone already is shown at once and can be tapped.
 */
export class MemberJoinPopup extends Component {
    static template = "member_card.MemberJoinPopup";
    static components = { Dialog, MemberKeypad };
    static props = {
        prefill: Object,
        classes: Array,
        rights: Array,
        known: Function,
        submit: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        const { prefill, classes } = this.props;
        const usual = classes.find((each) => each.is_default) || classes[0];
        this.state = useState({
            name: "",
            phone: "",
            card_number: "",
            pin: "",
            pin_again: "",
            topup: "",
            class_id: usual?.id,
            partner_id: false,
            ...prefill,
            errors: {},
            matches: [],
            message: "",
            busy: false,
        });
        this.focused = "name";
        this.form = useRef("form");
        onMounted(() => {
            this.goTo(FIELDS.find((name) => this.offers(name) && !this.state[name]));
            if (this.state.phone) {
                this.checkPhone();
            }
        });
        const onScan = ({ code }) => this.onScan(code);
        useBarcodeReader({ member: onScan, product: onScan, client: onScan }, true);
        useMemberRead((answer) => this.onRead(answer));
    }

    /** Fields that this user has no right to are not there. */
    offers(name) {
        const rights = { card_number: "card_issue", topup: "topup" };
        return !rights[name] || this.props.rights.includes(rights[name]);
    }

    get amount() {
        return this.env.utils.parseValidFloat(this.state.topup.trim());
    }

    get holdsMoney() {
        const chosen = this.props.classes.find((each) => each.id === this.state.class_id);
        return Boolean(chosen?.holds_money);
    }

    // === TYPING === //

    goTo(name) {
        this.form.el?.querySelector(`[name="${name}"]`)?.focus();
    }

    onFocus(name) {
        this.focused = name;
    }

    onInput(name) {
        delete this.state.errors[name];
        this.state.message = "";
    }

    onClass(ev) {
        this.state.class_id = Number(ev.target.value);
        delete this.state.errors.topup;
        delete this.state.errors.class_id;
    }

    edit(change) {
        const name = DIGITS.includes(this.focused) ? this.focused : "phone";
        this.state[name] = change(this.state[name]);
        this.onInput(name);
        if (name !== this.focused) {
            this.goTo(name);
        }
    }

    onScan(code) {
        this.state.card_number = code;
        this.onInput("card_number");
        this.goTo(FIELDS.find((name) => this.offers(name) && !this.state[name]));
    }

    /** A card on the reader is the new member's, unless it is somebody's. */
    onRead(answer) {
        if (answer.number) {
            return this.onScan(answer.number);
        }
        this.state.errors.card_number = describeCard(answer);
    }

    onKeydown(name, ev) {
        if (!takeEnter(ev)) {
            return;
        }
        const scan = name !== "card_number" && this.offers("card_number");
        const found = scan && takeScan(this.state[name]);
        if (found) {
            this.state[name] = found.rest;
            return this.onScan(found.number);
        }
        const next = FIELDS.slice(FIELDS.indexOf(name) + 1).find((each) => this.offers(each));
        return next ? this.goTo(next) : this.confirm();
    }

    // === WHO IS KNOWN === //

    async checkPhone() {
        const phone = this.state.phone.trim();
        if (!phone || phone === this.checkedPhone || takeScan(phone)) {
            return;
        }
        this.checkedPhone = phone;
        const answer = await this.props.known(phone);
        if (phone !== this.state.phone.trim()) {
            return;
        }
        this.state.matches = (answer.matches || []).filter(
            (match) => match.partner_id !== this.state.partner_id,
        );
        if (answer.status === "bad_phone") {
            this.state.errors.phone = answer.message;
        }
    }

    /** A member is taken as the answer; another contact is the one who joins. */
    choose(match) {
        if (match.is_member) {
            this.props.getPayload({ match });
            return this.props.close();
        }
        this.state.partner_id = match.partner_id;
        this.state.name = match.name;
        this.state.matches = [];
        this.goTo("card_number");
    }

    // === JOINING === //

    /** What can be said without asking; the server checks all of it. */
    findProblems() {
        const errors = {};
        if (!this.state.name.trim()) {
            errors.name = _t("Type the member's name.");
        }
        if (this.state.pin !== this.state.pin_again) {
            errors.pin_again = _t("The two PINs differ. Type the same PIN twice.");
        }
        if (this.state.topup.trim() && this.amount <= 0) {
            errors.topup = _t("Enter an amount greater than zero, or leave it empty.");
        } else if (this.amount && !this.holdsMoney) {
            errors.topup = _t("Members of this class hold no money: choose another class.");
        }
        return errors;
    }

    async confirm() {
        if (this.state.busy) {
            return;
        }
        this.state.errors = this.findProblems();
        if (!this.showErrors()) {
            return;
        }
        const { name, phone, class_id, card_number, pin, partner_id } = this.state;
        const answer = await whileBusy(this.state, () =>
            this.props.submit({
                name,
                phone,
                class_id,
                card_number,
                pin,
                partner_id,
                topup: this.amount,
            }),
        );
        if (answer.status === "ok") {
            this.props.getPayload({ match: answer.matches[0], topup: this.amount, isNew: true });
            return this.props.close();
        }
        this.state.errors = answer.fields || {};
        if (this.showErrors()) {
            this.state.message = answer.message;
        }
    }

    /** Go to the first wrong field; tells whether there is none. */
    showErrors() {
        const wrong = FIELDS.find((name) => this.state.errors[name]);
        if (wrong) {
            this.goTo(wrong);
        }
        return !Object.keys(this.state.errors).length;
    }
}
