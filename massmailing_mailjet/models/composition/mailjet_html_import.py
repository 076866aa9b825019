import base64
import binascii

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ...exceptions import NewsletterFileError
from ...tools.html_limits import find_excess
from ...tools.image_check import MAX_PIXELS, find_image_fault
from ...tools.newsletter_file import MAX_FILE, MEGABYTE, read_newsletter
from ...tools.newsletter_images import host_images
from ...tools.style_sheets import find_missing_styles

# How many files a warning names; the others are counted.
NAMED_IMAGES = 5


class MailjetHtmlImport(models.AbstractModel):
    """The files that a user adds to a mailing: a newsletter made elsewhere, whose
    images are hosted, and files to link to, since Mailjet's campaigns have no
    attachments.
    """

    _name = "mailjet.html.import"
    _description = "Mass mailing newsletter file"

    @api.model
    def read_file(self, mailing_id, name, data):
        """Host the images of a newsletter file and return its HTML; the mailing itself
        is not changed.

        :param str name: of an HTML file, or of a zip with an HTML file and its images
        :param str data: the file in base64
        :return: ``{"html": str, "warning": str or False}``
        :raise UserError: saying what is wrong with the file
        """
        mailing = self._get_mailing(mailing_id)
        try:
            newsletter = read_newsletter(name, self._decode(data))
        except NewsletterFileError as error:
            raise UserError(self._explain(error)) from error
        base_url = mailing.get_base_url()
        faulty = []

        def host(path, mimetype, content):
            if find_image_fault(content):
                faulty.append(path)
                return None
            name = path.rpartition("/")[2]
            image = mailing._host_file(name, content, mimetype)
            return f"{base_url}{mailing._get_image_url(image)}"

        html, missing = host_images(newsletter, host)
        return {"html": html, "warning": self._warn(missing, faulty, html)}

    @api.model
    def host_file(self, mailing_id, name, data):
        """Host a file for anyone who has its URL.

        :param str data: the file in base64
        :return: ``{"url": str, "name": str, "size": str}``, the size as readable text
        :raise UserError: if it is empty or too large
        """
        mailing = self._get_mailing(mailing_id)
        content = self._decode(data)
        if not content:
            raise UserError(self.env._("“%s” is empty.", name))
        if len(content) > MAX_FILE:
            raise UserError(
                self._explain(NewsletterFileError("file_too_large", MAX_FILE))
            )
        # Readers get the file unchanged, whatever is in it.
        as_it_is = mailing.with_context(image_no_postprocess=True)
        file = as_it_is._host_file(name, content, None)
        path = f"/web/content/{file.id}?access_token={file.access_token}&download=true"
        return {
            "url": f"{mailing.get_base_url()}{path}",
            "name": name,
            "size": self._format_size(len(content)),
        }

    @api.model
    def _get_mailing(self, mailing_id):
        """Return the mailing.

        :raise AccessError: if the user may not change it
        :raise UserError: if nobody can any more
        """
        mailing = self.env["mailjet.mailing"].browse(mailing_id)
        mailing._check_loadable()
        return mailing

    @api.model
    def _decode(self, data):
        try:
            return base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError) as error:
            raise UserError(
                self.env._("The upload was incomplete. Please try again.")
            ) from error

    @api.model
    def _explain(self, error):
        """Return the error message for a file that cannot be imported."""
        size = self._format_size(error.detail) if isinstance(error.detail, int) else ""
        return {
            "file_too_large": self.env._("The file is larger than %s.", size),
            "html_too_large": self.env._(
                "The HTML is larger than %s: an email of that size would not be "
                "delivered.",
                size,
            ),
            "too_many_tags": self.env._(
                "The HTML has more than %s tags, which no mailbox shows. Remove what "
                "readers do not see, or make the email shorter.",
                formatLang(self.env, error.detail, digits=0) if size else "",
            ),
            "zip_too_large": self.env._(
                "The content of the zip file is larger than %s. Remove what the "
                "newsletter does not show.",
                size,
            ),
            "too_many_files": self.env._(
                "The zip file contains more than %s files. Remove what the "
                "newsletter does not show.",
                error.detail,
            ),
            "wrong_type": self.env._(
                "“%s” is neither an HTML file nor a zip file.", error.detail
            ),
            "unreadable_text": self.env._(
                "“%s” cannot be read as text. Save it as HTML with UTF-8 encoding.",
                error.detail,
            ),
            "empty": self.env._("“%s” is empty.", error.detail),
            "broken_zip": self.env._(
                "The zip file cannot be opened: it is damaged, or not a zip file. "
                "Compress it again."
            ),
            "locked": self.env._(
                "The zip file is protected by a password. Compress it again without "
                "one."
            ),
            "compression": self.env._(
                "The zip file uses a compression that cannot be read here. Compress "
                "it again as a standard zip file."
            ),
            "path_outside": self.env._(
                "The zip file contains a file whose path leads outside of it: “%s”. "
                "Compress it again.",
                error.detail,
            ),
            "no_html": self.env._("The zip file contains no HTML file."),
            "several_html": self.env._(
                "The zip file contains several HTML files: %s. Keep only one, or "
                "name the one to send index.html.",
                error.detail,
            ),
        }[error.reason]

    @api.model
    def _explain_excess(self, html):
        """Return the error message for HTML that is too large for an email, or ""."""
        excess = find_excess(html)
        return self._explain(NewsletterFileError(*excess)) if excess else ""

    @api.model
    def _warn(self, missing, faulty, html):
        """Return the warning about images that the HTML refers to but that are missing
        or cannot be displayed, or False.

        :param missing: images that are not in the file
        :param faulty: images that cannot be displayed
        :param str html: the resulting newsletter
        """
        sentences = []
        if missing:
            sentences.append(
                self.env._(
                    "These images are missing from the file: %s. Upload a zip file "
                    "that contains them as PNG, JPEG, GIF or WebP.",
                    self._name_some(missing),
                )
            )
        if faulty:
            sentences.append(
                self.env._(
                    "These images are damaged or have more than %(limit)s million "
                    "pixels: %(names)s. Save them again, then upload the newsletter "
                    "with them.",
                    limit=MAX_PIXELS // 1_000_000,
                    names=self._name_some(faulty),
                )
            )
        if styles := find_missing_styles(html):
            sentences.append(
                self.env._(
                    "These style sheets are missing from the file: %s. Upload a zip "
                    "file that contains them.",
                    self._name_some(styles),
                )
            )
        return " ".join(sentences) or False

    @api.model
    def _name_some(self, names):
        """Return the first few names, and how many more there are."""
        named = ", ".join(names[:NAMED_IMAGES])
        if len(names) <= NAMED_IMAGES:
            return named
        return self.env._(
            "%(names)s and %(count)s more",
            names=named,
            count=len(names) - NAMED_IMAGES,
        )

    @api.model
    def _format_size(self, size):
        """Return a number of bytes as readable text."""
        if size < MEGABYTE:
            return self.env._("%s kB", formatLang(self.env, -(-size // 1024), digits=0))
        digits = 1 if size % MEGABYTE else 0
        return self.env._("%s MB", formatLang(self.env, size / MEGABYTE, digits=digits))
