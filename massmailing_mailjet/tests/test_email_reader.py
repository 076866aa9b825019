from odoo.tests import BaseCase, tagged

from ..tools.email_reader import IMAGE, Image, Link, read_email


@tagged("post_install", "-at_install")
class TestEmailReader(BaseCase):
    """What a reader sees of HTML in the styles of several programs."""

    def test_links_images_and_words(self):
        email = read_email(
            "<html><head><title>No</title><style>a{}</style></head><body>"
            "<p>Dear <b>reader</b>,</p><a href='u'> Our <i>news</i> </a>"
            "<a href='v'><img src='s' alt='Lamp'></a><a href='w'><img src='t'></a>"
            "<div style='display:none'>Preview<a href='x'>No</a></div> bye"
        )
        self.assertEqual(
            email.links,
            [Link("u", "Our news"), Link("v", "Lamp"), Link("w", IMAGE), Link("x", "")],
        )
        self.assertEqual(email.images, [Image("s", "Lamp"), Image("t", None)])
        self.assertEqual(email.words, f"Dear reader, Our news Lamp {IMAGE} bye")
        self.assertIn("Preview", email.written)
        self.assertNotIn("a{}", email.written)

    def test_whatever_stands_there(self):
        for html in (
            None,
            "",
            " \n",
            "<",
            "<!-- only a comment -->",
            "<a href='u'>open <b>never closed",
            "</p></td>",
            "\x00\ud800",
            "<?xml version='1.0' encoding='iso-8859-1'?><p>Été</p>",
            "<html><head><meta charset='latin-1'></head><body>Été</body></html>",
            "<![CDATA[x]]><o:p>&nbsp;</o:p><v:rect fill='t'/>",
        ):
            with self.subTest(ascii(html)):
                email = read_email(html)
                if "Été" in (html or ""):
                    self.assertEqual(email.words, "Été")

    def test_comments_for_outlook_are_no_part_of_it(self):
        email = read_email(
            "<!--[if mso]><a href='x'>No</a><![endif]--><a href='y'>Yes</a>"
            "<!--[if !mso]><!--><a href='z'>Too</a><!--<![endif]-->"
        )
        self.assertEqual([link.url for link in email.links], ["y", "z"])

    def test_a_link_around_a_table_with_links(self):
        html = "<a href='x'>a<table><tr><td><a href='y'>b</a></table>c</a>"
        links = [Link("y", "b"), Link("x", "abc")]
        self.assertEqual(read_email(html).links, links)

    def test_markup_of_mjml_shows(self):
        email = read_email(
            "<td style='font-size:0px;word-break:break-word;'><div "
            "style='font-family:Arial;font-size:13px;color:#000000;'>Text</div></td>"
        )
        self.assertEqual(email.words, "Text")

    def test_two_megabytes_are_read(self):
        html = "<table><tr><td><a href='u'>Word</a></td></tr></table>" * 40_000
        email = read_email(html)
        self.assertEqual(len(email.links), 40_000)
        self.assertEqual(email.size, len(html))
