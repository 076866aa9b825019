"""What a check finds, as data. The models say it in the user's language."""

import json
from hashlib import sha256
from typing import NamedTuple

# The sending is blocked.
RED = "red"
# A person has to say that it is meant like this.
AMBER = "amber"

# As many things are named in one sentence; of long ones the start.
NAMED = 3
NAME_LENGTH = 60


class Finding(NamedTuple):
    """One thing that a check found.

    :param str code: which sentence says it
    :param str level: ``RED`` or ``AMBER``
    :param dict values: what the sentence names, as plain values and lists of them
    :param str what: tells several findings of one code apart
    :param str version: the name of the version it was found in; empty for the mailing's
        own email
    """

    code: str
    level: str
    values: dict = {}
    what: str = ""
    version: str = ""

    @property
    def name(self):
        """The code, with what it was found in."""
        name = f"{self.code}:{self.what}" if self.what else self.code
        return f"{name}@{self.version}" if self.version else name

    @property
    def fingerprint(self):
        """A text that is another one as soon as anything about the finding is: what
        was acknowledged once is not the same any more."""
        content = json.dumps([self.name, self.level, self.values], sort_keys=True)
        return sha256(content.encode()).hexdigest()


def red(code, what="", **values):
    """Return a finding that blocks the sending."""
    return Finding(code, RED, values, what)


def amber(code, what="", **values):
    """Return a finding that a person has to acknowledge."""
    return Finding(code, AMBER, values, what)


def name_some(things):
    """Return the first few of several things as one text, each once."""
    unique = list(dict.fromkeys(things))
    named = [
        thing if len(thing) <= NAME_LENGTH else f"{thing[:NAME_LENGTH]}…"
        for thing in unique[:NAMED]
    ]
    return ", ".join(named) + (" …" if len(unique) > NAMED else "")
