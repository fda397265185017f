"""Words put together as the reader's language does it: Chinese has “、” and “，”."""

from functools import reduce


def listed(env, names) -> str:
    """Return names one after the other, "" when there are none."""

    def with_next(shown, name):
        return env._("%(names)s, %(name)s", names=shown, name=name)

    return reduce(with_next, names) if names else ""


def sentence(env, clauses) -> str:
    """Return the clauses that say something as one sentence, without a stop."""

    def with_next(begin, clause):
        return env._("%(begin)s, %(clause)s", begin=begin, clause=clause)

    clauses = [clause for clause in clauses if clause]
    return reduce(with_next, clauses) if clauses else ""
