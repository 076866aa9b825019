import mimetypes

from odoo import api, models

from ..tools.inline_images import replace_inline_images

# Fields of a mailing that may carry images within their HTML.
HTML_FIELDS = ("body_arch", "body_html", "body_code")


class MailjetHostingMixin(models.AbstractModel):
    """Puts files where recipients can fetch them, since campaigns of Mailjet carry
    none: the images within a mailing's HTML, and whatever it links to.

    A hosted file belongs to no record, as those of Odoo's media dialog do: e-mails that
    were sent, and copies of their mailing, go on showing it.
    """

    _name = "mailjet.hosting.mixin"
    _description = "Mass Mailing Hosted Files"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        for record in records:
            record._host_inline_images()
        return records

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(HTML_FIELDS):
            for record in self:
                record._host_inline_images()
        return result

    def _host_inline_images(self):
        """Replace the images that stand within the HTML by hosted ones."""
        self.ensure_one()
        for field in HTML_FIELDS:
            html = str(self[field] or "")
            if ";base64," in html:
                hosted = replace_inline_images(html, self._host_image)
                if hosted != html:
                    self[field] = hosted

    @api.model
    def _host_image(self, mimetype, content):
        """Return the address of a new hosted image, from the site's root on.

        :param bytes content: what is in it
        """
        extension = mimetypes.guess_extension(mimetype) or ""
        return self._get_image_url(
            self._host_file(f"newsletter{extension}", content, mimetype)
        )

    @api.model
    def _get_image_url(self, image):
        """Return the address of a hosted image, from the site's root on."""
        return f"/web/image/{image.id}?access_token={image.access_token}"

    @api.model
    def _host_file(self, name, content, mimetype):
        """Return the attachment of a file that whoever has its address may fetch."""
        attachment = self.env["ir.attachment"].create(
            {"name": name, "raw": content, "mimetype": mimetype}
        )
        attachment.generate_access_token()
        return attachment
