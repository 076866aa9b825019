import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

from ..tools.email_html import add_preview, complete_links
from ..tools.personalization import html_to_mailjet, render
from ..tools.plain_text import html_to_text
from ..tools.utm import add_utm_to_html
from ..tools.variable_repair import repair_tokens
from ..tools.variables import find_variables
from .common import find_properties

SAMPLES = {
    path.stem: path.read_text()
    for path in sorted((Path(__file__).parent / "samples").glob("*.html"))
}
# The variables that a user of each newsletter meant, as tokens.
MEANT = {
    "outlook": {
        "$contacts-firstname$",
        "$accounts-name$",
        "$contacts-lastname$",
    },
    "mjml": {"$contacts-firstname$", "$contacts-city$"},
    "builder": {"$leads-company$", "$leads-name$"},
}
VALUE = "A & B's"
# What a person reads in each, with every value empty.
READ = {
    "outlook": ("Dear colleague,", "from 100$ to 80$.", "Example Ltd"),
    "mjml": ("Hello there", "$9.99-now, was $19-and more$"),
    "builder": (
        "For your company",
        "The offer <https://www.example.com/offer#details>",
    ),
}
LINKS = {
    "online_text": "Online",
    "unsubscribe_text": "Leave",
    "unsubscribe_url": "[[UNSUB_LINK_EN]]",
}


@tagged("post_install", "-at_install")
class TestNewsletters(BaseCase):
    """What word processors, MJML and page builders make, on its way to Mailjet."""

    def _fallbacks(self, html):
        return dict.fromkeys(find_variables(repair_tokens(html)), "")

    def test_there_is_a_sample_of_each_kind(self):
        self.assertEqual(SAMPLES.keys(), MEANT.keys())

    def test_finds_the_variables_that_were_meant(self):
        for name, html in SAMPLES.items():
            with self.subTest(name):
                variables = find_variables(repair_tokens(html))
                self.assertEqual(
                    {variable.token for variable in variables}, MEANT[name]
                )

    def test_stays_to_the_byte_apart_from_what_is_inserted(self):
        for name, html in SAMPLES.items():
            with self.subTest(name):
                completed = add_preview(complete_links(html, **LINKS), "Preview")
                for block in re.findall(
                    r'<div style="(?:padding:12px|display:none;font-size:'
                    r"1px;line-height:1px;max-height:0;).*?</div>",
                    completed,
                ):
                    completed = completed.replace(block, "", 1)
                self.assertEqual(completed, html)

    def test_without_variables_nothing_changes(self):
        for name, html in SAMPLES.items():
            with self.subTest(name):
                plain = re.sub(r"\$|%24", "", html)
                self.assertEqual(html_to_mailjet(plain, self._fallbacks(html)), plain)

    def test_every_variable_gets_its_value(self):
        for name, html in SAMPLES.items():
            with self.subTest(name):
                composed = html_to_mailjet(html, self._fallbacks(html))
                properties = find_properties(composed)
                self.assertEqual(len(properties), len(MEANT[name]))
                seen = render(composed, dict.fromkeys(properties, VALUE))
                self.assertNotIn("[[data:", seen)
                self.assertEqual(seen.count(VALUE), len(MEANT[name]))

    def test_conditional_comments_stay_whole(self):
        for name, html in SAMPLES.items():
            with self.subTest(name):
                composed = html_to_mailjet(
                    add_utm_to_html(html, {"utm_campaign": "x"}), self._fallbacks(html)
                )
                for pattern in (r"<!--\[if[^]]*\]", r"<!\[endif\]", r"<v:\w+", r"-->"):
                    self.assertEqual(
                        len(re.findall(pattern, composed)),
                        len(re.findall(pattern, html)),
                    )

    def test_reads_well_as_plain_text(self):
        for name, html in SAMPLES.items():
            with self.subTest(name):
                composed = html_to_mailjet(html, self._fallbacks(html))
                text = html_to_text(render(composed, {}))
                for words in READ[name]:
                    self.assertIn(words, text)
                for noise in ("MsoNormal", "padding", "New arrivals", "mso", "\n\n\n"):
                    self.assertNotIn(noise, text)

    def test_two_megabytes(self):
        row = "<tr><td style='color:red'>$contacts-firstname|you$ $5</td></tr>\n"
        html = f"<table>{row * 32_000}</table>"
        self.assertGreater(len(html), 2_000_000)
        composed = html_to_mailjet(html, self._fallbacks(html))
        self.assertEqual(composed.count("[[data:"), 32_000)
        self.assertEqual(composed.count("$5"), 32_000)
        self.assertEqual(html_to_text(html).count("$contacts-firstname|you$"), 32_000)
