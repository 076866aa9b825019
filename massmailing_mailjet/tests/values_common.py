import csv
import io
import re

from ..tools.preference_links import PATH, TOKEN
from .common import DeliveryCase


class ValuesCase(DeliveryCase):
    """Mailings whose e-mails are read as their recipients get them."""

    def _deliver(self, mailing, email):
        """Return ``(subject, html, text)`` that an address gets, with a sign in the
        place of the links that every email has."""
        self.assertEqual(mailing.state, "done")
        mail = self.mailjet.get_delivered(
            mailing.mailjet_campaign_ids.mailjet_draft_id, email
        )
        parts = [mail[name] for name in ("subject", "html", "text")]
        for link in (mail["unsubscribe"], mail["permalink"]):
            parts = [part.replace(link, "#") for part in parts]
        link = rf"http\S+?{PATH}/{TOKEN.pattern}"
        return tuple(re.sub(link, "#", part) for part in parts)

    def _hold_back(self, mailing):
        """Send a mailing as far as to the import of its recipients."""
        self.mailjet.set(stalled_jobs="csv")
        self._send(mailing)
        self.assertEqual(mailing.delivery_step, "upload")
        self.mailjet.set(stalled_jobs="")

    def _make_variable(self, kind, path, **values):
        return self.env["mailjet.variable"].create(
            {"name": "X", "kind": kind, "code": "x", "field_path": path, **values}
        )

    def _cells(self):
        """Return every cell that was uploaded."""
        return [
            cell
            for text in self.mailjet.uploads
            for row in csv.reader(io.StringIO(text))
            for cell in row
        ]
