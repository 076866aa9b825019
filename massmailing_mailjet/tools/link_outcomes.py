"""The outcomes of opening a link. What may work for a person counts as well."""

WELL = "well"
# The page is not there, or its server has no such name, or cannot serve it.
GONE = "gone"
NO_HOST = "no_host"
BROKEN = "broken"
BAD_CERTIFICATE = "bad_certificate"
# Nobody answers within the time.
NO_ANSWER = "no_answer"
# The link leads to a machine that is not on the public internet.
REFUSED = "refused"

OUTCOMES = (WELL, GONE, NO_HOST, BROKEN, BAD_CERTIFICATE, NO_ANSWER, REFUSED)


def get_status_outcome(status):
    """Return the outcome of an HTTP status. A page that asks for a password, a browser
    or fewer requests may well open for a person."""
    if status in (404, 410):
        return GONE
    return BROKEN if status >= 500 and status != 503 else WELL
