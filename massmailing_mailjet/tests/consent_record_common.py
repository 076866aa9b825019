from odoo.tools import html2plaintext

from .topic_common import TopicCase

REPORT = "massmailing_mailjet.consent_record"


class ConsentRecordCase(TopicCase):
    """Consent records, as managers open them."""

    def _ask(self, email="ann@example.com", user=None, **values):
        """Return the dialog of a user who has entered an address."""
        Wizard = self.env["mailjet.consent.record.open"].with_user(user or self.manager)
        return Wizard.create({"email": email, "lang": "en_US", **values})

    def _render(self, wizard, kind="html"):
        """Return the HTML of what a dialog asks for, as its user gets it."""
        report = self.env["ir.actions.report"].with_user(wizard.env.user)
        report = report.with_context(allowed_company_ids=wizard.env.companies.ids)
        html, _kind = getattr(report, f"_render_qweb_{kind}")(REPORT, wizard.ids)
        return html.decode()

    def _open(self, email="ann@example.com", user=None, kind="html", **values):
        """Return the text of the consent record of an address."""
        html = self._render(self._ask(email, user, **values), kind)
        return html2plaintext(html).replace("\n", " ")

    def _get_part(self, title, email="ann@example.com", user=None):
        """Return the entries of a part of the record, as titles and dicts."""
        entries = self._get_entries(title, email, user)
        return [(entry["title"], dict(entry["facts"])) for entry in entries]

    def _get_acts(self, email="ann@example.com", user=None):
        """Return the texts of the acts of users."""
        entries = self._get_entries("Acts", email, user)
        return [text for entry in entries for _date, text in entry["facts"]]

    def _get_entries(self, title, email, user):
        Record = self.env["mailjet.consent.record"].with_user(user or self.manager)
        parts = Record._get_record(email)["parts"]
        (part,) = [part for part in parts if title in part["title"]]
        return part["entries"]

    def _find_acts(self):
        return self.env["mailjet.consent.act"].search([])
