from markupsafe import Markup

from odoo import api, models
from odoo.tools import file_open, html2plaintext

from ..const import UNSUBSCRIBE_LANGUAGES
from ..tools.email_html import (
    add_preview,
    complete_links,
    replace_links,
    unsubscribe_variable,
)
from ..tools.personalization import (
    find_properties,
    html_to_mailjet,
    render,
    to_mailjet,
)


class MailjetMessage(models.AbstractModel):
    """What a mailing becomes as an e-mail: subject, HTML and plain text in Mailjet's
    syntax. The only place that puts them together."""

    _name = "mailjet.message"
    _description = "Mass Mailing Message"

    @api.model
    def _compose_subject(self, mailing):
        """Return the campaign's subject."""
        return to_mailjet(mailing.subject, self._get_fallbacks(mailing))

    @api.model
    def _compose(self, mailing):
        """Return the campaign's ``(html, text)``."""
        html = self._get_html(mailing, self._get_unsubscribe_url(mailing))
        html = html_to_mailjet(html, self._get_fallbacks(mailing))
        return html, html2plaintext(html)

    @api.model
    def _render(self, mailing, row=None):
        """Return ``(subject, html, text)`` as one recipient sees them, apart from
        Mailjet's own links; without a row, variables stay as they were written."""
        if not row:
            html = self._get_html(mailing, self._get_unsubscribe_url(mailing))
            return mailing.subject or "", html, html2plaintext(html)
        values = self.env["mailjet.value"]._read(mailing, row)
        parts = (self._compose_subject(mailing), *self._compose(mailing))
        return tuple(render(part, values) for part in parts)

    @api.model
    def _compose_test(self, mailing, row, online_url, unsubscribe_url):
        """Return ``(subject, html, text)`` of a test e-mail.

        :param row: the recipient whose values it shows; an empty recordset for none
        :param str online_url: where the test is shown in a browser
        :param str unsubscribe_url: where its unsubscribe link leads
        """
        subject, *parts = self._render(mailing, row)
        return (
            self.env._("[TEST] %s", subject),
            *(replace_links(part, online_url, unsubscribe_url) for part in parts),
        )

    @api.model
    def _get_properties(self, mailing):
        """Return the contact properties that the mailing reads, by name, in a stable
        order: each as its variable and whether it is part of an address."""
        parts = (self._compose_subject(mailing), *self._compose(mailing))
        known = {}
        for name, variable in mailing._get_catalogue().items():
            known[name.property_name] = (variable, False)
            known[name.address_property_name] = (variable, True)
        used = find_properties(*parts) & known.keys()
        return {name: known[name] for name in sorted(used)}

    @api.model
    def _get_fallbacks(self, mailing):
        """Return the text for empty values of each variable."""
        return {
            name: variable.fallback or ""
            for name, variable in mailing._get_catalogue().items()
        }

    @api.model
    def _get_unsubscribe_url(self, mailing):
        return unsubscribe_variable(mailing._get_language(), UNSUBSCRIBE_LANGUAGES)

    @api.model
    def _get_html(self, mailing, unsubscribe_url):
        """Return the whole e-mail, its variables as they were written.

        Code is taken as it is; what the visual editor made is put into the layout of
        Odoo's own mailings. Addresses become absolute.
        """
        if mailing.composition == "html":
            html = mailing.body_code or ""
        else:
            html = self._get_layout(mailing.body_html)
        html = complete_links(
            html,
            online_text=mailing.online_version_text,
            unsubscribe_text=mailing.unsubscribe_text,
            unsubscribe_url=unsubscribe_url,
        )
        html = add_preview(html, mailing.preview)
        return str(self.env["mail.render.mixin"]._replace_local_links(html))

    @api.model
    def _get_layout(self, body):
        """Return the document that Odoo's own mailings put around a body."""
        with file_open("mass_mailing/static/src/scss/mass_mailing_mail.scss") as style:
            return str(
                self.env["ir.qweb"]._render(
                    "mass_mailing.mass_mailing_mail_layout",
                    {
                        "body": body or Markup(),
                        "mailing_style": Markup("<style>%s</style>")
                        % Markup(style.read()),
                    },
                    minimal_qcontext=True,
                )
            )
