import base64
import mimetypes

from odoo import api, models
from odoo.exceptions import UserError

from ...exceptions import InlineImageError
from ...tools.image_check import MAX_PIXELS, find_image_fault
from ...tools.inline_images import (
    MAX_ATTRIBUTE,
    PLACEHOLDER,
    has_long_attribute,
    has_lost_image,
    replace_inline_images,
)

# Fields whose HTML may contain embedded images.
HTML_FIELDS = ("body_arch", "body_html", "body_code")


class MailjetContentMixin(models.AbstractModel):
    """Hosts files for recipients, since Mailjet's campaigns have no attachments: the
    images embedded in the HTML, and any files that it links to.

    A hosted file belongs to no record, like those of Odoo's media dialog: sent emails,
    and copies of their mailing, still display it.
    """

    _inherit = "mailjet.content.mixin"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._host_inline_images(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._host_inline_images(vals))

    @api.model
    def _host_inline_images(self, vals):
        """Return the values with hosted images in place of the embedded ones: to be
        done before Odoo parses the HTML, which accepts no attribute of more than 10 MB
        and drops what follows.

        :raise UserError: if an image is too large or damaged, or the HTML too long
        """
        vals = dict(vals)
        for field in HTML_FIELDS:
            html = vals.get(field)
            if isinstance(html, str) and html:
                vals[field] = html.__class__(self._host_images_of(field, str(html)))
        return vals

    @api.model
    def _host_images_of(self, field, html):
        try:
            html = replace_inline_images(html, self._host_image)
            if self._fields[field].type == "html":
                if has_long_attribute(html):
                    raise InlineImageError("too_large", MAX_ATTRIBUTE)
                if has_lost_image(html):
                    raise InlineImageError("kind")
        except InlineImageError as error:
            raise UserError(self._explain_image(error.reason, error.limit)) from error
        if excess := self.env["mailjet.html.import"]._explain_excess(html):
            raise UserError(excess)
        return html

    @api.model
    def _host_image(self, mimetype, content):
        """Return the URL of a new hosted image, relative to the site's root.

        :param bytes content: of the image
        :raise UserError: if it cannot be displayed
        """
        if fault := find_image_fault(content):
            if len(content) <= PLACEHOLDER:
                data = base64.b64encode(content).decode()
                return f"data:{mimetype};base64,{data}"
            raise UserError(self._explain_image(fault))
        extension = mimetypes.guess_extension(mimetype) or ""
        return self._get_image_url(
            self._host_file(f"newsletter{extension}", content, mimetype)
        )

    @api.model
    def _explain_image(self, fault, limit=0):
        """Return the error message for an embedded image that cannot be hosted."""
        if fault == "too_large":
            return self.env._(
                "An image in the email is larger than %s. Reduce its size, then add "
                "it again.",
                self.env["mailjet.html.import"]._format_size(limit),
            )
        if fault == "pixels":
            return self.env._(
                "An image in the email has more than %s million pixels. Reduce its "
                "size, then add it again.",
                MAX_PIXELS // 1_000_000,
            )
        if fault == "kind":
            return self.env._(
                "An image within the email is a drawing (SVG) or of another kind that "
                "mailboxes do not show. Save it as PNG or JPEG, then add it again."
            )
        return self.env._(
            "An image in the email is damaged. Remove it, or save it again and add "
            "it once more."
        )

    @api.model
    def _get_image_url(self, image):
        """Return the URL of a hosted image, relative to the site's root."""
        return f"/web/image/{image.id}?access_token={image.access_token}"

    @api.model
    def _host_file(self, name, content, mimetype):
        """Return the attachment of a file that anyone with its URL may fetch."""
        attachment = self.env["ir.attachment"].create(
            {"name": name, "raw": content, "mimetype": mimetype}
        )
        attachment.generate_access_token()
        return attachment
