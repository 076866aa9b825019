"""The shares of a mailing at which Mailjet begins to doubt a sender: beyond them, its
sending policy lets it suspend an account."""

# What part of the emails sent may have each result.
LIMITS = {
    "bounced": 0.08,
    "blocked": 0.30,
    "unsubscribed": 0.014,
    "complained": 0.0008,
}
# A single person proves nothing, however few emails were sent.
MIN_PEOPLE = 2


def find_excess(counts, sent):
    """Return the results that pass their limits, the furthest beyond first.

    :param dict counts: the number of people by the name of the result
    :param int sent: the number of emails
    """
    rates = {
        name: counts.get(name, 0) / sent
        for name in LIMITS
        if sent and counts.get(name, 0) >= MIN_PEOPLE
    }
    beyond = [name for name, rate in rates.items() if rate > LIMITS[name]]
    return sorted(beyond, key=lambda name: rates[name] / LIMITS[name], reverse=True)
