from odoo import api, fields, models
from odoo.tools import get_lang

from ...tools.colors import choose_contrast, parse_color
from ...tools.preference_links import PREFERENCES
from .mailjet_version import VERSION_FIELDS

# Of buttons, where the company has chosen none: that of Odoo's own emails.
BUTTON_COLOR = "#875a7b"


class MailjetMailing(models.Model):
    """Ready-made mailings: what they are for, and the email that they begin with."""

    _inherit = "mailjet.mailing"

    purpose = fields.Selection(
        [],
        readonly=True,
        help="What a ready-made mailing is for. It also decides who receives it.",
    )

    # === CRUD METHODS === #

    def copy(self, default=None):
        """Keep the purpose, which users cannot write: a copy does the same."""
        copies = super().copy(default)
        for mailing, copied in zip(self, copies, strict=True):
            if mailing.purpose:
                copied.sudo().purpose = mailing.purpose
        return copies

    # === BUSINESS METHODS === #

    @api.model
    def _make_ready_mailing(self, purpose, **values):
        """Create the ready-made mailing of a purpose for the current company, in the
        language of the user; return the action that opens it.

        :param str purpose: one of the field
        :param values: of the mailing, besides those that the purpose gives
        :raise AccessError: if the user may not create mailings
        """
        mailing = self.create(
            {
                **self._get_ready_values(purpose),
                # The type that can be sent to all the others, too.
                "recipient_type": "target",
                # What it asks is about no topic.
                "topic_id": False,
                "lang": get_lang(self.env).code,
                **values,
            }
        )
        mailing.sudo().purpose = purpose
        return mailing.get_formview_action()

    @api.model
    def _get_ready_values(self, _purpose):
        """Return the values of the ready-made mailing of a purpose, in the current
        language: its name and its email. Each purpose adds its own."""
        return {}

    @api.model
    def _render_ready_email(self, paragraphs, button, anchor=""):
        """Return a ready-made email, as values of a mailing.

        :param list paragraphs: texts
        :param str button: what the link to the recipient's preference page says
        :param str anchor: the part of that page to show
        """
        color, text_color = self._get_ready_colors()
        body = self.env["ir.qweb"]._render(
            "massmailing_mailjet.ready_email",
            {
                "paragraphs": paragraphs,
                "button": button,
                "url": f"{PREFERENCES}{anchor}",
                "color": color,
                "text_color": text_color,
            },
        )
        return self.env["mailjet.gallery"]._get_visual_content(str(body))

    @api.model
    def _get_ready_colors(self):
        """Return the colors of a button of the company, and of the words on it."""
        colors = self.env["mailjet.theme"]._get_button_colors(self.env.company)
        color, text_color = map(parse_color, colors)
        color = color or BUTTON_COLOR
        return color, text_color or choose_contrast(color)

    def _copy_email(self, **values):
        """Begin the version of a ready-made mailing in another language with the
        ready-made email in that language."""
        lang = values.get("lang")
        if not lang or not self.purpose:
            return super()._copy_email(**values)
        maker = self.with_company(self.company_id).with_context(lang=lang)
        ready = maker._get_ready_values(self.purpose)
        email = {name: ready[name] for name in VERSION_FIELDS if name in ready}
        return super()._copy_email(**{**email, "body_text": False, **values})
