from markupsafe import Markup

from odoo import api, models
from odoo.tools import file_open, html2plaintext

from ..const import UNSUBSCRIBE_LANGUAGES
from ..tools.email_html import complete_links, deactivate_links, unsubscribe_variable
from ..tools.personalization import to_mailjet


class MailjetMessage(models.AbstractModel):
    """What a mailing becomes as an e-mail: subject, HTML and plain text in Mailjet's
    syntax. The only place that puts them together."""

    _name = "mailjet.message"
    _description = "Mass Mailing Message"

    @api.model
    def _compose(self, mailing):
        """Return the campaign's ``(subject, html, text)``."""
        html = complete_links(
            self._get_html(mailing),
            online_text=mailing.online_version_text,
            unsubscribe_text=mailing.unsubscribe_text,
            unsubscribe_url=unsubscribe_variable(
                mailing._get_language(), UNSUBSCRIBE_LANGUAGES
            ),
        )
        fallbacks = {
            name: variable.fallback or ""
            for name, variable in self._get_catalogue(mailing).items()
        }
        html = to_mailjet(html, fallbacks)
        return to_mailjet(mailing.subject, fallbacks), html, html2plaintext(html)

    @api.model
    def _compose_test(self, mailing):
        """Return ``(subject, html, text)`` of a test e-mail: no recipient's row is
        behind it, so variables stay as they were written and the two links lead
        nowhere."""
        html = complete_links(
            self._get_html(mailing),
            online_text=mailing.online_version_text,
            unsubscribe_text=mailing.unsubscribe_text,
            unsubscribe_url="[[UNSUB_LINK_EN]]",
        )
        html = deactivate_links(html)
        subject = self.env._("[TEST] %s", mailing.subject)
        return subject, html, html2plaintext(html)

    @api.model
    def _get_catalogue(self, mailing):
        """Return the variables with labels and fallbacks in the mailing's language."""
        language = mailing._get_language()
        return self.env["mailjet.variable"].with_context(lang=language)._get_catalogue()

    @api.model
    def _get_html(self, mailing):
        """Return the body as a whole HTML document with absolute addresses.

        Code is taken as it was written; what the visual editor made is put into the
        layout of Odoo's own mailings.
        """
        Render = self.env["mail.render.mixin"]
        if mailing.composition == "html":
            body = str(
                Render._prepend_preview(mailing.body_code or "", mailing.preview)
            )
            return str(Render._replace_local_links(body))
        body = Render._prepend_preview(mailing.body_html or Markup(), mailing.preview)
        with file_open("mass_mailing/static/src/scss/mass_mailing_mail.scss") as style:
            layout = self.env["ir.qweb"]._render(
                "mass_mailing.mass_mailing_mail_layout",
                {
                    "body": body,
                    "mailing_style": Markup("<style>%s</style>") % Markup(style.read()),
                },
                minimal_qcontext=True,
            )
        return str(Render._replace_local_links(layout))
