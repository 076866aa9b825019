import io
import re

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path
from odoo.tools.translate import trans_export

MODULE = "massmailing_mailjet"

# What a translation must hand on: values, tags and variables. The languages' words
# inside a tag, such as its title, may differ.
FIXED = re.compile(r"%(?:\(\w+\))?s|</?\w+|&\w+;|\$[a-z]+-\w+")

# Tags and addresses, in which a language's rules of writing do not hold.
CODE = re.compile(r"<[^>]*>|https?://")

# A sign without the narrow no-break space that French puts beside it, or with another.
BAD_SPACE = re.compile(r"(?<!\u202f)[;:!?»]|«(?!\u202f)|\u00a0")

# Words of other spellings, and of a dialect of our own, for which there is a plain one.
ENGLISH_RULED_OUT = re.compile(
    r"e-mail|favourit|synchronis|normalis|personalis|colour|cancell|catalogue"
    r"|\bmend|\b(?:left|leave|leaving) out\b|\btold\b|\bdepart|\bby hand\b"
    r"|\b(?:un)?tick|\bshout|\bset aside\b|\bmeant like\b|\bany ?more\b"
    r"|\bwhoever\b|\b(?:he|him|his)\b|\b(?:some|every)body\b|^Who\b",
    re.IGNORECASE,
)

# Words for which French has one word of ours (fiche, destinataire, rejet, commercial,
# objet, texte d’aperçu, délivré, désinscription, responsable, massmailing); "qui" as a
# subject of its own.
FRENCH_RULED_OUT = re.compile(
    r"e-mail|courriel|\brebond|\bvendeu|\bsujet|prévisualis|distribu|désabonn"
    r"|\benregistrements?\b|(?<!\ben )(?<!\bpar )\blignes?\b|\bmanagers?\b"
    r"|(?<!mass)\bmailings?\b|^Qui\b|[.] Qui\b",
    re.IGNORECASE,
)


@tagged("post_install", "-at_install")
class TestTranslation(TransactionCase):
    """The files in ``i18n/`` hold every term that Odoo's own exporter finds.

    ``odoo i18n export -d DATABASE massmailing_mailjet`` writes the template anew, from
    a database with demo data.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        buffer = io.BytesIO()
        trans_export(None, [MODULE], buffer, "po", cls.env)
        cls.terms = cls._msgids(polib.pofile(buffer.getvalue().decode()))
        cls.template = polib.pofile(file_path(f"{MODULE}/i18n/{MODULE}.pot"))
        cls.french = polib.pofile(file_path(f"{MODULE}/i18n/fr.po"))

    @staticmethod
    def _msgids(entries):
        return {entry.msgid for entry in entries if not entry.obsolete}

    def _assertUpToDate(self, entries):
        known = self._msgids(entries)
        self.assertFalse(self.terms - known, "missing terms")
        # The template also holds the terms of the demo data.
        if self.env.ref(f"base.module_{MODULE}").demo:
            self.assertFalse(known - self.terms, "terms that no longer exist")

    def test_template_is_up_to_date(self):
        self._assertUpToDate(self.template)

    def test_french_is_up_to_date(self):
        self._assertUpToDate(self.french)

    def test_french_is_complete(self):
        untranslated = [e.msgid for e in self.french if not e.translated()]
        self.assertFalse(untranslated)

    def test_french_hands_on_what_is_not_words(self):
        for entry in self.french:
            with self.subTest(entry.msgid):
                self.assertCountEqual(
                    FIXED.findall(entry.msgstr), FIXED.findall(entry.msgid)
                )

    def test_french_is_written_as_french_is(self):
        for entry in self.french:
            text = CODE.sub("", entry.msgstr)
            with self.subTest(entry.msgid):
                self.assertNotIn("'", text)
                self.assertNotRegex(text, BAD_SPACE)

    def test_words_that_are_ruled_out_occur_nowhere(self):
        for term in self.terms | self._msgids(self.template):
            with self.subTest(term):
                self.assertNotRegex(CODE.sub("", term), ENGLISH_RULED_OUT)
        for entry in self.french:
            with self.subTest(entry.msgstr):
                self.assertNotRegex(CODE.sub("", entry.msgstr), FRENCH_RULED_OUT)
