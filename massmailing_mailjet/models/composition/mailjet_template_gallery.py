from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ...tools.email_background import find_background
from ...tools.visual_html import to_visual

# Templates per page.
PAGE = 24

# The sources of templates, and the model of each.
TEMPLATE_SOURCES = {
    "mailjet": "mailjet.template",
    "crm": "mailjet.gallery.odoo",
    "mailing": "mailjet.mailing",
}

# The layout that the visual editor needs around HTML that was not made in it.
EDITOR_LAYOUT = Markup(
    '<div data-name="Mailing" class="o_layout oe_unremovable oe_unmovable '
    'o_default_theme"%(style)s><div class="container o_mail_wrapper o_mail_regular '
    'oe_unremovable"><div class="row mw-100 mx-0"><div class="col o_mail_no_options '
    'o_mail_wrapper_td%(white)s oe_structure"%(style)s><section class="s_text_block '
    'o_mail_snippet_general" data-snippet="s_text_block" data-name="Text"><div '
    'class="container s_allow_columns">%(body)s</div></section></div></div></div></div>'
)
BACKGROUND = Markup(' style="background-color: %s;"')


class MailjetGallery(models.AbstractModel):
    """The templates for a mailing, from all sources. The user's own access rights
    decide which are visible."""

    _name = "mailjet.gallery"
    _description = "Mass mailing template gallery"

    @api.model
    def get_cards(self, mailing_id, source, term="", offset=0):
        """Return a page of templates.

        :param str source: ``mailjet``, ``crm`` or ``mailing`` (favorites)
        :param str term: part of the name
        :return: dict of ``cards`` (each with ``id``, ``name``, ``details``: a list of
            texts, ``date``), and whether there are ``more``
        """
        mailing = self._get_mailing(mailing_id, "read")
        term, offset = str(term or "").strip(), int(offset)
        cards = self._get_source(source)._get_cards(mailing, term, offset, PAGE + 1)
        for card in cards:
            card["details"] = [detail for detail in card["details"] if detail]
            card["date"] = fields.Datetime.to_string(card["date"] or None)
        return {"cards": cards[:PAGE], "more": len(cards) > PAGE}

    @api.model
    def action_refresh(self, mailing_id):
        """Fetch the templates of the mailing's account from Mailjet.

        :raise UserError: if Mailjet cannot be called
        """
        mailing = self._get_mailing(mailing_id, "read")
        self.env["mailjet.template"]._fetch(mailing.account_id)
        return True

    @api.model
    def get_preview(self, mailing_id, source, template_id):
        """Return a template as it would be used in the mailing.

        :return: dict of ``name``, ``subject``, ``html``, ``editors`` (those that the
            user may choose from, ``html`` or ``visual``, the best first, with whether
            existing work would be ``replaced`` and a ``remark``), ``notes`` (sentences
            with the ``lines`` that they are about), and ``refusal``, why it cannot be
            used, or empty
        :raise UserError: if Mailjet cannot be called
        """
        mailing = self._get_mailing(mailing_id, "read")
        preview = self._get_template_preview(mailing, source, template_id)
        return {
            "name": preview.name,
            "subject": preview.subject,
            "html": preview.html,
            "editors": [
                {
                    "name": editor,
                    "replaced": self._has_work(mailing, editor),
                    "remark": self._get_remark(preview, editor),
                }
                for editor in preview.editors
            ],
            "notes": self._get_notes(preview),
            "refusal": preview.refusal,
        }

    @api.model
    def action_use_template(
        self, mailing_id, source, template_id, editor=None, replace=False
    ):
        """Copy a template into the mailing, where changes do not affect the original.
        Subject, preview text and alias are copied if the mailing has none.

        :param str editor: one of those that :meth:`get_preview` returns; the first by
            default
        :param bool replace: whether an existing email may be replaced
        :return: a message for the user
        :raise UserError: if the template cannot be used, or work would be lost
        """
        mailing = self._get_mailing(mailing_id, "write")
        mailing._check_editable()
        preview = self._get_template_preview(mailing, source, template_id)
        if preview.refusal:
            raise UserError(preview.refusal)
        editor = editor if editor in preview.editors else preview.editors[0]
        if self._has_work(mailing, editor) and not replace:
            raise UserError(
                self.env._("This mailing already has an email, which would be lost.")
            )
        mailing.write(
            {
                **self._get_content(preview, editor),
                **self._get_missing_details(mailing, preview),
                "template_name": preview.name,
                "body_text": False,
            }
        )
        return " ".join(
            filter(
                None,
                [
                    self.env._("“%s” was copied into this mailing.", preview.name),
                    self._get_remark(preview, editor),
                ],
            )
        )

    # === BUSINESS METHODS === #

    @api.model
    def _get_mailing(self, mailing_id, operation):
        mailing = self.env["mailjet.mailing"].browse(int(mailing_id))
        mailing.check_access(operation)
        return mailing

    @api.model
    def _get_source(self, source):
        if source not in TEMPLATE_SOURCES:
            raise UserError(self.env._("There are no templates of this kind."))
        return self.env[TEMPLATE_SOURCES[source]]

    @api.model
    def _get_template_preview(self, mailing, source, template_id):
        """Return a template as the :class:`~..tools.template_preview.TemplatePreview`
        for the mailing. Each source reads its own, with the user's rights."""
        preview = self._get_source(source)._get_template_preview(
            mailing, int(template_id)
        )
        if not preview:
            raise UserError(self.env._("This template no longer exists."))
        if not preview.refusal and is_html_empty(preview.html):
            return preview._replace(refusal=self.env._("This template is empty."))
        return preview

    @api.model
    def _has_work(self, mailing, editor):
        """Return whether an editor of the mailing has content, or the plain text was
        edited."""
        if mailing.body_text:
            return True
        if editor == "html":
            return bool((mailing.body_code or "").strip())
        return not (
            is_html_empty(mailing.body_arch) and is_html_empty(mailing.body_html)
        )

    @api.model
    def _get_content(self, preview, editor):
        """Return the values of the mailing's body."""
        if editor == "html":
            return {"composition": "html", "body_code": preview.html}
        if preview.arch:
            values = {"body_arch": preview.arch, "body_html": preview.html}
            return {"composition": "template", **values}
        return self._get_visual_content(preview.html)

    @api.model
    def _get_visual_content(self, html):
        """Return the values of a mailing's body for HTML that was not made in the
        visual editor: its background is that of the whole email."""
        body, color = Markup(to_visual(html)), find_background(html)
        style = BACKGROUND % color if color else ""
        white = "" if color else " bg-white"
        arch = EDITOR_LAYOUT % {"body": body, "style": style, "white": white}
        if color:
            body = Markup("<div%s>%s</div>") % (style, body)
        return {"composition": "template", "body_arch": arch, "body_html": body}

    @api.model
    def _get_missing_details(self, mailing, preview):
        """Return the details that the template has and the mailing does not."""
        offered = {
            "subject": preview.subject,
            "preview": preview.preview,
            "sender_name": preview.sender_name,
        }
        return {
            name: text
            for name, text in offered.items()
            if text.strip() and not (mailing[name] or "").strip()
        }

    # === BUSINESS METHODS: MESSAGES === #

    @api.model
    def _get_remark(self, preview, editor):
        """Return what a user has to know about a template in an editor, if anything."""
        if not preview.is_document:
            return ""
        if editor == "html":
            return self.env._(
                "It is a complete HTML document. The HTML editor keeps it exactly as "
                "it is."
            )
        return self.env._(
            "The visual editor does not keep its styles for phones and for Outlook: "
            "check the preview before sending."
        )

    @api.model
    def _get_notes(self, preview):
        """Return what happened to the template's own code, as sentences with lines."""
        found = preview.findings
        nothing = self.env._("nothing")
        changed = {
            self.env._("These values become variables:"): found.variables,
            self.env._("These values are written as they are today:"): found.constants,
            self.env._(
                "There are no variables for these values. They are replaced with:"
            ): found.lost,
        }
        notes = [
            {
                "title": title,
                "lines": [f"{old} → {new or nothing}" for old, new in values.items()],
            }
            for title, values in changed.items()
        ]
        listed = {
            self.env._(
                "Mailjet cannot keep these conditions: everyone sees their content."
            ): found.conditions,
            self.env._("These parts are omitted:"): found.removed,
            self.env._(
                "These are filled from your Mailjet contact data; other recipients "
                "see the text in quotation marks."
            ): found.properties,
        }
        notes += [{"title": title, "lines": lines} for title, lines in listed.items()]
        notes = [note for note in notes if note["lines"]]
        return notes + [{"title": remark, "lines": []} for remark in preview.remarks]
