from odoo.tests import tagged

from ..exceptions import NewsletterFileError
from ..tools.style_sheets import find_missing_styles
from .newsletter_file_common import PNG, NewsletterFileCase


@tagged("post_install", "-at_install")
class TestNewsletterStyles(NewsletterFileCase):
    """Style sheets of newsletters made elsewhere."""

    def test_style_sheets_of_a_zip_are_taken_in(self):
        html = '<link REL=stylesheet href="css/a.css"{}><p>x'
        for files, attributes, expected in (
            ({"css/a.css": "p{color:red}"}, "", "<style>p{color:red}</style>"),
            (
                {"CSS/A.css": "p{color:red}"},
                ' media="print"',
                '<style media="print">p{color:red}</style>',
            ),
            (
                {"css/a.css": "p{background:url('../i/a.png')}", "i/a.png": PNG},
                "",
                "<style>p{background:url('css/../i/a.png')}</style>",
            ),
            (
                {
                    "css/a.css": "@import 'b.css';@import url(x/c.css) print;p{}",
                    "css/b.css": "b{}",
                    "css/x/c.css": "c{background:url(d.png)}",
                },
                "",
                "<style>b{}@media print{c{background:url(css/x/d.png)}}p{}</style>",
            ),
            (
                {"css/a.css": b'@charset "windows-1252";p:after{content:"\xe9"}'},
                "",
                '<style>@charset "windows-1252";p:after{content:"\xe9"}</style>',
            ),
            (
                {"css/a.css": "/*</style><script>*/"},
                "",
                r"<style>/*<\/style><script>*/</style>",
            ),
        ):
            with self.subTest(expected):
                newsletter = self._read({"a.html": html.format(attributes), **files})
                self.assertEqual(newsletter.html, f"{expected}<p>x")
                self.assertFalse(find_missing_styles(newsletter.html))

    def test_style_sheets_that_are_not_there_stay_and_are_named(self):
        html = (
            '<link rel=stylesheet href="gone.css"><link rel=icon href="a.css">'
            '<link rel="alternate stylesheet" href=a.css><!-- <link rel=stylesheet '
            'href=x.css> --><link rel=stylesheet href="https://example.com/b.css">'
            '<link rel=stylesheet href=no.css><style>@import "within.css";</style>'
        )
        newsletter = self._read({"a.html": html, "a.css": "p{}", "no.css": b"\0" * 99})
        self.assertEqual(newsletter.html, html)
        self.assertEqual(
            find_missing_styles(html), ["gone.css", "no.css", "within.css"]
        )

    def test_style_sheets_that_take_in_each_other(self):
        newsletter = self._read(
            {
                "a.html": "<link rel=stylesheet href=a.css>",
                "a.css": "@import 'b.css';",
                "b.css": "@import 'a.css';",
            }
        )
        self.assertIn("<style>", newsletter.html)
        for css, count in (("x" * 1_000_000, 6), ("@import 'a.css';" * 100, 1)):
            with self.assertRaises(NewsletterFileError) as caught:
                self._read(
                    {"a.html": "<link rel=stylesheet href=a.css>" * count, "a.css": css}
                )
            self.assertEqual(caught.exception.reason, "html_too_large")

    def test_large_style_sheets(self):
        for piece in ("@import ", "@import url(", "@import 'a", "url(", "@import x "):
            with self.subTest(piece):
                css = (piece * 1_000_000)[:1_000_000]
                newsletter = self._read(
                    {"a.html": "<link rel=stylesheet href=a.css>", "a.css": css}
                )
                self.assertIn(css[:100], newsletter.html)
