import re

from odoo.tests import HttpCase

from ..tools.preference_links import PATH
from .feedback_common import FeedbackCase

# Everything that a visit could change.
STORES = ("mailjet.consent", "mailjet.measuring", "mail.blacklist", "mailjet.recipient")


class PageCase(HttpCase, FeedbackCase):
    """The preference page of Ann, as anyone with her link sees it."""

    def setUp(self):
        super().setUp()
        self.env["mailjet.preference.key"]._ensure()
        self.campaign._freeze_message()
        self.env.company.write({"name": "Ash & Co", "email": "us@example.com"})
        self.row = self._row(self.mailing, self.ann).sudo()
        self.path = f"{PATH}/{self._get_token(self.row)}"
        self.topic, self.other_topic = self.env["mailjet.topic"].create(
            [{"name": "Offers", "description": "One a month"}, {"name": "Events"}]
        )

    def _open(self, path=None, **options):
        return self.url_open(path or self.path, **options)

    def _post(self, path=None, answer=None, **values):
        """Send the form of the page."""
        page = answer or self._open(path)
        signature = re.search(r'name="signature" value="([^"]*)"', page.text)[1]
        form = {"signature": signature, **values}
        return self.url_open(path or self.path, data=form)

    def _read(self):
        """Return what Ann receives and may be measured, in brief."""
        Consent, Measuring = self.env["mailjet.consent"], self.env["mailjet.measuring"]
        found = Consent._get_subscription("ann@example.com", self.env.company)
        cause = found["everything"] and found["everything"]["cause"]
        topics = self.env["mailjet.topic"].browse(found["topics"])
        choices = Measuring._get_choices(self.env.company, ["ann@example.com"])
        measured = choices["ann@example.com"]
        return cause, set(topics.mapped("name")), bool(found["paused_until"]), measured

    def _find_opt_outs(self, *domain):
        return self.env["mailjet.consent"].search(
            [("email", "=", "ann@example.com"), *domain]
        )

    def _snapshot(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return {name: self.env[name].sudo().search([]).read() for name in STORES}
