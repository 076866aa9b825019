from contextlib import nullcontext
from email.utils import parseaddr

from babel import Locale, UnknownLocaleError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import babel_locale_parse, get_lang

from ...exceptions import MailjetError, MailjetNotFoundError
from ...tools.email_html import unsubscribe_variable
from ...tools.mailjet_dates import parse_date
from ...tools.mailjet_template import convert
from ...tools.mailjet_vocabulary import TEMPLATE_EDIT_MODES, UNSUBSCRIBE_LANGUAGES
from ...tools.template_preview import ConversionReport, TemplatePreview
from ...tools.variables import OBJECTS, Variable


class MailjetTemplate(models.Model):
    """A marketing template of the account, made in Mailjet's own interface. This is
    only an index: the content is fetched when a user views or uses the template."""

    _name = "mailjet.template"
    _description = "Mailjet template"
    _order = "mailjet_date desc, id desc"

    account_id = fields.Many2one(
        "mailjet.account", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    mailjet_id = fields.Char(string="Mailjet ID", required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
    description = fields.Char(readonly=True)
    author = fields.Char(readonly=True)
    edit_mode = fields.Selection(
        list(TEMPLATE_EDIT_MODES.values()), string="Made with", readonly=True
    )
    locale = fields.Char(string="Language", readonly=True)
    mailjet_date = fields.Datetime(string="Last changed", readonly=True)

    _account_mailjet_id_uniq = models.Constraint(
        "unique(account_id, mailjet_id)", "This template is already known."
    )

    # === BUSINESS METHODS: SYNCHRONIZATION === #

    @api.model
    def _fetch(self, account, client=None):
        """Update the index of an account from Mailjet.

        :param client: an open client, if there is one
        :raise UserError: if Mailjet cannot be called
        """
        with nullcontext(client) if client else account._client() as used:
            rows = account._call(used.get_marketing_templates)
        self.sudo()._update(account.sudo(), rows)

    @api.model
    def _update(self, account, rows):
        """Update the index of an account from Mailjet's rows."""
        known = {
            template.mailjet_id: template
            for template in self.search([("account_id", "=", account.id)])
        }
        new = []
        offered = {str(row["ID"]): row for row in filter(self._is_offered, rows)}
        for mailjet_id, row in offered.items():
            template, values = known.pop(mailjet_id, None), self._get_values(row)
            if not template:
                new.append({**values, "account_id": account.id})
            elif any(template[name] != value for name, value in values.items()):
                template.write(values)
        self.create(new)
        self.union(*known.values()).unlink()

    @api.model
    def _is_offered(self, row):
        """Return whether a row is a whole newsletter of this account: not a saved
        section, not from Mailjet's own gallery, and not for transactional messages.

        https://dev.mailjet.com/email/reference/templates/
        """
        return (
            "marketing" in (row.get("Purposes") or [])
            and row.get("OwnerType") in ("apikey", "user")
            and row.get("EditMode") in TEMPLATE_EDIT_MODES
        )

    @api.model
    def _get_values(self, row):
        """Return the values of our index for Mailjet's row."""
        date = row.get("LastUpdatedAt") or row.get("CreatedAt")
        return {
            "mailjet_id": str(row["ID"]),
            "name": row.get("Name") or self.env._("Without a name"),
            "description": row.get("Description") or False,
            "author": row.get("Author") or False,
            "edit_mode": TEMPLATE_EDIT_MODES[row["EditMode"]][0],
            "locale": row.get("Locale") or False,
            "mailjet_date": parse_date(date) or False,
        }

    # === BUSINESS METHODS: GALLERY === #

    @api.model
    def _get_cards(self, mailing, term, offset, limit):
        """See :meth:`.MailjetGallery.get_cards`."""
        domain = Domain("account_id", "=", mailing.account_id.id)
        if term:
            domain &= Domain("name", "ilike", term)
        tools = dict(self._fields["edit_mode"]._description_selection(self.env))
        return [
            {
                "id": template.id,
                "name": template.name,
                "details": [
                    tools[template.edit_mode],
                    self._get_language_name(template.locale),
                ],
                "date": template.mailjet_date,
            }
            for template in self.search(domain, offset=offset, limit=limit)
        ]

    @api.model
    def _get_language_name(self, code):
        """Return what the user calls a language, or Mailjet's code if it is unknown."""
        try:
            locale = Locale.parse(code or "")
        except (ValueError, UnknownLocaleError):
            return code
        user_locale = babel_locale_parse(get_lang(self.env).code)
        return locale.get_language_name(user_locale).capitalize()

    @api.model
    def _get_template_preview(self, mailing, template_id):
        """See :meth:`.MailjetGallery._get_template_preview`.

        :raise UserError: if Mailjet cannot be called
        """
        account = mailing.account_id
        template = self.search(
            [("id", "=", template_id), ("account_id", "=", account.id)]
        )
        return template and template._read_template_preview(mailing)

    def _read_template_preview(self, mailing):
        content = self._fetch_content()
        html = _text(content.get("Html-part"))
        if not html.strip():
            return TemplatePreview(
                self.name, "", ConversionReport(), refusal=self._explain_no_html()
            )
        if excess := self.env["mailjet.html.import"]._explain_excess(html):
            return TemplatePreview(self.name, "", ConversionReport(), refusal=excess)
        url = unsubscribe_variable(mailing._get_language(), UNSUBSCRIBE_LANGUAGES)
        codes = self._get_codes(mailing)
        html, findings = convert(html, codes, url)
        headers = content.get("Headers")
        headers = headers if isinstance(headers, dict) else {}
        return TemplatePreview(
            self.name,
            html,
            findings,
            subject=convert(_text(headers.get("Subject")), codes, url)[0],
            sender_name=parseaddr(_text(headers.get("From")))[0],
            from_blocks=self.edit_mode == "drag_and_drop",
        )

    def _fetch_content(self):
        """Return Mailjet's row of the content.

        :raise UserError: if Mailjet cannot be called
        """
        self.ensure_one()
        account = self.account_id
        with account._client() as client:
            try:
                return client.get_template_content(self.mailjet_id)
            except MailjetNotFoundError as error:
                raise UserError(
                    self.env._(
                        "“%s” no longer exists at Mailjet. Refresh the list of "
                        "templates.",
                        self.name,
                    )
                ) from error
            except MailjetError as error:
                raise UserError(account._explain(error)) from error

    def _explain_no_html(self):
        return self.env._(
            "“%s” contains no HTML yet, only the sources of Mailjet's editor (MJML), "
            "which only Mailjet can turn into an email. Open it at Mailjet, save it "
            "there, and come back.",
            self.name,
        )

    @api.model
    def _get_codes(self, mailing):
        """Return the tokens that replace Mailjet's contact properties, by their codes:
        those of the recipients' own kind first."""
        first = mailing.recipient_type if mailing.recipient_type != "target" else ""
        variables = sorted(
            mailing._get_variables_by_name().items(),
            key=lambda item: (item[1].kind != first, item[1].kind != "contact"),
        )
        codes = {}
        for name, _variable in variables:
            codes.setdefault(name.code.replace("_", ""), name.token)
        # At Mailjet "name" is a person's name; a lead's name is its subject.
        person = Variable(OBJECTS["lead"], "contact")
        if first == "lead" and person in mailing._get_variables_by_name():
            codes["name"] = person.token
        return codes


def _text(part):
    """Return a part of Mailjet's content as text; it may be of any type."""
    return part if isinstance(part, str) else ""
