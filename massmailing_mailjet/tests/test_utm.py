from odoo.tests import BaseCase, tagged

from ..tools.utm import add_utm_to_html, add_utm_to_text, remove_utm

PARAMETERS = {"utm_source": "News & more", "utm_campaign": "Été"}
ADDED = "utm_source=News+%26+more&amp;utm_campaign=%C3%89t%C3%A9"


@tagged("post_install", "-at_install")
class TestUtm(BaseCase):
    """The parameters that tell a website where its visitors come from."""

    def test_links(self):
        for before, after in {
            "https://example.com": f"https://example.com?{ADDED}",
            "http://example.com/a?b=1": f"http://example.com/a?b=1&amp;{ADDED}",
            "https://example.com/?": f"https://example.com/?{ADDED}",
            "https://example.com/a#top": f"https://example.com/a?{ADDED}#top",
            "https://example.com/?a=1&#38;b=2#c": (
                f"https://example.com/?a=1&#38;b=2&amp;{ADDED}#c"
            ),
            "https://example.com/?utm_source=x": (
                "https://example.com/?utm_source=x&amp;utm_campaign=%C3%89t%C3%A9"
            ),
            "https://example.com/?n=$contacts-firstname|Madam, Sir$": (
                f"https://example.com/?n=$contacts-firstname|Madam, Sir$&amp;{ADDED}"
            ),
            # What leads to no website stays as it is.
            "mailto:ann@example.com": "mailto:ann@example.com",
            "tel:+4712345678": "tel:+4712345678",
            "#top": "#top",
            "[[UNSUB_LINK_FR]]": "[[UNSUB_LINK_FR]]",
            "$contacts-website$": "$contacts-website$",
        }.items():
            for quote in "\"'":
                html = f'<p>x</p><A class="b" href = {quote}{{}}{quote}>y</A>'
                with self.subTest(before, quote=quote):
                    self.assertEqual(
                        add_utm_to_html(html.format(before), PARAMETERS),
                        html.format(after),
                    )

    def test_only_links(self):
        for html in (
            '<img src="https://example.com/a.png">',
            '<link href="https://example.com/a.css">',
            "<p>https://example.com</p>",
            '<a data-href="https://example.com">x</a>',
        ):
            with self.subTest(html):
                self.assertEqual(add_utm_to_html(html, PARAMETERS), html)

    def test_plain_text(self):
        added = ADDED.replace("&amp;", "&")
        self.assertEqual(
            add_utm_to_text(
                "Shop <https://example.com/a>. Ask a@example.com", PARAMETERS
            ),
            f"Shop <https://example.com/a?{added}>. Ask a@example.com",
        )
        self.assertEqual(
            add_utm_to_text("See https://example.com.", PARAMETERS),
            f"See https://example.com?{added}.",
        )

    def test_removed_again(self):
        for url, plain in {
            "https://example.com/a?utm_source=x&utm_medium=y": "https://example.com/a",
            "https://example.com/?a=1&utm_source=x&b=2#c": "https://example.com/?a=1&b=2#c",
            "https://example.com/utm_source=x": "https://example.com/utm_source=x",
            "https://example.com/?": "https://example.com/",
            "mailto:a@example.com": "mailto:a@example.com",
        }.items():
            with self.subTest(url):
                self.assertEqual(remove_utm(url), plain)

    def test_nothing_without_a_campaign(self):
        html = '<a href="https://example.com">x</a>'
        self.assertEqual(add_utm_to_html(html, {}), html)
        self.assertEqual(
            add_utm_to_text("https://example.com", {}), "https://example.com"
        )
