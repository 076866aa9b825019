"""The outcome of a delivery step. Steps return it; only the loop (``mailjet.delivery``)
acts on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from ...exceptions import MailjetError


class Then(Enum):
    """What the loop does after a step."""

    NEXT = "go on with the next step"
    NEXT_RUN = "the same, in another run"
    AGAIN = "commit, and look at the mailing again"
    WAIT = "the same, a little later"
    SEND = "commit the announcement, then make the call that sends"
    LATER = "look at the mailing again at a date"
    RETRY = "try again after some minutes"
    FAIL = "stop the mailing, and tell a person why"


class Notice(NamedTuple):
    """What the responsible reads: what happened and what to do, both translated."""

    message: str
    todo: str


@dataclass(frozen=True)
class Outcome:
    """What happens to a mailing after a step.

    :param Then then: what the loop does
    :param date: for ``LATER``, in UTC
    :param error: for ``RETRY``, why
    :param Sentence message: for ``FAIL``, why
    :param Notice notice: what to notify the responsible of in any case
    :param Notice obstacle: what blocks the mailing while it is retried; the responsible
        is notified once
    :param bool has_moved: whether former obstacles are gone
    """

    then: Then
    date: datetime | None = None
    error: MailjetError | None = None
    message: str = ""
    notice: Notice | None = None
    obstacle: Notice | None = None
    has_moved: bool = False


DONE = Outcome(Then.NEXT)
AGAIN = Outcome(Then.AGAIN)
WAIT = Outcome(Then.WAIT)
ANNOUNCED = Outcome(Then.SEND)


def move_on(many_rows):
    """Go on with the next step: in another run if this one has written many rows.

    Odoo keeps a transaction open while a cron runs, and meanwhile PostgreSQL cannot
    free the space of what was written. Rows that were written once leave no room on
    their page, so that writing them again in the same run would update every index.
    """
    return Outcome(Then.NEXT_RUN if many_rows else Then.NEXT)


def fail(message):
    return Outcome(Then.FAIL, message=message)


def look_again(date, **details):
    return Outcome(Then.LATER, date=date, **details)


def retry(error):
    return Outcome(Then.RETRY, error=error)
