import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

const URGENT_SECONDS = 120;

/** @returns {string} what is left as "12:05" */
export function asClock(seconds) {
    const rest = Math.max(Math.ceil(seconds), 0);
    return `${Math.floor(rest / 60)}:${String(rest % 60).padStart(2, "0")}`;
}

/**
 * Counts down how long the seats of a cart are kept, then offers to keep them again.
 *
 * The server says how many seconds are left, so a wrong clock of the device does not
 * matter. What it shows is no promise: the server looks again at every step.
 */
export class CartHold extends Interaction {
    static selector = ".o_member_cart_hold";
    dynamicContent = {
        ".o_member_hold_clock": { "t-out": () => asClock(this.secondsLeft) },
        ".o_member_hold_running": {
            "t-att-class": () => ({
                "d-none": this.isOver,
                "alert-info": this.secondsLeft > URGENT_SECONDS,
                "alert-warning": this.secondsLeft <= URGENT_SECONDS,
            }),
        },
        ".o_member_hold_over": { "t-att-class": () => ({ "d-none": !this.isOver }) },
    };

    setup() {
        const seconds = parseInt(this.el.dataset.secondsLeft) || 0;
        this.endsAt = Date.now() + seconds * 1000;
        const interval = setInterval(() => {
            this.updateContent();
            if (this.isOver) {
                clearInterval(interval);
            }
        }, 1000);
        this.registerCleanup(() => clearInterval(interval));
    }

    get secondsLeft() {
        return (this.endsAt - Date.now()) / 1000;
    }

    get isOver() {
        return this.secondsLeft <= 0;
    }
}

registry.category("public.interactions").add("member_ticketing.cart_hold", CartHold);
