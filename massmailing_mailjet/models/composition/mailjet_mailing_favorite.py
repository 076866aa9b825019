from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import is_html_empty

from ...tools.template_preview import ConversionReport, TemplatePreview
from ..notification import notification

# As many as the theme selector can show without a search of its own.
THEME_LIMIT = 24
# What the visual editor puts around all its content.
EDITOR_MARK = "o_layout"


class MailjetMailing(models.Model):
    """Lets users keep a mailing as a template for others, marked with a star."""

    _inherit = "mailjet.mailing"

    favorite = fields.Boolean(
        copy=False,
        tracking=True,
        help="Offered as a template for other mailings.",
    )
    favorite_date = fields.Datetime(
        string="Favorite since",
        compute="_compute_favorite_date",
        store=True,
        copy=False,
    )

    @api.depends("favorite")
    def _compute_favorite_date(self):
        for mailing in self:
            since = mailing.favorite_date or fields.Datetime.now()
            mailing.favorite_date = mailing.favorite and since

    # === ACTION METHODS === #

    def action_save_as_template(self):
        """Offer the mailing as a template."""
        self.ensure_one()
        self.favorite = True
        return notification(
            self.env._(
                "Saved as a template: you and your colleagues find it in “Our "
                "mailings” when you choose a template."
            )
        )

    def action_remove_template(self):
        """Offer the mailing as a template no longer; the mailing itself stays."""
        self.ensure_one()
        self.favorite = False
        return notification(self.env._("This mailing is no longer a template."))

    # === BUSINESS METHODS === #

    @api.model
    def get_favorite_themes(self):
        """Return the favorites that the visual editor can start from, the newest first,
        as dicts of ``id``, ``subject``, ``body_arch`` and ``user_id`` (a pair, or
        False)."""
        favorites = self._search_favorites(
            [("composition", "!=", "html")], limit=THEME_LIMIT
        )
        rows = favorites.read(["subject", "body_arch", "user_id"])
        return [row for row in rows if not is_html_empty(row["body_arch"])]

    @api.model
    def _search_favorites(self, domain, **arguments):
        """Return favorites, including archived ones: a mailing may be archived and
        still be used as a template."""
        return self.with_context(active_test=False).search(
            Domain("favorite", "=", True) & Domain(domain),
            order="favorite_date desc, id desc",
            **arguments,
        )

    # === BUSINESS METHODS: GALLERY === #

    @api.model
    def _get_cards(self, mailing, term, offset, limit):
        """See :meth:`.MailjetGallery.get_cards`."""
        domain = Domain("id", "!=", mailing.id)
        if term:
            domain &= Domain("name", "ilike", term) | Domain("subject", "ilike", term)
        found = self._search_favorites(domain, offset=offset, limit=limit)
        return [
            {
                "id": favorite.id,
                "name": favorite.name or favorite.subject,
                "details": [favorite.user_id.name],
                "date": favorite.sent_date or favorite.write_date,
            }
            for favorite in found
        ]

    @api.model
    def _get_template_preview(self, _mailing, template_id):
        """See :meth:`.MailjetGallery._get_template_preview`."""
        favorite = self._search_favorites([("id", "=", template_id)])
        return favorite and favorite._read_template_preview()

    def _read_template_preview(self):
        is_code = self.composition == "html"
        html = (self.body_code if is_code else self.body_html) or ""
        arch = str(self.body_arch or "")
        return TemplatePreview(
            self.name or self.subject,
            str(html),
            ConversionReport(),
            arch=arch if not is_code and EDITOR_MARK in arch else "",
            made_in="html" if is_code else "visual",
            subject=self.subject or "",
            preview=self.preview or "",
        )
