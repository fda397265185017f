"""Measure rivals alternately in one run, so that the machine's noise cancels."""

import gc
import statistics
import time
from dataclasses import asdict, dataclass


@dataclass
class Figure:
    """One line of the table: ours against a rival, in milliseconds and as a ratio.

    `ratio` is the median of the ratios of paired rounds, `low` and `high` quartiles.
    """

    id: str
    what: str
    ours_ms: float
    against: str
    against_ms: float
    ratio: float
    low: float
    high: float
    target: str
    n: int

    def as_json(self):
        return asdict(self)


def alternate(functions, *, rounds, warmup=5):
    """Run each function once a round, each round in another order.

    :param functions: by name, what takes no argument; what it returns is ignored unless
        it is a number: then it is taken off the time (milliseconds measured apart).
    :return: by name, the milliseconds of each round.
    """
    samples = {name: [] for name in functions}
    names = list(functions)
    for number in range(-warmup, rounds):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            gc.collect()
            gc.disable()
            start = time.perf_counter()
            apart = functions[name]()
            spent = (time.perf_counter() - start) * 1000
            gc.enable()
            if number >= 0:
                samples[name].append(spent - (apart or 0))
    return samples


def compare(identifier, what, against, ours, rival, target):
    """Return the figure of two lists of paired samples."""
    ratios = [mine / theirs for mine, theirs in zip(ours, rival, strict=True)]
    low, ratio, high = statistics.quantiles(ratios, n=4)
    return Figure(
        identifier,
        what,
        round(statistics.median(ours), 3),
        against,
        round(statistics.median(rival), 3),
        round(ratio, 3),
        round(low, 3),
        round(high, 3),
        target,
        len(ratios),
    )


def table(figures):
    """Return the figures as lines of text."""
    row = "{:4} {:42} {:>9}  {:40} {:>9} {:>7}  {:>13}  {:8} {:>4}"
    head = ("", "what", "ms", "against", "ms", "ratio", "quartiles", "target", "n")
    lines = [row.format(*head)]
    for f in figures:
        spread = f"{f.low:.3f}–{f.high:.3f}"
        ours, theirs, ratio = (
            f"{f.ours_ms:.3f}",
            f"{f.against_ms:.3f}",
            f"{f.ratio:.3f}",
        )
        lines.append(
            row.format(
                f.id, f.what, ours, f.against, theirs, ratio, spread, f.target, f.n
            )
        )
    return "\n".join(lines)
