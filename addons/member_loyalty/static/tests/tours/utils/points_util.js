/** Steps of a cashier who redeems points; the card and the PIN are member_card's. */

export function chipHasPoints(points) {
    return {
        content: `chip shows ${points} points`,
        trigger: `.member-chip .member-points:contains("${points}")`,
    };
}

export function openRewards() {
    return [
        { content: "redeem", trigger: ".payment-screen .member-redeem", run: "click" },
        { content: "rewards are shown", trigger: ".modal .member-rewards" },
    ];
}

export function chooseReward(name) {
    return {
        content: `take ${name}`,
        trigger: `.modal .member-reward:contains("${name}")`,
        run: "click",
    };
}

export function choosePoints(points) {
    return {
        content: `spend ${points}`,
        trigger: `.modal .member-choice:contains("${points} points")`,
        run: "click",
    };
}

export function typePoints(points) {
    return [
        { content: "another number", trigger: ".modal .member-choice-other", run: "click" },
        { content: points, trigger: ".modal .member-points-typed", run: `edit ${points}` },
        { content: "redeem", trigger: ".modal .member-confirm", run: "click" },
    ];
}

export function takeOff(name) {
    return {
        content: `take ${name} off`,
        trigger: `.modal .member-redemption:contains("${name}") .member-redemption-remove`,
        run: "click",
    };
}

export function earns(points) {
    return {
        content: `earns ${points}`,
        trigger: `.payment-screen .member-earns:contains("${points}")`,
    };
}
