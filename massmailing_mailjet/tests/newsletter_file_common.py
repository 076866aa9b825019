import io
import zipfile

from odoo.tests import BaseCase

from ..tools import newsletter_file
from ..tools.newsletter_file import read_newsletter
from ..tools.newsletter_images import host_images

PNG = b"\x89PNG\r\n\x1a\n picture"
GIF = b"GIF89a picture"


def make_zip(files):
    """Return a zip of ``path -> content``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            # The name as it is: `writestr` of a name would clean it.
            info = zipfile.ZipInfo()
            info.filename = info.orig_filename = path
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return buffer.getvalue()


class NewsletterFileCase(BaseCase):
    """Zips that are read, and their images hosted."""

    def _read(self, files):
        return read_newsletter("a.zip", make_zip(files))

    def _host(self, html, **images):
        """Return the HTML with its images hosted, and the paths that are missing."""
        newsletter = newsletter_file.Newsletter(
            html, "", {path: ("image/png", PNG) for path in images.pop("paths")}
        )
        return host_images(newsletter, lambda path, *_image: f"https://h/{path}")
