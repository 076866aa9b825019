from odoo.tests import tagged

from ..tools import newsletter_file
from ..tools.newsletter_images import host_images, image_type
from .newsletter_file_common import GIF, PNG, NewsletterFileCase


@tagged("post_install", "-at_install")
class TestNewsletterImages(NewsletterFileCase):
    """Images of newsletters made elsewhere."""

    def test_images_of_style_sheets_are_hosted(self):
        newsletter = self._read(
            {
                "n/a.html": '<link rel="stylesheet" href="css/a.css">',
                "n/css/a.css": "p{background:url(../i/a.png)}",
                "n/i/a.png": PNG,
            }
        )
        html, missing = host_images(
            newsletter, lambda path, *_image: f"https://h/{path}"
        )
        self.assertEqual(html, "<style>p{background:url(https://h/n/i/a.png)}</style>")
        self.assertFalse(missing)

    def test_only_what_mailboxes_show_is_an_image(self):
        for start, expected in (
            (PNG, "image/png"),
            (GIF, "image/gif"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"<svg onload='x'>", None),
            (b"<script>", None),
            (b"", None),
        ):
            with self.subTest(start):
                self.assertEqual(image_type(start), expected)

    def test_every_way_to_name_an_image(self):
        for html in (
            '<IMG alt="x" src="{}">\r\n<p>a</P>',
            "<img src='{}'>",
            '<td background="{}">',
            "<td style=\"background:url('{}') no-repeat\">",
            "<td style='background:url({})'>",
            '<td style="background-image: url(&quot;{}&quot;)">',
            "<style>.a { background: url({}) }</style>",
            '<!--[if gte mso 9]><v:fill type="tile" src="{}"/><![endif]-->',
            '<img srcset="{} 1x, {} 2x">',
            '<a href="{}">large</a>',
        ):
            with self.subTest(html):
                result = self._host(
                    html.replace("{}", "images/a.png"), paths=["images/a.png"]
                )
                new = html.replace("{}", "https://h/images/a.png")
                self.assertEqual(result, (new, []))

    def test_an_address_without_quotation_marks_gets_them(self):
        self.assertEqual(
            self._host("<img src=a.png width=1>", paths=["a.png"])[0],
            '<img src="https://h/a.png" width=1>',
        )

    def test_addresses_as_programs_write_them(self):
        for reference in (
            "./images/a b.png",
            "images/a%20b.png",
            "images\\a b.png",
            "/images/a b.png",
            "IMAGES/A B.PNG",
            "x/../images/a b.png",
            "images/a b.png?v=2#x",
        ):
            with self.subTest(reference):
                html, missing = self._host(
                    f'<img src="{reference}">', paths=["images/a b.png"]
                )
                self.assertEqual(html, '<img src="https://h/images/a b.png">')
                self.assertFalse(missing)

    def test_letters_that_are_written_in_two_ways(self):
        html, _missing = self._host(
            '<img src="caf\u00e9.png">', paths=["cafe\u0301.png"]
        )
        self.assertIn("https://h/", html)

    def test_images_lie_beside_their_html(self):
        newsletter = self._read(
            {
                "n/mail.html": '<img src="../top.png"><img src="a.png">',
                "n/a.png": PNG,
                "top.png": GIF,
            }
        )
        html, missing = host_images(newsletter, lambda path, kind, data: f"{path}!")
        self.assertEqual(html, '<img src="top.png!"><img src="n/a.png!">')
        self.assertFalse(missing)

    def test_what_is_not_in_the_zip_stays_and_is_named(self):
        html = (
            '<img src="a.png"><img src="gone.png"><IMG SRC="https://example.com/b.png">'
            '<a href="page.html">x</a><img src="cid:1"><img src="[[data:x]]">'
            '<img src="data:image/png;base64,AAA="><a href="#top">t</a><img src="">'
            '<p style="background:url(gone.png)">$contacts-name$'
            '<img srcset="data:image/png;base64,AA 1x">'
        )
        result, missing = self._host(html, paths=[])
        self.assertEqual(result, html)
        self.assertEqual(missing, ["a.png", "gone.png"])

    def test_each_image_is_hosted_once_and_only_if_it_is_shown(self):
        newsletter = self._read(
            {"a.html": '<img src="a.png">' * 3, "a.png": PNG, "unused.png": PNG}
        )
        hosted = []
        host_images(newsletter, lambda path, *_image: hosted.append(path) or "x")
        self.assertEqual(hosted, ["a.png"])

    def test_hostile_html_comes_back_as_it_was(self):
        for piece in (
            'src="',
            "src='\"",
            "url( ",
            "url('",
            "srcset=",
            "url(&quot;",
            "src=\n",
            "url(\n\n",
        ):
            with self.subTest(piece):
                html = piece * 250_000
                newsletter = newsletter_file.Newsletter(html)
                self.assertEqual(host_images(newsletter, None)[0], html)
