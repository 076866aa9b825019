from typing import NamedTuple

from markupsafe import Markup

from odoo import models
from odoo.tools import file_open

from ...tools.editor_repairs import repair_editor_html
from ...tools.email_background import find_background
from ...tools.email_frame import find_layout_color
from ...tools.email_html import (
    add_details,
    add_preview,
    complete_links,
    complete_text,
    replace_links,
    translate_links,
    unsubscribe_variable,
)
from ...tools.links import complete_addresses
from ...tools.mailjet_vocabulary import UNSUBSCRIBE_LANGUAGES
from ...tools.personalization import html_to_mailjet, render, to_mailjet
from ...tools.plain_text import html_to_text
from ...tools.preference_links import (
    DEFINITION,
    PREFERENCES,
    VARIABLE,
    fill_in_html,
    get_link,
)
from ...tools.utm import add_utm_to_html, add_utm_to_text
from ...tools.variable_repair import repair_tokens
from ...tools.variables import PropertyNames


class Message(NamedTuple):
    """A mailing as it is uploaded to Mailjet: texts in its syntax, and the values that
    they use.

    ``title`` and ``locale`` are those of the campaign. ``values`` is plain data: the
    ``lang``, ``zone``, ``company_id`` and ``user_id`` by which values are formatted,
    the ``preferences_link``, and for each of the ``properties``, by name, the
    definition of its variable, its ``place`` and its ``fallback``.
    """

    subject: str
    html: str
    text: str
    preview: str
    title: str
    locale: str
    values: dict


class MailjetMailing(models.Model):
    """Composes the email of a mailing: subject, HTML and plain text in Mailjet's
    syntax. This is the only place that puts them together."""

    _inherit = "mailjet.mailing"

    def _get_message(self, person, version=None):
        """Return the :class:`Message` of a mailing to one person: the frozen one if it
        is being sent or was sent, otherwise its current content.

        :param person: one of :meth:`_get_people`
        :param version: None for the one that the person gets
        """
        campaign = self._get_campaign_of(person, version)
        if frozen := campaign and campaign._get_message():
            return frozen
        return self._get_content_for(person, version)._compose()

    def _get_campaign_of(self, person, version=None):
        """Return the campaign that sends the mailing to a person, if there are any: the
        first one for somebody who is in none.

        :param version: None for the one that the person gets
        """
        campaigns = self.sudo().mailjet_campaign_ids
        if version is not None:
            return campaigns.filtered(lambda each: each.version_id == version)[:1]
        campaign = campaigns[:1]
        if campaign.is_part and person._name == "mailjet.recipient":
            campaign = person.sudo().campaign_id or campaign
        return campaign

    def _get_written_links(self):
        """Return the links of all campaigns, if they hold values of their recipients;
        see :meth:`.MailjetCampaign._get_written_links`."""
        return [
            link
            for campaign in self.sudo().mailjet_campaign_ids
            for link in campaign._get_written_links()
        ]

    def _compose(self, slot=1, written=None):
        """Return the :class:`Message` of the mailing's current content.

        :param int slot: of the names of its contact properties
        :param written: result of :meth:`_compose_parts`, if it is known
        """
        self.ensure_one()
        html, text = written or self._compose_parts()
        variables = self._get_variables_by_name()
        fallbacks = {name: found.fallback or "" for name, found in variables.items()}
        names = PropertyNames(self.env["mailjet.campaign"]._get_property_owner(), slot)
        subject = to_mailjet(self.subject, fallbacks, names)
        html = html_to_mailjet(html, fallbacks, names)
        text = to_mailjet(text, fallbacks, names)
        preview = to_mailjet(self.preview, fallbacks, names)
        link = get_link(self.get_base_url(), names)
        definitions = {
            name: found._get_definition() for name, found in variables.items()
        }
        return Message(
            subject,
            fill_in_html(html, link),
            text.replace(PREFERENCES, link),
            preview,
            self.name,
            self._get_language(),
            {
                **self._get_value_setting(),
                "preferences_link": link,
                "properties": names.describe({**definitions, VARIABLE: DEFINITION}),
            },
        )

    def _get_value_setting(self):
        """Return what values depend on, whoever asks for them: language, time zone and
        company of the mailing, and the user whose rights apply."""
        responsible = self.user_id or self.create_uid
        zone = self.user_id.tz or self.company_id.partner_id.tz
        return {
            "lang": self._get_language(),
            "zone": zone or "UTC",
            "company_id": self.company_id.id,
            "user_id": responsible.id,
        }

    def _render_message(self, person=None, version=None):
        """Return ``(subject, html, text, preview)`` as one person sees them, except for
        the links that every email has; without a person, variables stay as typed.

        :param person: one of :meth:`_get_people`
        :param version: None for the one that the person gets
        """
        if not person:
            content = self._with_version(version) if version else self
            html, text = content._compose_parts()
            return content.subject or "", html, text, content.preview or ""
        message = self._get_message(person, version)
        cells = self.env["mailjet.variable.value"]._read(message.values, person)
        # What was frozen before there was such a link does not have it.
        link = message.values.get("preferences_link", PREFERENCES)
        parts = (part.replace(link, PREFERENCES) for part in message[:4])
        return tuple(render(part, cells) for part in parts)

    def _compose_test(self, person, url, version=None):
        """Return ``(subject, html, text)`` of a test email.

        :param person: whose values it shows; an empty recordset for nobody's
        :param str url: of the online version of the test; its other pages are below it
        :param version: None for the one that the person gets
        """
        subject, html, text, _preview = self._render_message(person, version)
        urls = (url, f"{url}/unsubscribe", f"{url}/preferences")
        return (
            self.env._("[TEST] %s", subject),
            *(replace_links(part, *urls) for part in (html, text)),
        )

    def _compose_parts(self):
        """Return the whole email as ``(html, text)``, its variables as typed."""
        body = self._compose_body()
        return self._compose_html(body), self._compose_text(body)

    def _compose_html(self, body):
        html = complete_links(body, **self._get_link_texts())
        html = add_details(html, self._get_company_details())
        html = add_preview(html, self.preview)
        return add_utm_to_html(html, self._get_utm())

    def _compose_text(self, body):
        """Return the whole plain text: as a user wrote it, or generated from the
        HTML."""
        text = self.body_text or _to_text(body)
        text = complete_text(text, **self._get_link_texts())
        text = "\n\n".join(filter(None, (text, "\n".join(self._get_company_details()))))
        return add_utm_to_text(text, self._get_utm())

    def _derive_text(self):
        """Return the HTML as plain text, without the legally required links."""
        return _to_text(self._compose_body())

    def _compose_body(self):
        """Return the HTML as the user made it, with absolute URLs.

        Code is used as it is; the content of the visual editor is put into the layout
        of Odoo's own mailings.
        """
        if self.composition == "html":
            html = self.body_code or ""
        else:
            html = repair_editor_html(self._put_into_layout(self.body_html))
        html = translate_links(html, self._get_link_texts()["unsubscribe_url"])
        return complete_addresses(html, self.get_base_url())

    def _get_link_texts(self):
        """Return the texts and the URLs of the links that every email has."""
        translated = self.with_context(lang=self._get_language())
        return {
            "online_text": self.online_version_text,
            "unsubscribe_text": self.unsubscribe_text,
            "preferences_text": self.preferences_text
            or translated._get_preferences_text(),
            "unsubscribe_url": unsubscribe_variable(
                self._get_language(), UNSUBSCRIBE_LANGUAGES
            ),
        }

    def _get_utm(self):
        """Return the parameters by which Odoo attributes visits; none without a UTM
        campaign."""
        if not self.campaign_id:
            return {}
        medium = self.env.ref("utm.utm_medium_email", raise_if_not_found=False)
        return {
            "utm_source": self.source_id.name,
            "utm_medium": medium.name if medium else "Email",
            "utm_campaign": self.campaign_id.name,
        }

    def _put_into_layout(self, body):
        """Return the whole document: the layout of Odoo's own mailings around a
        body."""
        html = str(body or "")
        with file_open("mass_mailing/static/src/scss/mass_mailing_mail.scss") as style:
            return str(
                self.env["ir.qweb"]._render(
                    "massmailing_mailjet.mail_layout",
                    {
                        "body": body or Markup(),
                        "language": self._get_language().partition("_")[0],
                        "background": find_layout_color(html) or find_background(html),
                        "mailing_style": Markup("<style>%s</style>")
                        % Markup(style.read()),
                    },
                    minimal_qcontext=True,
                )
            )


def _to_text(body):
    return html_to_text(repair_tokens(body))
