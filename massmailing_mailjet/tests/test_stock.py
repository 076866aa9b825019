from lxml import html as lxml_html

from odoo.tests import BaseCase, tagged, users

from ..tools.stock_content import WORD, find_stock_texts
from .check_mailing_common import CheckMailingCase

SOURCE = """<t t-name="x">
    <h1>Your Title</h1>
    <p>We want to take this opportunity<br/>to <b>welcome you</b> to our club!</p>
    <p>Michael Fletcher<br/>Customer Service</p>
    <p>You receive it &amp;nbsp;today, my dear friend</p>
    <p><a class="btn" href="#">Save your own seat right now</a> <t t-out="day"/></p>
    <p><a href="#">Read more</a></p>
    <ul><li><a href="#">Seven Ways to Be Creative</a></li><li>Schedule</li></ul>
    <p>To unsubscribe from these emails, <a href="/x">click here</a>.</p>
    <img src="/a.png" alt="A lamp on a table"/>
</t>"""
# They stay in emails, and are nobody's fault.
KEPT = (
    *("Contact us", "Read More", "Unsubscribe", "View Online", "Register now!"),
    *("Customer Service", "Schedule", "Welcome", "Free delivery", "Meet our team"),
    *("© 2026 All Rights Reserved", "See you soon.", "Discover all the features"),
)
SAMPLES = ("Your Title", "Your Subtitle", "Michael Fletcher", "A great title")


@tagged("post_install", "-at_install")
class TestStockTexts(BaseCase):
    """Which lines of a building block are to be replaced."""

    def test_sentences_and_names_but_no_labels(self):
        self.assertEqual(
            find_stock_texts(SOURCE),
            {
                "Your Title",
                "We want to take this opportunity",
                "to welcome you to our club!",
                "Michael Fletcher",
                "You receive it today, my dear friend",
                "Seven Ways to Be Creative",
            },
        )

    def test_other_languages_by_their_places(self):
        english = "<t><h1>Your Title</h1><p>Customer Service</p><p>Welcome</p></t>"
        french = "<t><h1>Votre titre</h1><p>Service clients</p><p>Bien venu</p></t>"
        self.assertEqual(
            find_stock_texts(english, [french, "<t><p>Andere Zeilen sind es</p></t>"]),
            {"Your Title", "Votre titre"},
        )


@tagged("post_install", "-at_install")
class TestStock(CheckMailingCase):
    """Each theme of Odoo as it is, and with a text of one's own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        modules = cls.env["ir.module.module"].search(
            [("name", "in", ["mass_mailing", "mass_mailing_themes"])]
        )
        modules._update_translations("fr_FR")

    def _find(self, html):
        """Return what the check says of an email of the visual editor."""
        mailing = self._make(composition="blank", body_arch=html, body_html=html)
        findings = mailing.get_checks()["findings"]
        return {finding["name"]: finding["sentence"] for finding in findings}

    def _render_themes(self, language):
        """Return the HTML of each theme by its name."""
        View = self.env["ir.ui.view"].with_context(lang=language).sudo()
        source = View.render_public_asset("mass_mailing.email_designer_themes", {})
        return {
            theme.get("data-name"): theme
            for theme in lxml_html.fragment_fromstring(str(source), create_parent=True)
        }

    @users("mailer")
    def test_a_theme_as_it_is_and_rewritten(self):
        for language in ("en_US", "fr_FR"):
            themes = self._render_themes(language)
            self.assertGreaterEqual(len(themes), 13)
            for name, theme in themes.items():
                with self.subTest(f"{name} {language}"):
                    found = self._find(lxml_html.tostring(theme, encoding="unicode"))
                    is_bare = name in ("basic", "empty")
                    self.assertEqual("placeholder_text" not in found, is_bare)
                    self._rewrite(theme)
                    found = self._find(lxml_html.tostring(theme, encoding="unicode"))
                    self.assertNotIn("placeholder_text", found)
                    self.assertNotIn("placeholder_images", found)

    def _rewrite(self, theme):
        """Write what a user writes: all but the labels of buttons and short links, and
        the copyright."""
        for element in theme.iter():
            if element.tag == "img":
                element.set("src", "/web/image/1")
            if element.tag == "style" or self._is_label(element):
                continue
            element.text = self._reword(element.text)
            element.tail = self._reword(element.tail)
        return theme

    def _is_label(self, element):
        links = element.xpath("ancestor-or-self::a")
        if not links:
            return False
        words = links[0].text_content().split()
        return "btn" in links[0].get("class", "") or len(words) < 5

    def _reword(self, text):
        return text if not text or "©" in text else WORD.sub("word", text)

    @users("mailer")
    def test_what_is_kept_is_not_accused(self):
        lines = "".join(f"<p>{line}</p>" for line in KEPT)
        self.assertNotIn("placeholder_text", self._find(lines))
        for line in SAMPLES:
            with self.subTest(line):
                found = self._find(f"{lines}<h1>\n {line}</h1>")
                self.assertIn(f"still there: {line}.", found["placeholder_text"])

    @users("mailer")
    def test_a_sentence_that_is_cut_off_ends_once(self):
        texts = "".join(f"<p>{line}</p>" for line in SAMPLES)
        sentence = self._find(texts)["placeholder_text"]
        self.assertTrue(sentence.endswith(" …"), sentence)

    @users("mailer")
    def test_icons_are_not_accused(self):
        icon = '<img src="/mail/font_to_img/61594/rgb(0,0,0)/9x16">'
        html = f'<a href="https://odoo.com" title="Us">{icon}</a>{icon}<p>Hi</p>'
        self.assertNotIn("images_without_text", self._find(html))

    def test_code_of_ones_own_is_not_compared(self):
        facts = self._make(body_code="<h1>Your Title</h1>").get_checks()["findings"]
        self.assertNotIn("placeholder_text", [finding["name"] for finding in facts])
