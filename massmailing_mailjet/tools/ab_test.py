"""How sure one can be of the result of an A/B test. All figures are of people who did
something, out of all who could have."""

from math import sqrt
from statistics import NormalDist

# How often an interval holds the true share, and how seldom a difference that is called
# clear is due to chance.
CONFIDENCE = 0.95
# With fewer expected people in any group, the formulas below do not hold.
MIN_EXPECTED = 5

CLEAR, UNCLEAR, FEW = "clear", "unclear", "few"


def get_interval(count, total):
    """Return the lowest and the highest share that a result speaks for: Wilson's score
    interval, which is right for few people and small shares as well.

    :return: two numbers from 0 to 1
    """
    if not total:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share, spread = count / total, z * z / total
    center = share + spread / 2
    margin = z * sqrt(share * (1 - share) / total + spread / (4 * total))
    low, high = ((center + sign * margin) / (1 + spread) for sign in (-1, 1))
    return max(low, 0.0), min(high, 1.0)


def find_best(results):
    """Return the key of the best result, the first of equal ones; None without any.

    :param dict results: ``(count, total)`` by key
    """
    shares = {key: count / total for key, (count, total) in results.items() if total}
    return max(shares, key=shares.get) if shares else None


def judge(results):
    """Return whether the best result is better than all others: ``CLEAR``, ``UNCLEAR``
    if the difference may be due to chance, ``FEW`` if there are too few people to tell.

    :param dict results: ``(count, total)`` by key
    """
    best = find_best(results)
    others = [key for key in results if key != best]
    if best is None or not others:
        return FEW
    pairs = [(results[best], results[key]) for key in others]
    if not all(_are_enough(*pair) for pair in pairs):
        return FEW
    # The more it is compared with, the likelier one of the differences is chance.
    limit = (1 - CONFIDENCE) / len(pairs)
    return CLEAR if all(_get_chance(*pair) < limit for pair in pairs) else UNCLEAR


def _are_enough(one, other):
    totals = one[1], other[1]
    did = one[0] + other[0]
    rest = sum(totals) - did
    smallest = min(totals) * min(did, rest) / sum(totals) if sum(totals) else 0
    return smallest >= MIN_EXPECTED


def _get_chance(one, other):
    """Return how likely such a difference is if both are equally good: the two-sided
    z-test of two shares."""
    (count, total), (other_count, other_total) = one, other
    pooled = (count + other_count) / (total + other_total)
    error = sqrt(pooled * (1 - pooled) * (1 / total + 1 / other_total))
    z = abs(count / total - other_count / other_total) / error
    return 2 * (1 - NormalDist().cdf(z))
