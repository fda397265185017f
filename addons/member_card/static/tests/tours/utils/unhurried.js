/** The steps of a tour, none of which gives up before a busy machine gets to it. */
export function unhurried(steps) {
    return steps.flat(Infinity).map((step) => ({ timeout: 60000, ...step }));
}
