import re

from odoo.tests import BaseCase, tagged

from ..tools.checks_email import check_body, check_links, check_unsubscribe
from ..tools.email_html import add_preview, complete_links
from ..tools.email_reader import read_email
from ..tools.html_tokenizer import START, tokenize
from ..tools.html_tree import normalize
from ..tools.inline_images import replace_inline_images
from ..tools.links import complete_addresses, is_link
from ..tools.personalization import html_to_mailjet
from ..tools.plain_text import html_to_text
from ..tools.utm import add_utm_to_html
from ..tools.variable_repair import repair_tokens
from ..tools.variables import Variable
from ..tools.visual_html import to_visual
from .email_corpus import make_corpus

FIRSTNAME = Variable("contacts", "firstname")
LINKS = {
    "online_text": "See online",
    "unsubscribe_text": "Unsubscribe here",
    "unsubscribe_url": "[[UNSUB_LINK_EN]]",
}
UTM = {"utm_source": "news", "utm_campaign": "autumn"}


def compose(html):
    """Return the email as it is sent."""
    html = complete_addresses(html, "https://odoo.example.com")
    html = add_preview(complete_links(html, **LINKS), "Look inside")
    return html_to_mailjet(add_utm_to_html(html, UTM), {FIRSTNAME: ""})


@tagged("post_install", "-at_install")
class TestEmailCorpus(BaseCase):
    """Emails of many makers, from the file to what is sent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.corpus = make_corpus()

    def test_there_are_many(self):
        self.assertGreaterEqual(len({sample.html for sample in self.corpus}), 200)

    def test_no_word_is_lost(self):
        for sample in self.corpus:
            with self.subTest(sample.name):
                for text in (
                    html_to_text(sample.html),
                    html_to_text(compose(sample.html)),
                    html_to_text(to_visual(sample.html)),
                ):
                    self.assertFalse(set(sample.words) - set(_words(text)))
                self.assertNotIn("no", _words(html_to_text(sample.html)))

    def test_the_order_of_words_stays(self):
        for sample in self.corpus:
            seen = _words(html_to_text(sample.html))
            with self.subTest(sample.name):
                shown = [word for word in seen if word in sample.words]
                self.assertEqual(shown, sample.words)

    def test_every_link_has_parameters(self):
        for sample in self.corpus:
            composed = compose(sample.html)
            addresses = [
                token.get("href").decoded
                for token in tokenize(composed)
                if token.kind == START and is_link(token) and token.get("href")
            ]
            addresses = [url for url in addresses if "[[" not in url]
            with self.subTest(sample.name):
                self.assertEqual(len(addresses), sample.links)
                for url in addresses:
                    self.assertEqual(url.count("utm_source=news"), 1)
                    self.assertEqual(url.count("utm_campaign=autumn"), 1)

    def test_both_links_once_where_they_are_seen(self):
        for sample in self.corpus:
            email = read_email(compose(sample.html))
            with self.subTest(sample.name):
                for url, text in (
                    ("[[PERMALINK]]", "See online"),
                    ("[[UNSUB_LINK_EN]]", "Unsubscribe here"),
                ):
                    found = [link.text for link in email.links if link.url == url]
                    self.assertEqual(found, [text])
                words = email.words
                self.assertTrue(words.startswith("See online"), words[:80])
                self.assertTrue(
                    words.rstrip().endswith("Unsubscribe here"), words[-80:]
                )
                self.assertFalse(list(check_unsubscribe(email)))
                self.assertFalse(list(check_body(sample.html, False, True)))
                list(check_links(email))

    def test_all_else_stays_to_the_byte(self):
        """Taken out again, what was put in leaves the email as it was."""
        for sample in self.corpus:
            html = sample.html
            with self.subTest(sample.name):
                self.assertEqual(repair_tokens(html), html)
                self.assertEqual(html_to_mailjet(html, {FIRSTNAME: ""}), html)
                self.assertEqual(replace_inline_images(html, self.fail), html)
                self.assertEqual(complete_addresses(html, "https://x.example"), html)
                added = add_utm_to_html(html, UTM)
                for parameter in ("utm_source=news", "utm_campaign=autumn"):
                    added = re.sub(rf"(\?|&amp;){parameter}", "", added)
                self.assertEqual(_unquoted(added), _unquoted(html))
                added = complete_links(html, **LINKS)
                added = re.sub(r'<div style="padding:12px;.*?</div>', "", added)
                self.assertEqual(added, html)

    def test_conversions_are_stable(self):
        for sample in self.corpus:
            with self.subTest(sample.name):
                visual = to_visual(sample.html)
                self.assertEqual(to_visual(visual), visual)
                document = normalize(sample.html)
                self.assertEqual(normalize(document), document)
                composed = complete_links(sample.html, **LINKS)
                self.assertEqual(complete_links(composed, **LINKS), composed)
                added = add_utm_to_html(sample.html, UTM)
                self.assertEqual(add_utm_to_html(added, UTM), added)


def _words(text):
    return re.findall(r"[^\W_]+🎉?", text)


def _unquoted(html):
    return re.sub(r"[\"' ]|(?<=\d)/?\?(?=[&\"' >])", "", html).replace("?", "")
