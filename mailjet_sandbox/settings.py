"""What a test or a demo may turn: speeds, words and the clock."""

import json
import time
from dataclasses import asdict, dataclass, fields, replace


@dataclass(frozen=True)
class Settings:
    """Kept in the store; changed through `PUT /_sandbox/settings`.

    job_seconds: from the acceptance of a job to its visible end, at least.
    job_words: the three words shown before a job is final.  Clients must take any
        unknown word, such as "Pending", for "running".
    refused_text, dropped_text: an address that contains one of the first, parted by
        commas, is refused: by CSV imports as an error row, by the Send API with its
        message. CSV imports lose one that contains one of the second without a word.
    empty_cells: what an empty cell of a CSV, or one of blanks, does to the value that a
        contact has: "keep" it or "clear" it. Nothing says what Mailjet does.
    stalled_jobs, failed_jobs: kinds of jobs (csv, json, send, test), parted by commas,
        that are accepted and then make no progress for as long as they are named
        here, or end in Error without an effect. A campaign whose sending was given up
        like that stays programmed.
    given_up_stays: 1 when such a campaign cannot be taken back by deleting its
        schedule, 0 when it can. Nothing says what Mailjet does.
    upload_limit_bytes: CSV data larger than this are answered 413; 0 for any size.
    blocked_keys_read: 1 when a key that was suspended may still read, 0 when everything
        is refused, so that nobody can tell it from a wrong one.
    tracking_reaches: 1 when the tracking of a key decides on that of its campaigns, 0
        when campaigns are tracked whatever the key says. Nothing says what Mailjet
        does.
    schedule_lead_seconds: a schedule closer than this is refused.
    counter_lag_seconds: for how long the counters do not know what has happened.
    webhook_seconds: between two looks for what there is to tell to webhooks.
    webhook_retry_seconds: until a call that was not answered 200 is repeated.
    webhook_give_up_seconds: after which a webhook that never answers 200 is dead.
    clock_offset: seconds added to the machine's clock; set it to reach a scheduled
        time.
    """

    job_seconds: float = 1.0
    job_words: tuple[str, str, str] = ("Upload", "Prepare", "Importing")
    refused_text: str = ""
    dropped_text: str = ""
    empty_cells: str = "keep"
    stalled_jobs: str = ""
    failed_jobs: str = ""
    given_up_stays: float = 1
    upload_limit_bytes: float = 0
    blocked_keys_read: float = 1
    tracking_reaches: float = 1
    schedule_lead_seconds: float = 300.0
    counter_lag_seconds: float = 0.0
    webhook_seconds: float = 1.0
    webhook_retry_seconds: float = 30.0
    webhook_give_up_seconds: float = 86_400.0
    clock_offset: float = 0.0

    def refuses(self, email):
        return _holds(email, self.refused_text)

    def drops(self, email):
        return _holds(email, self.dropped_text)

    def changed(self, values):
        """A copy with some values replaced.

        Raises ValueError naming the first unknown setting or unfit value.
        """
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"unknown setting {name!r}")
            if name == "job_words":
                if not isinstance(value, list) or len(value) != 3:
                    raise ValueError("job_words must be a list of three words")
                values = values | {name: tuple(map(str, value))}
            elif isinstance(known[name], str):
                if not isinstance(value, str):
                    raise ValueError(f"{name} must be a text")
            elif isinstance(value, bool) or not isinstance(value, (int, float)):
                raise ValueError(f"{name} must be a number")
        return replace(self, **values)


def _holds(email, texts):
    """Whether an address contains one of the texts that commas part."""
    return bool(texts) and any(
        text and text in email.lower() for text in texts.lower().split(",")
    )


class SettingsHolder:
    """The current :class:`Settings`, persisted in a store, and the clock they shift."""

    def __init__(self, store, **initial):
        self._store = store
        self._initial = Settings().changed(initial)
        saved = json.loads(store.meta("settings") or "{}")
        self.current = self._initial.changed(saved | initial)

    def change(self, values):
        self.current = self.current.changed(values)
        self._store.set_meta("settings", json.dumps(asdict(self.current)))

    def reset(self):
        self.current = self._initial
        self._store.set_meta("settings", "{}")

    def now(self):
        """Unix seconds on the sandbox's clock."""
        return time.time() + self.current.clock_offset
