/** Whether a promotion or coupon may be used for this customer; the server checks it again. */
export function isProgramFor(program, partner) {
    if (!program?.members_only) {
        return true;
    }
    const classes = program.member_class_ids || [];
    return (
        Boolean(partner?.is_member) &&
        (!classes.length || classes.includes(partner.member_class_id))
    );
}
