"""What one recipient sees: content and property values, merged on demand.

| construct              | campaign | test | v3.1                      |
|------------------------|----------|------|---------------------------|
| `[[data:x:"default"]]` | yes      | yes  | yes                       |
| `[[EMAIL_TO]]`         | yes      | yes  | yes                       |
| `[[UNSUB_LINK_EN]]`    | yes      | no   | yes                       |
| `[[PERMALINK]]`        | yes      | no   | no                        |
| `{{var:x}}`            | no       | no   | with TemplateLanguage     |

What Mailjet does in a test is undocumented except for the first line; the rest is left
unchanged.  Values are inserted as they are, and this syntax within them is evaluated
again: both are undocumented too, and this is the less convenient.
"""

import json
import re

from . import tokens

_DATA = re.compile(r'\[\[data:([\w-]+)(?::"(.*?)")?\]\]')
_UNSUBSCRIBE = re.compile(r"\[\[UNSUB_LINK_[A-Z]{2}\]\]")
_TEMPLATE = re.compile(r'\{\{(var|data):([\w-]+)(?::"(.*?)")?\}\}')
SYSTEM_VARIABLES = {
    "campaign": {"unsubscribe", "permalink"},
    "send": {"unsubscribe"},
    "test": set(),
}

# The query of the rows that a Mail is made from.
MAILS = (
    "SELECT message.*, content.kind, content.subject, content.html, content.text,"
    " content.from_email, content.from_name, content.reply_to, content.headers,"
    " content.variables, campaign.custom_value, campaign.list_id, draft.title,"
    " coalesce(campaign.open_tracked, 1) AS open_tracked,"
    " coalesce(campaign.click_tracked, 1) AS click_tracked"
    " FROM message JOIN content ON content.id = message.content_id"
    " LEFT JOIN campaign ON campaign.id = message.campaign_id"
    " LEFT JOIN draft ON draft.id = campaign.draft_id"
)


class Mail:
    """One recipient's email, made from a row of MAILS; parts are rendered on access.

    `permalink` and `unsubscribe` are its own unguessable URLs.
    """

    def __init__(self, sandbox, row):
        self.row = row
        self.permalink = tokens.url(sandbox, "online", row["id"])
        self.unsubscribe = tokens.url(sandbox, "unsubscribe", row["id"])

    @property
    def campaign(self):
        """The name of its campaign: the title given to it, else what the API calls it;
        empty for a message without a campaign."""
        return self.row["title"] or self.row["custom_value"] or ""

    @property
    def subject(self):
        return self._render(self.row["subject"])

    @property
    def html(self):
        return self._render(self.row["html"] or "")

    @property
    def text(self):
        return self._render(self.row["text"] or "")

    def _render(self, text):
        allowed = SYSTEM_VARIABLES[self.row["kind"]]
        known = json.loads(self.row["properties"])
        for _look in range(2):
            text = _DATA.sub(lambda found: _value(known, found[1], found[2]), text)
        text = text.replace("[[EMAIL_TO]]", self.row["email"])
        if "unsubscribe" in allowed:
            text = _UNSUBSCRIBE.sub(lambda _found: self.unsubscribe, text)
        if "permalink" in allowed:
            text = text.replace("[[PERMALINK]]", self.permalink)
        if self.row["variables"] is not None:
            sources = {"var": json.loads(self.row["variables"]), "data": known}
            text = _TEMPLATE.sub(
                lambda found: _value(sources[found[1]], found[2], found[3]), text
            )
        return text


def _value(values, name, default):
    """A property's text; the default if it is unknown or empty."""
    return str(values.get(name) or default or "")
